import type { OpenFile } from "./open-file.js";

/** A lock on a range of a file (fcntl_locking(2)). */
export interface RangeLock {
  readonly exclusive: boolean;
  /** First byte, and first byte past the end; infinite for "up to the end, however long". */
  readonly start: number;
  readonly end: number;
  /** Who holds it: a descriptor table for a process, an open file for itself. */
  readonly owner: object;
  /** What F_GETLK tells: a pid, or -1 for the lock of an open file. */
  readonly pid: number;
}

/** The locks on one file: of ranges, and of flock(2), which know nothing of each other. */
export interface FileLocks {
  /** A lock of somebody else that is in the way. */
  conflict(lock: RangeLock): RangeLock | undefined;
  /** Takes a lock, in place of what its owner has in that range. There must be no conflict. */
  take(lock: RangeLock): void;
  /** Gives up what an owner has in a range. */
  free(owner: object, start: number, end: number): void;
  /** Whether flock(2) would have to wait. */
  flockConflict(owner: object, exclusive: boolean): boolean;
  /** `exclusive` undefined: LOCK_UN. */
  flock(owner: object, exclusive: boolean | undefined): void;
  /** Gives up all that an owner has. */
  release(owner: object): void;
}

/** The locks of all files that have any, by identity of the file. Guests of one process share them, as on one host. */
const tables = new Map<string, { locks: FileLocks; isEmpty: () => boolean }>();

const identityOf = (file: OpenFile): string => file.inode?.identity ?? file.path;

/** The locks on a file. */
export function locksOf(file: OpenFile): FileLocks {
  const identity = identityOf(file);
  let table = tables.get(identity);
  if (!table) {
    table = createFileLocks();
    tables.set(identity, table);
  }
  return table.locks;
}

/**
 * Gives up what an owner has locked of a file: a process when it closes any descriptor of the file (fcntl_locking(2)), an
 * open file when it is closed.
 */
export function releaseLocks(file: OpenFile, owner: object): void {
  const identity = identityOf(file);
  const table = tables.get(identity);
  if (!table) return;
  table.locks.release(owner);
  if (table.isEmpty()) tables.delete(identity);
}

function createFileLocks(): { locks: FileLocks; isEmpty: () => boolean } {
  let ranges: RangeLock[] = [];
  const flocks = new Map<object, boolean>();
  const overlap = (lock: RangeLock, start: number, end: number): boolean =>
    lock.start < end && start < lock.end;

  const locks: FileLocks = {
    conflict: (wanted) =>
      ranges.find(
        (lock) =>
          lock.owner !== wanted.owner &&
          (lock.exclusive || wanted.exclusive) &&
          overlap(lock, wanted.start, wanted.end),
      ),
    take(lock) {
      locks.free(lock.owner, lock.start, lock.end);
      ranges.push(lock);
    },
    free(owner, start, end) {
      ranges = ranges.flatMap((lock) => {
        if (lock.owner !== owner || !overlap(lock, start, end)) return [lock];
        const parts: RangeLock[] = [];
        if (lock.start < start) parts.push({ ...lock, end: start });
        if (end < lock.end) parts.push({ ...lock, start: end });
        return parts;
      });
    },
    flockConflict: (owner, exclusive) =>
      [...flocks].some(([holder, held]) => holder !== owner && (held || exclusive)),
    flock(owner, exclusive) {
      if (exclusive === undefined) flocks.delete(owner);
      else flocks.set(owner, exclusive);
    },
    release(owner) {
      locks.free(owner, 0, Number.POSITIVE_INFINITY);
      flocks.delete(owner);
    },
  };
  return { locks, isEmpty: () => ranges.length === 0 && flocks.size === 0 };
}
