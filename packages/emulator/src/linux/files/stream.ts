import { Errno } from "../errno.js";
import type { Stdio } from "../stdio.js";
import type { Budget } from "./budget.js";
import { createInput } from "./input.js";
import {
  type FileStatus,
  type FileTime,
  FileType,
  isReadable,
  isWritable,
  type OpenFile,
  OpenFlag,
} from "./open-file.js";
import { createWatchers, Poll, READABLE, WRITABLE } from "./readiness.js";

/** Device number of the pipe file system, and of /dev/pts; any constant does. */
const PIPE_DEVICE = 12;
const TERMINAL_DEVICE = 24;
/** Preferred transfer sizes: what Linux gives for terminals and pipes. */
const TERMINAL_BLOCK = 1024;
const PIPE_BLOCK = 4096;

/**
 * One of the three standard streams. Whatever the host has there, the guest sees a pipe, or a terminal if the stream
 * says so.
 */
export function createStream(
  stdio: Stdio,
  number: number,
  owner: { uid: number; gid: number },
  born: FileTime,
  budget: Budget,
): OpenFile {
  const terminal = stdio.terminal === true;
  const access = terminal ? OpenFlag.RDWR : number === 0 ? OpenFlag.RDONLY : OpenFlag.WRONLY;
  const status: FileStatus = {
    device: terminal ? TERMINAL_DEVICE : PIPE_DEVICE,
    inode: BigInt(number + 3),
    mode: terminal ? FileType.CHARACTER | 0o620 : FileType.FIFO | 0o600,
    links: 1,
    uid: owner.uid,
    gid: owner.gid,
    size: 0,
    blockSize: terminal ? TERMINAL_BLOCK : PIPE_BLOCK,
    blocks: 0,
    accessed: born,
    modified: born,
    changed: born,
  };
  const notSeekable = (): number => -Errno.ESPIPE;
  const watchers = createWatchers();
  const input = stdio.tryRead && isReadable(access) ? createInput(stdio.tryRead) : undefined;
  const writable = isWritable(access) ? WRITABLE : 0;

  function readableNow(): number {
    if (!isReadable(access)) return 0;
    // Where reading always waits, it is the only way to find out.
    if (input === undefined || input.found === "something") return READABLE;
    return input.found === "end" ? Poll.HUP : 0;
  }

  return {
    path: terminal ? `/dev/pts/${number}` : `pipe:[${number + 3}]`,
    isDirectory: false,
    flags: access,
    terminal,
    read: (into) => (into.length === 0 ? 0 : input ? input.read(into) : stdio.read(into)),
    write(bytes) {
      if (bytes.length === 0) return 0;
      const count = budget.takeOutput(bytes.length);
      if (count === 0) return -Errno.EFBIG;
      stdio.write(bytes.subarray(0, count));
      return count;
    },
    readAt: notSeekable,
    writeAt: notSeekable,
    seek: notSeekable,
    truncate: () => -Errno.EINVAL,
    sync: () => -Errno.EINVAL,
    changeMode: () => -Errno.EPERM,
    readEntries: () => -Errno.ENOTDIR,
    status: () => status,
    poll: () => readableNow() | writable,
    ...(input && {
      look() {
        if (input.look()) watchers.wake(readableNow());
        return true;
      },
    }),
    watchers,
    close: () => {},
  };
}
