import { closeSync, fchmodSync, fstatSync, fsyncSync, ftruncateSync, readSync, writeSync } from "node:fs";
import { Errno } from "../errno.js";
import { hostStatus } from "./host-status.js";
import { type OpenFile, OpenFlag, seekTo } from "./open-file.js";
import { ALWAYS_READY } from "./readiness.js";

/**
 * A regular file of the host. The position is kept here and given with every transfer, so the host's own is
 * never used; O_APPEND is carried out here as well, so that F_SETFL can change it.
 */
export function createHostFile(fd: number, path: string, flags: number): OpenFile {
  let position = 0;
  const file: OpenFile = {
    path,
    isDirectory: false,
    flags,
    terminal: false,
    read(into) {
      const count = file.readAt(into, position);
      if (count > 0) position += count;
      return count;
    },
    write(bytes) {
      if (file.flags & OpenFlag.APPEND) position = fstatSync(fd).size;
      const count = writeAll(fd, bytes, position);
      if (count > 0) position += count;
      return count;
    },
    readAt: (into, at) => (into.length === 0 ? 0 : readSync(fd, into, 0, into.length, at)),
    writeAt: (bytes, at) => writeAll(fd, bytes, file.flags & OpenFlag.APPEND ? fstatSync(fd).size : at),
    seek(offset, whence) {
      const target = seekTo(position, fstatSync(fd).size, offset, whence);
      if (target >= 0) position = target;
      return target;
    },
    truncate(length) {
      if (length < 0) return -Errno.EINVAL;
      if (!Number.isSafeInteger(length)) return -Errno.EFBIG;
      ftruncateSync(fd, length);
      return 0;
    },
    sync() {
      fsyncSync(fd);
      return 0;
    },
    changeMode(mode) {
      fchmodSync(fd, mode);
      return 0;
    },
    readEntries: () => -Errno.ENOTDIR,
    status: () => hostStatus(fstatSync(fd, { bigint: true })),
    poll: () => ALWAYS_READY,
    close: () => closeSync(fd),
  };
  return file;
}

function writeAll(fd: number, bytes: Uint8Array, position: number): number {
  if (!Number.isSafeInteger(position + bytes.length)) return -Errno.EFBIG;
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
  return done;
}
