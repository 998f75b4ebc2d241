import {
  type BigIntStats,
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  readSync,
  writeSync,
} from "node:fs";
import { Errno, hostCall } from "../../errno.js";
import type { Inode } from "../inode.js";
import { type OpenFile, OpenFlag, STATUS_FLAGS, seekTo } from "../open-file.js";
import { ALWAYS_READY } from "../readiness.js";
import { type Place, pathOf } from "../tree/place.js";
import { reopen } from "./handles.js";
import { hostStatus } from "./host-status.js";
import type { HostSystem } from "./host-system.js";
import { secondsOf } from "./host-time.js";
import { HOST_MODE_BITS } from "./overlay.js";

/** What an open file of the host is made of. */
export interface HostFileParts {
  /** As open(2) got them. */
  readonly flags: number;
  readonly place: Place | undefined;
  readonly inode: Inode;
  readonly host: HostSystem;
  /** Permissions of a file that was just made. */
  readonly mode?: number;
}

/**
 * A regular file of the host, open. The position is kept here and given with every transfer, so the host's own is
 * never used; O_APPEND is carried out here as well, so that F_SETFL can change it.
 */
export function createHostFile(fd: number, parts: HostFileParts): OpenFile {
  const { place, inode, host } = parts;
  const { budget, overlay, users } = host;
  const { identity } = inode;
  let position = 0;
  if (parts.mode !== undefined) fchmodSync(fd, parts.mode);
  users.opened(identity);
  const size = (): number => fstatSync(fd).size;
  const stats = (): BigIntStats => fstatSync(fd, { bigint: true });

  function writeAt(bytes: Uint8Array, at: number): number {
    if (bytes.length === 0) return 0;
    const count = budget.takeOutput(bytes.length, at);
    if (count === 0) return -Errno.EFBIG;
    return overlay.change(identity, stats, "contents", () => {
      let done = 0;
      while (done < count) {
        done += writeSync(fd, bytes, done, count - done, at + done);
      }
      return done;
    });
  }

  const file: OpenFile = {
    path: place ? pathOf(place) : "",
    isDirectory: false,
    ...(place && { place }),
    inode: {
      ...inode,
      // Its name may be another file's by now, or nobody's.
      status: () => file.status(),
      changeMode: (mode) => file.changeMode(mode),
      truncate: (length) => file.truncate(length),
      setTimes(accessed, modified) {
        const { atimeNs, mtimeNs } = stats();
        return overlay.change(identity, stats, "facts", () => {
          futimesSync(fd, secondsOf(accessed, atimeNs), secondsOf(modified, mtimeNs));
          overlay.setTimes(identity, accessed, modified);
          return 0;
        });
      },
      open(flags, at) {
        const refused = budget.takeOpen();
        if (refused < 0) return refused;
        const access = flags & OpenFlag.ACCMODE;
        const again = hostCall(() => reopen(fd, access));
        if (again < 0) {
          budget.giveOpen();
          return again;
        }
        if (flags & OpenFlag.TRUNC) {
          overlay.change(identity, stats, "contents", () => {
            ftruncateSync(again, 0);
            return 0;
          });
        }
        return createHostFile(again, { flags, place: at, inode, host });
      },
    },
    flags: parts.flags & STATUS_FLAGS,
    terminal: false,
    read(into) {
      const count = file.readAt(into, position);
      if (count > 0) position += count;
      return count;
    },
    write(bytes) {
      if (file.flags & OpenFlag.APPEND) position = size();
      const count = writeAt(bytes, position);
      if (count > 0) position += count;
      return count;
    },
    readAt(into, at) {
      if (into.length === 0) return 0;
      return Number.isSafeInteger(at + into.length) ? readSync(fd, into, 0, into.length, at) : 0;
    },
    writeAt: (bytes, at) => writeAt(bytes, file.flags & OpenFlag.APPEND ? size() : at),
    seek(offset, whence) {
      const target = seekTo(position, size(), offset, whence);
      if (target >= 0) position = target;
      return target;
    },
    truncate(length) {
      if (length < 0) return -Errno.EINVAL;
      if (!Number.isSafeInteger(length)) return -Errno.EFBIG;
      const refused = budget.takeGrowth(size(), length);
      if (refused < 0) return refused;
      return overlay.change(identity, stats, "contents", () => {
        ftruncateSync(fd, length);
        return 0;
      });
    },
    sync() {
      fsyncSync(fd);
      return 0;
    },
    changeMode(mode) {
      return overlay.change(identity, stats, "facts", () => {
        fchmodSync(fd, mode & HOST_MODE_BITS);
        overlay.setSpecial(identity, mode);
        return 0;
      });
    },
    readEntries: () => -Errno.ENOTDIR,
    status: () => hostStatus(stats(), overlay),
    poll: () => ALWAYS_READY,
    close() {
      budget.giveOpen();
      users.closed(identity);
      overlay.closed(identity);
      closeSync(fd);
    },
  };
  return file;
}
