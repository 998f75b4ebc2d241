import { Errno } from "../../errno.js";
import type { Inode } from "../inode.js";
import { type OpenFile, OpenFlag, STATUS_FLAGS, seekTo } from "../open-file.js";
import { ALWAYS_READY } from "../readiness.js";
import { type Place, pathOf } from "../tree/place.js";
import type { MemoryData } from "./memory-data.js";
import type { Seals } from "./seals.js";

/** What an open file in memory is made of. */
export interface MemoryFileParts {
  /** As open(2) got them. */
  readonly flags: number;
  /** Undefined for a file without a name (memfd_create(2)). */
  readonly place?: Place | undefined;
  /** What it is called without a place. */
  readonly path?: string;
  readonly inode: Inode;
  readonly data: MemoryData;
  readonly seals: Seals;
  /** Called after each write, and each change of the length. */
  readonly modified: () => void;
  readonly closed: () => void;
}

/** Longest file: as on tmpfs, less what numbers here cannot tell apart. */
const LONGEST: number = Number.MAX_SAFE_INTEGER;

/** A regular file in memory, open. */
export function createMemoryFile(parts: MemoryFileParts): OpenFile {
  const { place, inode, data } = parts;
  let position = 0;

  function writeAt(bytes: Uint8Array, at: number): number {
    if (bytes.length === 0) return 0;
    if (at + bytes.length > LONGEST) return -Errno.EFBIG;
    const refused = parts.seals.allowWrite(at, bytes.length, data.size);
    if (refused < 0) return refused;
    const count = data.write(bytes, at);
    if (count > 0) parts.modified();
    return count;
  }

  const file: OpenFile = {
    path: place ? pathOf(place) : (parts.path ?? ""),
    isDirectory: false,
    ...(place && { place }),
    inode,
    flags: parts.flags & STATUS_FLAGS,
    terminal: false,
    read(into) {
      const count = data.read(into, position);
      position += count;
      return count;
    },
    write(bytes) {
      if (file.flags & OpenFlag.APPEND) position = data.size;
      const count = writeAt(bytes, position);
      if (count > 0) position += count;
      return count;
    },
    readAt: (into, at) => data.read(into, at),
    writeAt: (bytes, at) => writeAt(bytes, file.flags & OpenFlag.APPEND ? data.size : at),
    seek(offset, whence) {
      const target = seekTo(position, data.size, offset, whence);
      if (target >= 0) position = target;
      return target;
    },
    truncate: (length) => inode.truncate(length),
    sync: () => 0,
    changeMode: (mode) => inode.changeMode(mode),
    readEntries: () => -Errno.ENOTDIR,
    status: () => inode.status(),
    poll: () => ALWAYS_READY,
    close: parts.closed,
  };
  return file;
}
