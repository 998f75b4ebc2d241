import { Permission } from "../../memory/layout.js";
import type { Context, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import { isReadable, isWritable, type OpenFile } from "../files/open-file.js";
import { intArgument, longArgument, type Registers, wordArgument } from "../registers.js";
import { Signal } from "../signals.js";
import { load64 } from "../structures.js";

/** Most bytes that one call transfers; Linux cuts longer ones silently (read(2), "NOTES"). */
const MOST_BYTES = 0x7fff_f000;
/** Most pieces of a vectored transfer (readv(2): IOV_MAX). */
const MOST_PIECES = 1024;
const PIECE_SIZE = 16;

/** Moves bytes between a file and guest memory; -EFAULT, a count, or another negated error number. */
type Transfer = (context: Context, file: OpenFile, address: number, length: number) => number;

/** The bytes to fill; like Linux, a transfer stops short of the first page that may not be written. */
function target(context: Context, address: number, length: number): Uint8Array | undefined {
  const granted = context.memory.granted(address, length, Permission.WRITE);
  return granted === 0 && length > 0 ? undefined : context.memory.writable(address, granted);
}

/** The bytes to take, up to the first page that may not be read. */
function source(context: Context, address: number, length: number): Uint8Array | undefined {
  const granted = context.memory.granted(address, length, Permission.READ);
  return granted === 0 && length > 0 ? undefined : context.memory.read(address, granted);
}

const read: Transfer = (context, file, address, length) => {
  const into = target(context, address, length);
  return into ? hostCall(() => file.read(into)) : -Errno.EFAULT;
};

const write: Transfer = (context, file, address, length) => {
  const bytes = source(context, address, length);
  return bytes
    ? announceBrokenPipe(
        context,
        hostCall(() => file.write(bytes)),
      )
    : -Errno.EFAULT;
};

function readAt(position: number): Transfer {
  return (context, file, address, length) => {
    const into = target(context, address, length);
    return into ? hostCall(() => file.readAt(into, position)) : -Errno.EFAULT;
  };
}

function writeAt(position: number): Transfer {
  return (context, file, address, length) => {
    const bytes = source(context, address, length);
    return bytes ? hostCall(() => file.writeAt(bytes, position)) : -Errno.EFAULT;
  };
}

/** Writing where nobody reads raises SIGPIPE besides failing (pipe(7)). */
function announceBrokenPipe(context: Context, result: number): number {
  if (result === -Errno.EPIPE) context.signals.raise(Signal.SIGPIPE);
  return result;
}

function fileFor(
  context: Context,
  registers: Registers,
  allows: (flags: number) => boolean,
): OpenFile | undefined {
  const file = context.descriptors.get(intArgument(registers, 0));
  return file && allows(file.flags) ? file : undefined;
}

function one(
  context: Context,
  registers: Registers,
  allows: (flags: number) => boolean,
  transfer: Transfer,
): number {
  const file = fileFor(context, registers, allows);
  if (!file) return -Errno.EBADF;
  const length = wordArgument(registers, 2);
  if (length >= 2 ** 63) return -Errno.EINVAL;
  return transfer(context, file, wordArgument(registers, 1), Math.min(length, MOST_BYTES));
}

interface Piece {
  readonly address: number;
  readonly length: number;
}

/** Reads and checks a `struct iovec` array. */
function loadPieces(context: Context, address: number, count: number): readonly Piece[] | number {
  if (count > MOST_PIECES) return -Errno.EINVAL;
  if (!context.memory.read(address, count * PIECE_SIZE)) return -Errno.EFAULT;
  const pieces: Piece[] = [];
  let left = MOST_BYTES;
  for (let index = 0; index < count; index += 1) {
    const at = address + index * PIECE_SIZE;
    const length = load64(context.memory, at + 8);
    if (length < 0) return -Errno.EINVAL;
    pieces.push({ address: load64(context.memory, at), length: Math.min(length, left) });
    left -= Math.min(length, left);
  }
  return pieces;
}

/** Transfers piece by piece until one fails or comes short; an error counts only if nothing was transferred. */
function many(
  context: Context,
  registers: Registers,
  allows: (flags: number) => boolean,
  transferFrom: (done: number) => Transfer,
): number {
  const file = fileFor(context, registers, allows);
  if (!file) return -Errno.EBADF;
  const pieces = loadPieces(context, wordArgument(registers, 1), wordArgument(registers, 2));
  if (typeof pieces === "number") return pieces;
  let done = 0;
  for (const piece of pieces) {
    if (piece.length === 0) continue;
    const count = transferFrom(done)(context, file, piece.address, piece.length);
    if (count < 0) return done > 0 ? done : count;
    done += count;
    if (count < piece.length) break;
  }
  return done;
}

/** Reading and writing: read(2), readv(2), pread(2). */
export const transferCalls: HandlerTable = {
  read: (context, registers) => one(context, registers, isReadable, read),
  write: (context, registers) => one(context, registers, isWritable, write),
  pread64(context, registers) {
    const position = longArgument(registers, 3);
    return position < 0 ? -Errno.EINVAL : one(context, registers, isReadable, readAt(position));
  },
  pwrite64(context, registers) {
    const position = longArgument(registers, 3);
    return position < 0 ? -Errno.EINVAL : one(context, registers, isWritable, writeAt(position));
  },
  readv: (context, registers) => many(context, registers, isReadable, () => read),
  writev: (context, registers) => many(context, registers, isWritable, () => write),
  preadv(context, registers) {
    const position = longArgument(registers, 3);
    return position < 0
      ? -Errno.EINVAL
      : many(context, registers, isReadable, (done) => readAt(position + done));
  },
  pwritev(context, registers) {
    const position = longArgument(registers, 3);
    return position < 0
      ? -Errno.EINVAL
      : many(context, registers, isWritable, (done) => writeAt(position + done));
  },
};
