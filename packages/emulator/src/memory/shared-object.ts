import { PAGE_SIZE } from "./layout.js";
import type { PageSource, WritableSource } from "./source.js";

/**
 * What shared mappings show (mmap(2), MAP_SHARED): a file, or memory without a name. Each address space has its own
 * copies of its pages; this is the truth between them, while none of those that map it runs.
 */
export interface SharedObject {
  /** The file that it is; undefined for memory without a name. */
  readonly source: PageSource | undefined;
  /** Size in bytes. What is mapped past its last page cannot be accessed. */
  readonly size: number;
  /** Counts changes of any kind: what was seen at one count is the same while the count is. */
  readonly stamp: number;
  /** Puts a page's bytes into `into`: zeros past the end, and where the file cannot be read. */
  load(page: number, into: Uint8Array): void;
  /** Takes a page over that has been changed. */
  store(page: number, bytes: Uint8Array): void;
  /** Tells of each page from `first` to before `last` that may have changed since a stamp. */
  changedSince(stamp: number, first: number, last: number, visit: (page: number) => void): void;
  /** Counts one more address space that maps it. */
  retain(): void;
  /** Counts one less; with the last one, it is written to its file, which is let go. */
  release(): void;
}

/** A {@link SharedObject} that is a file. */
export interface SharedFile extends SharedObject {
  /** Whether it was mapped by a description that can be written to. */
  readonly writable: boolean;
  /** Writes changed pages to the file: 0, or a negated error number. */
  flush(): number;
  /** Forgets what is known of a part of the file, after it was written or truncated by other means. */
  refresh(position: number, length: number): void;
  /** From now on uses another description of the same file, which can be written to. */
  writeThrough(source: WritableSource): void;
}

/** Which pages have changed at which stamp. */
interface Changes {
  stamp: number;
  /** A page has changed. */
  page(page: number): void;
  /** Pages from `first` to before `last` have changed. */
  range(first: number, last: number): void;
  since: SharedObject["changedSince"];
}

/** So many changed ranges are told apart. */
const MOST_RANGES = 64;

function createChanges(): Changes {
  const pages = new Map<number, number>();
  let ranges: { first: number; last: number; stamp: number }[] = [];
  const changes: Changes = {
    stamp: 0,
    page(page) {
      changes.stamp += 1;
      pages.set(page, changes.stamp);
    },
    range(first, last) {
      changes.stamp += 1;
      const { stamp } = changes;
      if (ranges.length === MOST_RANGES) ranges = [{ first: 0, last: Number.POSITIVE_INFINITY, stamp }];
      else ranges.push({ first, last, stamp });
    },
    since(stamp, first, last, visit) {
      for (const range of ranges) {
        if (range.stamp <= stamp) continue;
        const end = Math.min(range.last, last);
        for (let page = Math.max(range.first, first); page < end; page += 1) visit(page);
      }
      for (const [page, changed] of pages) {
        if (changed > stamp && page >= first && page < last) visit(page);
      }
    },
  };
  return changes;
}

/** Pages that are kept here, by page number. */
interface Kept extends Map<number, Uint8Array> {}

function keep(kept: Kept, page: number, bytes: Uint8Array): void {
  const own = kept.get(page);
  if (own) own.set(bytes);
  else kept.set(page, bytes.slice());
}

/** Memory without a name, of zeros. */
export function createSharedMemory(size: number): SharedObject {
  const pages: Kept = new Map();
  const changes = createChanges();
  return {
    source: undefined,
    size,
    get stamp() {
      return changes.stamp;
    },
    load(page, into) {
      const bytes = pages.get(page);
      if (bytes) into.set(bytes);
      else into.fill(0);
    },
    store(page, bytes) {
      keep(pages, page, bytes);
      changes.page(page);
    },
    changedSince: changes.since,
    retain: () => {},
    release: () => {},
  };
}

/**
 * A file. Changed pages are kept until they are written to it, up to its size at that time, and read from it again then.
 *
 * @param writes whether `first` can be written to.
 * @param forgotten called when nobody maps it any more.
 */
export function createSharedFile(first: WritableSource, writes: boolean, forgotten: () => void): SharedFile {
  let writable = writes;
  const unwritten: Kept = new Map();
  const changes = createChanges();
  let source = first;
  let holders = 0;
  let size = source.size();

  const file: SharedFile = {
    get writable() {
      return writable;
    },
    get source() {
      return source;
    },
    get size() {
      return size;
    },
    get stamp() {
      return changes.stamp;
    },
    load(page, into) {
      const bytes = unwritten.get(page);
      if (bytes) into.set(bytes);
      else into.fill(0, Math.max(0, source.read(into, page * PAGE_SIZE)));
    },
    store(page, bytes) {
      keep(unwritten, page, bytes);
      changes.page(page);
    },
    changedSince: changes.since,
    flush() {
      let error = 0;
      for (const [page, bytes] of unwritten) {
        const position = page * PAGE_SIZE;
        const length = Math.min(PAGE_SIZE, source.size() - position);
        const count = length > 0 ? source.write(bytes.subarray(0, length), position) : 0;
        if (count < 0) error = count;
      }
      unwritten.clear();
      return error;
    },
    refresh(position, length) {
      const now = source.size();
      const from = Math.min(position, now === size ? position : Math.min(now, size));
      const to = Math.max(position + length, now === size ? 0 : Math.max(now, size));
      size = now;
      changes.range(Math.floor(from / PAGE_SIZE), Math.ceil(to / PAGE_SIZE));
    },
    writeThrough(other) {
      for (let holder = 0; holder < holders; holder += 1) {
        other.retain();
        source.release();
      }
      source = other;
      writable = true;
    },
    retain() {
      holders += 1;
      source.retain();
    },
    release() {
      holders -= 1;
      if (holders === 0) {
        file.flush();
        forgotten();
      }
      source.release();
    },
  };
  return file;
}
