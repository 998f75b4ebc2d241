import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import { FileType, isReadable, isWritable, type OpenFile, OpenFlag } from "../files/open-file.js";
import { isPipeEnd } from "../files/pipe.js";
import { WRITABLE } from "../files/readiness.js";
import { intArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { Signal } from "../signals/numbers.js";
import { raiseSignal } from "../signals/raise.js";
import { load64, store64 } from "../structures.js";
import { waitToRead, waitToWrite } from "./waiting.js";

/** Bytes that are moved at once. */
const CHUNK = 0x1_0000;
/** What a pipe takes as a whole when it takes anything (PIPE_BUF). */
const PIPE_CHUNK = 4096;
const MOST_BYTES = 0x7fff_f000;
const ALL_SPLICE_FLAGS = 15;
const SPLICE_NONBLOCK = 2;

const isRegular = (file: OpenFile): boolean => (file.status().mode & 0o170000) === FileType.REGULAR;
const isDirectory = (file: OpenFile): boolean => (file.status().mode & 0o170000) === FileType.DIRECTORY;

function fileAt(context: Context, registers: Registers, index: number, reads: boolean): OpenFile | undefined {
  const file = context.descriptors.get(intArgument(registers, index));
  if (!file || file.flags & OpenFlag.PATH) return undefined;
  return (reads ? isReadable : isWritable)(file.flags) ? file : undefined;
}

/** An offset that the guest keeps: where to transfer, instead of at the file's position. */
interface Offset {
  readonly at: number;
  /** Tells the guest where the transfer has come to. */
  store(moved: number): void;
}

/** Undefined for the file's own position; a negated error number. */
function offsetAt(context: Context, address: number): Offset | number | undefined {
  if (address === 0) return undefined;
  if (!context.memory.writable(address, 8)) return -Errno.EFAULT;
  const at = load64(context.memory, address);
  return at < 0 ? -Errno.EINVAL : { at, store: (moved) => store64(context.memory, address, at + moved) };
}

/** Copies from a regular file, of which nothing is lost if the target takes less. */
function copy(
  context: Context,
  source: OpenFile,
  from: Offset | undefined,
  target: OpenFile,
  to: Offset | undefined,
  length: number,
): number {
  const start = from?.at ?? source.seek(0, 1);
  if (start < 0) return start;
  const buffer = new Uint8Array(Math.min(CHUNK, length));
  let moved = 0;
  while (moved < length) {
    const into = buffer.subarray(0, Math.min(buffer.length, length - moved));
    const count = hostCall(() => source.readAt(into, start + moved));
    if (count < 0) return moved > 0 ? moved : count;
    if (count === 0) break;
    const bytes = into.subarray(0, count);
    const position = to && to.at + moved;
    const written = hostCall(() =>
      position === undefined ? target.write(bytes) : target.writeAt(bytes, position),
    );
    if (written === -Errno.EAGAIN && moved === 0) return waitToWrite(context, target, bytes);
    if (written < 0) {
      if (moved === 0) return written;
      break;
    }
    moved += written;
    if (written < count) break;
  }
  if (moved === 0) return 0;
  if (from) from.store(moved);
  else source.seek(start + moved, 0);
  to?.store(moved);
  return moved;
}

const sendfile: Handler = (context, registers) => {
  const target = fileAt(context, registers, 0, false);
  const source = fileAt(context, registers, 1, true);
  if (!target || !source) return -Errno.EBADF;
  const from = offsetAt(context, wordArgument(registers, 2));
  if (typeof from === "number") return from;
  if (isDirectory(source) || target.flags & OpenFlag.APPEND) return -Errno.EINVAL;
  if (!isRegular(source)) return from ? -Errno.ESPIPE : -Errno.EINVAL;
  return copy(context, source, from, target, undefined, Math.min(wordArgument(registers, 3), MOST_BYTES));
};

const copyFileRange: Handler = (context, registers) => {
  const source = fileAt(context, registers, 0, true);
  const target = fileAt(context, registers, 2, false);
  if (!target || !source) return -Errno.EBADF;
  if (uintArgument(registers, 5) !== 0) return -Errno.EINVAL;
  const from = offsetAt(context, wordArgument(registers, 1));
  const to = offsetAt(context, wordArgument(registers, 3));
  if (typeof from === "number") return from;
  if (typeof to === "number") return to;
  if (isDirectory(source) || isDirectory(target)) return -Errno.EISDIR;
  if (!isRegular(source) || !isRegular(target)) return -Errno.EINVAL;
  if (target.flags & OpenFlag.APPEND) return -Errno.EBADF;
  const length = Math.min(wordArgument(registers, 4), MOST_BYTES);
  if (source.inode && source.inode.identity === target.inode?.identity) {
    const start = from?.at ?? source.seek(0, 1);
    const end = to?.at ?? target.seek(0, 1);
    if (start < end + length && end < start + length) return -Errno.EINVAL;
  }
  // A file of /proc says that it is empty, and is copied as such (copy_file_range(2), "BUGS").
  const left = Math.max(0, source.status().size - (from?.at ?? source.seek(0, 1)));
  return copy(context, source, from, target, to, Math.min(length, left));
};

/** splice(2): one end at least is a pipe. */
const splice: Handler = (context, registers) => {
  const source = fileAt(context, registers, 0, true);
  const target = fileAt(context, registers, 2, false);
  if (!target || !source) return -Errno.EBADF;
  const flags = uintArgument(registers, 5);
  if (flags & ~ALL_SPLICE_FLAGS) return -Errno.EINVAL;
  const length = Math.min(wordArgument(registers, 4), MOST_BYTES);
  const from = offsetAt(context, wordArgument(registers, 1));
  const to = offsetAt(context, wordArgument(registers, 3));
  if (typeof from === "number") return from;
  if (typeof to === "number") return to;
  if ((from && isPipeEnd(source)) || (to && isPipeEnd(target))) return -Errno.ESPIPE;
  if (target.flags & OpenFlag.APPEND) return -Errno.EINVAL;
  if (length === 0) return 0;
  if (isPipeEnd(source)) return fromPipe(context, source, target, to, length, flags);
  if (!isPipeEnd(target) || !isRegular(source)) return -Errno.EINVAL;
  return copy(context, source, from, target, undefined, Math.min(length, target.pipe.capacity));
};

/** What has been taken from a pipe cannot be put back: only so much is taken as the target is sure to take. */
function fromPipe(
  context: Context,
  source: OpenFile,
  target: OpenFile,
  to: Offset | undefined,
  length: number,
  flags: number,
): number {
  if (isPipeEnd(target) && target.pipe === ("pipe" in source ? source.pipe : undefined)) return -Errno.EINVAL;
  const wait = (waiting: () => number): number => (flags & SPLICE_NONBLOCK ? -Errno.EAGAIN : waiting());
  const buffer = new Uint8Array(Math.min(PIPE_CHUNK, length));
  if (target.watchers && !(target.poll() & WRITABLE)) return wait(() => waitToWrite(context, target, buffer));
  const count = hostCall(() => source.read(buffer));
  if (count === -Errno.EAGAIN) return wait(() => waitToRead(context, source));
  if (count <= 0) return count;
  const bytes = buffer.subarray(0, count);
  const written = hostCall(() => (to ? target.writeAt(bytes, to.at) : target.write(bytes)));
  if (written > 0) to?.store(written);
  return written;
}

/** tee(2): from pipe to pipe, and the first one keeps it. */
const tee: Handler = (context, registers) => {
  const flags = uintArgument(registers, 3);
  if (flags & ~ALL_SPLICE_FLAGS) return -Errno.EINVAL;
  const length = Math.min(wordArgument(registers, 2), PIPE_CHUNK);
  if (length === 0) return 0;
  const source = fileAt(context, registers, 0, true);
  const target = fileAt(context, registers, 1, false);
  if (!target || !source) return -Errno.EBADF;
  if (!isPipeEnd(source) || !isPipeEnd(target) || source.pipe === target.pipe) return -Errno.EINVAL;
  const wait = (waiting: () => number): number => (flags & SPLICE_NONBLOCK ? -Errno.EAGAIN : waiting());
  const buffer = new Uint8Array(length);
  const count = source.peek(buffer);
  if (count === -Errno.EAGAIN) return wait(() => waitToRead(context, source));
  if (count <= 0) return count;
  const bytes = buffer.subarray(0, count);
  const written = target.write(bytes);
  if (written === -Errno.EPIPE) raiseSignal(context, Signal.SIGPIPE);
  return written === -Errno.EAGAIN ? wait(() => waitToWrite(context, target, bytes)) : written;
};

/** Copying from file to file: sendfile(2), copy_file_range(2), splice(2), tee(2). */
export const copyingCalls: HandlerTable = { sendfile, copy_file_range: copyFileRange, splice, tee };
