import { Errno, hostErrno } from "../errno.js";
import type { Inode } from "./inode.js";
import { FileType, OpenFlag } from "./open-file.js";
import type { Place } from "./tree/place.js";

/** More than this no program has that would fit into the guest's memory. */
const LARGEST = 2 ** 30;

/** All bytes of a regular file, or a negated error number: -EISDIR, -EACCES for what else is no file, -ENOMEM if it is too big. */
export function readRegular(inode: Inode, place: Place | undefined): Uint8Array | number {
  if (inode.directory) return -Errno.EISDIR;
  if (inode.type !== FileType.REGULAR) return -Errno.EACCES;
  try {
    const { size } = inode.status();
    if (size > LARGEST) return -Errno.ENOMEM;
    const file = inode.open(OpenFlag.RDONLY, place);
    if (typeof file === "number") return file;
    try {
      const bytes = new Uint8Array(size);
      for (let done = 0; done < size; ) {
        const count = file.readAt(bytes.subarray(done), done);
        if (count < 0) return count;
        if (count === 0) return bytes.slice(0, done);
        done += count;
      }
      return bytes;
    } finally {
      file.close();
    }
  } catch (error) {
    return hostErrno(error);
  }
}
