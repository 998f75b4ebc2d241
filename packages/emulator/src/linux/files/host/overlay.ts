import type { BigIntStats } from "node:fs";
import type { FileUsers } from "../file-users.js";
import { type FileTime, FileType } from "../open-file.js";
import { identityOf } from "./handles.js";

/** Set-user-ID, set-group-ID and sticky bit (inode(7)). */
export const SPECIAL_BITS = 0o7000;
/** The bits of a mode that the host is told. */
export const HOST_MODE_BITS = 0o1777;
const STICKY = 0o1000;
const TYPE_MASK = 0o170000;
const NANOSECONDS = 1_000_000_000n;

/** What of a file's status the guest does not see as the host has it. */
export interface OverlaidFacts {
  readonly accessed: FileTime;
  readonly modified: FileTime;
  readonly changed: FileTime;
  /** {@link SPECIAL_BITS} of the mode. */
  readonly special: number;
}

/** What was changed: bytes, or names in a directory; or only what is known of the file. */
type Change = "contents" | "facts";

/**
 * What the guest has done to files of the host, as the guest's own clock and mode bits say it.
 *
 * The host keeps its own time: a file that the guest writes today is of today for `make` and all else on the host, and its
 * time of change cannot be set at all (utimensat(2)). The guest has another clock, and must see by it what it did, the
 * same in every run. So these times are kept here, for the length of the run, and shown instead of the host's. A file that
 * another program has written to since is the host's again. Time stamps that the guest sets explicitly reach the host
 * as well.
 *
 * Reading leaves no trace, as on a file system that is mounted with `noatime`: what the guest has not changed was last
 * accessed when it was last modified. The host's own time of access would be another one in the second run.
 *
 * Set-user-ID and set-group-ID bits are kept here alone, for on the host they would give somebody's rights away.
 */
export interface Overlay {
  /** Counts changes: what the host said of a file at one count is so while the count is the same, as far as the guest goes. */
  readonly changes: number;
  /** @param stale whether `stats` may be from before the last change. */
  facts(stats: BigIntStats, stale?: boolean): OverlaidFacts;
  /** A file that was just made. */
  made(stats: BigIntStats, special: number): void;
  /**
   * Does something to a file, after which its times say so unless the result is negative, or an error was thrown.
   * @param before what the host has of it, asked for only if nothing is known.
   */
  change(identity: string, before: () => BigIntStats, what: Change, action: () => number): number;
  /** Sets the special bits. */
  setSpecial(identity: string, bits: number): void;
  /** Sets times; "now" is the present, undefined leaves one as it is. */
  setTimes(
    identity: string,
    accessed: FileTime | "now" | undefined,
    modified: FileTime | "now" | undefined,
  ): void;
  /** Its last name is gone: nothing is kept of it any longer than it is open. */
  removed(identity: string): void;
  /** A description of it was closed. */
  closed(identity: string): void;
}

interface Entry {
  readonly isDirectory: boolean;
  accessed: FileTime;
  modified: FileTime;
  changed: FileTime;
  special: number;
  /** What the host's time of modification was when it was looked at after the guest's last change. */
  seen: bigint | undefined;
}

/** @param now the guest's time. */
export function createOverlay(users: FileUsers, now: () => FileTime): Overlay {
  const entries = new Map<string, Entry>();
  /** Files without a name that are open. */
  const nameless = new Set<string>();
  let changes = 0;

  function keep(identity: string, before: () => BigIntStats): Entry {
    const known = entries.get(identity);
    if (known) return known;
    const stats = before();
    const entry: Entry = { ...hostFacts(stats), isDirectory: isDirectory(stats), seen: stats.mtimeNs };
    entries.set(identity, entry);
    return entry;
  }

  return {
    get changes() {
      return changes;
    },
    facts(stats, stale = false) {
      const identity = identityOf(stats);
      const entry = entries.get(identity);
      if (!entry) return hostFacts(stats);
      if (stale) return entry;
      entry.seen ??= stats.mtimeNs;
      if (entry.seen === stats.mtimeNs) return entry;
      entries.delete(identity);
      return hostFacts(stats);
    },
    made(stats, special) {
      const born = now();
      const times = { accessed: born, modified: born, changed: born };
      const identity = identityOf(stats);
      entries.set(identity, { ...times, special, isDirectory: isDirectory(stats), seen: undefined });
      nameless.delete(identity);
    },
    change(identity, before, what, action) {
      const entry = keep(identity, before);
      const result = action();
      changes += 1;
      if (result < 0) return result;
      entry.changed = now();
      entry.seen = undefined;
      if (what === "contents") {
        entry.modified = entry.changed;
        // Who writes to a program takes its privileges (write(2)).
        if (!entry.isDirectory) entry.special &= STICKY;
      }
      return result;
    },
    setSpecial(identity, bits) {
      const entry = entries.get(identity);
      if (entry) entry.special = bits & SPECIAL_BITS;
    },
    setTimes(identity, accessed, modified) {
      const entry = entries.get(identity);
      if (!entry) return;
      if (accessed) entry.accessed = accessed === "now" ? now() : accessed;
      if (modified) entry.modified = modified === "now" ? now() : modified;
    },
    removed(identity) {
      if (users.isOpen(identity)) nameless.add(identity);
      else entries.delete(identity);
    },
    closed(identity) {
      if (nameless.has(identity) && !users.isOpen(identity)) {
        nameless.delete(identity);
        entries.delete(identity);
      }
    },
  };
}

const isDirectory = (stats: BigIntStats): boolean => (Number(stats.mode) & TYPE_MASK) === FileType.DIRECTORY;

function hostFacts(stats: BigIntStats): OverlaidFacts {
  const modified = fileTime(stats.mtimeNs);
  const special = Number(stats.mode) & SPECIAL_BITS;
  return { accessed: modified, modified, changed: fileTime(stats.ctimeNs), special };
}

function fileTime(nanoseconds: bigint): FileTime {
  const rest = ((nanoseconds % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
  return { seconds: Number((nanoseconds - rest) / NANOSECONDS), nanoseconds: Number(rest) };
}
