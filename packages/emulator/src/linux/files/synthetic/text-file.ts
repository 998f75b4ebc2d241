import { Errno } from "../../errno.js";
import { encodeName } from "../file-name.js";
import type { Inode } from "../inode.js";
import { isWritable, type OpenFile, STATUS_FLAGS, seekTo } from "../open-file.js";
import { ALWAYS_READY } from "../readiness.js";
import { type Place, pathOf } from "../tree/place.js";

/** What {@link openText} opens. */
interface Text {
  readonly flags: number;
  readonly place: Place | undefined;
  readonly inode: Inode;
  /** Text may hold names of files; see `file-name.ts`. */
  readonly contents: () => string | Uint8Array;
}

/** Opens a file whose contents are made up: taken when it is first read, and again after a seek to the start (proc(5)). */
export function openText({ flags, place, inode, contents }: Text): OpenFile | number {
  if (isWritable(flags)) return -Errno.EACCES;
  let position = 0;
  let taken: Uint8Array | undefined;
  const bytes = (): Uint8Array => {
    if (taken === undefined) {
      const made = contents();
      taken = typeof made === "string" ? encodeName(made) : made;
    }
    return taken;
  };
  const readAt = (into: Uint8Array, at: number): number => {
    const part = bytes().subarray(at, at + into.length);
    into.set(part);
    return part.length;
  };
  return {
    path: place ? pathOf(place) : "",
    isDirectory: false,
    ...(place && { place }),
    inode,
    flags: flags & STATUS_FLAGS,
    terminal: false,
    read(into) {
      const count = readAt(into, position);
      position += count;
      return count;
    },
    readAt,
    write: () => -Errno.EBADF,
    writeAt: () => -Errno.EBADF,
    seek(offset, whence) {
      const target = seekTo(position, 0, offset, whence);
      if (target < 0) return target;
      position = target;
      if (position === 0) taken = undefined;
      return position;
    },
    truncate: () => -Errno.EINVAL,
    sync: () => -Errno.EINVAL,
    changeMode: () => -Errno.EPERM,
    readEntries: () => -Errno.ENOTDIR,
    status: () => inode.status(),
    poll: () => ALWAYS_READY,
    close: () => {},
  };
}
