import { Permission } from "../../memory/layout.js";
import type { Context, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import { isReadable, isWritable, type OpenFile, OpenFlag } from "../files/open-file.js";
import { isSocket } from "../files/sockets/socket.js";
import { SocketType } from "../files/sockets/socket-type.js";
import { intArgument, longArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { Signal } from "../signals/numbers.js";
import { raiseSignal } from "../signals/raise.js";
import { gather, loadPieces, MOST_BYTES, type Piece, scatter, totalLength } from "./pieces.js";
import { waitToRead, waitToWrite } from "./waiting.js";

/** More than any pipe or socket gives at once. */
const LONGEST_MESSAGE = 1 << 20;

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
  return into ? readOrWait(context, file, into) : -Errno.EFAULT;
};

function readOrWait(context: Context, file: OpenFile, into: Uint8Array): number {
  const count = hostCall(() => file.read(into));
  return count === -Errno.EAGAIN ? waitToRead(context, file) : count;
}

const write: Transfer = (context, file, address, length) => {
  const bytes = source(context, address, length);
  return bytes ? writeOrWait(context, file, bytes.subarray(context.progress), bytes.length) : -Errno.EFAULT;
};

/**
 * Writes the rest of the bytes, however often it must wait, unless O_NONBLOCK is set.
 * @param rest those that earlier tries have not written; some first ones if there are very many.
 * @param length how many there are in all.
 */
function writeOrWait(context: Context, file: OpenFile, rest: Uint8Array, length: number): number {
  const count = announceEnd(
    context,
    file,
    hostCall(() => file.write(rest)),
  );
  if (count < 0 && count !== -Errno.EAGAIN) return context.progress > 0 ? context.progress : count;
  if (!file.watchers) return count;
  if (count > 0) context.progress += count;
  if (context.progress === length) return length;
  const waited = waitToWrite(context, file, rest);
  return waited === 0 || context.progress === 0 ? waited : context.progress;
}

function readAt(position: number): Transfer {
  return (context, file, address, length) => {
    const into = target(context, address, length);
    return into ? hostCall(() => file.readAt(into, position)) : -Errno.EFAULT;
  };
}

function writeAt(position: number): Transfer {
  return (context, file, address, length) => {
    const bytes = source(context, address, length);
    if (!bytes) return -Errno.EFAULT;
    return announceEnd(
      context,
      file,
      hostCall(() => file.writeAt(bytes, position)),
    );
  };
}

/**
 * Writing where nobody reads raises SIGPIPE besides failing (pipe(7)), and writing more than the guest may SIGXFSZ, as for
 * RLIMIT_FSIZE (getrlimit(2)).
 */
function announceEnd(context: Context, file: OpenFile, result: number): number {
  if (result === -Errno.EFBIG && context.sandbox.budget.outputLeft === 0) {
    raiseSignal(context, Signal.SIGXFSZ);
  }
  const silent = isSocket(file) && file.type !== SocketType.STREAM;
  if (result === -Errno.EPIPE && !silent) raiseSignal(context, Signal.SIGPIPE);
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

/** Transfers piece by piece until one fails or comes short; an error counts only if nothing was transferred. */
function many(
  context: Context,
  registers: Registers,
  allows: (flags: number) => boolean,
  transferFrom: (done: number) => Transfer,
  whole: ((context: Context, file: OpenFile, pieces: readonly Piece[]) => number) | undefined,
): number {
  const file = fileFor(context, registers, allows);
  if (!file) return -Errno.EBADF;
  const pieces = loadPieces(context, wordArgument(registers, 1), wordArgument(registers, 2));
  if (typeof pieces === "number") return pieces;
  if (whole && file.watchers) return whole(context, file, pieces);
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

/** Pipes and sockets take the pieces as one: a write is not split, and a message stays one. */
function writeTogether(context: Context, file: OpenFile, pieces: readonly Piece[]): number {
  const whole = totalLength(pieces);
  const rest = gather(context, pieces, context.progress, LONGEST_MESSAGE);
  if (!rest) return context.progress || -Errno.EFAULT;
  const cutShort = rest.length < Math.min(whole - context.progress, LONGEST_MESSAGE);
  return writeOrWait(context, file, rest, cutShort ? context.progress + rest.length : whole);
}

function readTogether(context: Context, file: OpenFile, pieces: readonly Piece[]): number {
  const bytes = new Uint8Array(Math.min(totalLength(pieces), LONGEST_MESSAGE));
  if (pieces.some(({ address, length }) => !context.memory.writable(address, length))) return -Errno.EFAULT;
  const count = readOrWait(context, file, bytes);
  if (count > 0) scatter(context, pieces, bytes.subarray(0, count));
  return count;
}

/** Flags of preadv2(2): RWF_HIPRI, RWF_DSYNC, RWF_SYNC and RWF_NOWAIT ask for what is so here anyway, or for nothing. */
const RWF_NOWAIT = 8;
/** Written behind the end, as with O_APPEND, by this call alone (pwritev2(2)). */
const RWF_APPEND = 16;
const KNOWN_RWF = 31;
/** The file's own position is used, and moved. */
const OWN_POSITION = -1;

function vectored(
  context: Context,
  registers: Registers,
  allows: (flags: number) => boolean,
  own: Transfer,
  at: (position: number) => Transfer,
  together: (context: Context, file: OpenFile, pieces: readonly Piece[]) => number,
): number {
  const position = longArgument(registers, 3);
  const flags = uintArgument(registers, 5);
  if (flags & ~KNOWN_RWF) return -Errno.EOPNOTSUPP;
  const file = context.descriptors.get(intArgument(registers, 0));
  if (file && flags & RWF_APPEND && !(file.flags & OpenFlag.APPEND)) {
    file.flags |= OpenFlag.APPEND;
    try {
      return vectored(context, registers, allows, own, at, together);
    } finally {
      file.flags &= ~OpenFlag.APPEND;
    }
  }
  if (position !== OWN_POSITION) {
    return position < 0
      ? -Errno.EINVAL
      : many(context, registers, allows, (done) => at(position + done), undefined);
  }
  // Only what could wait has watchers, and is asked whether it would.
  if (flags & RWF_NOWAIT && file?.watchers) return -Errno.EOPNOTSUPP;
  return many(context, registers, allows, () => own, together);
}

/** Reading and writing: read(2), readv(2), pread(2). */
export const transferCalls: HandlerTable = {
  preadv2: (context, registers) => vectored(context, registers, isReadable, read, readAt, readTogether),
  pwritev2: (context, registers) => vectored(context, registers, isWritable, write, writeAt, writeTogether),
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
  readv: (context, registers) => many(context, registers, isReadable, () => read, readTogether),
  writev: (context, registers) => many(context, registers, isWritable, () => write, writeTogether),
  preadv(context, registers) {
    const position = longArgument(registers, 3);
    return position < 0
      ? -Errno.EINVAL
      : many(context, registers, isReadable, (done) => readAt(position + done), undefined);
  },
  pwritev(context, registers) {
    const position = longArgument(registers, 3);
    return position < 0
      ? -Errno.EINVAL
      : many(context, registers, isWritable, (done) => writeAt(position + done), undefined);
  },
};
