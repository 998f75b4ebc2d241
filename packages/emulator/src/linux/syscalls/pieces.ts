import type { Context } from "../context.js";
import { Errno } from "../errno.js";
import { load64 } from "../structures.js";

/** Most bytes that one call transfers; Linux cuts longer ones silently (read(2), "NOTES"). */
export const MOST_BYTES = 0x7fff_f000;
/** Most pieces of a vectored transfer (readv(2): IOV_MAX). */
const MOST_PIECES = 1024;
const PIECE_SIZE = 16;

/** A part of a vectored transfer: a `struct iovec`. */
export interface Piece {
  readonly address: number;
  readonly length: number;
}

/** Reads and checks a `struct iovec` array. */
export function loadPieces(context: Context, address: number, count: number): readonly Piece[] | number {
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

/** Bytes of all pieces. */
export function totalLength(pieces: readonly Piece[]): number {
  return pieces.reduce((total, { length }) => total + length, 0);
}

/**
 * The bytes of all pieces in one, without the first `skip`, and no more than `most`; those before the first piece that cannot be
 * read, or undefined if there are none.
 */
export function gather(
  context: Context,
  pieces: readonly Piece[],
  skip: number,
  most: number,
): Uint8Array | undefined {
  const all = new Uint8Array(Math.min(totalLength(pieces) - skip, most));
  let done = 0;
  let left = skip;
  for (const { address, length } of pieces) {
    const skipped = Math.min(left, length);
    left -= skipped;
    const part = context.memory.read(address + skipped, Math.min(length - skipped, all.length - done));
    if (!part) return done > 0 ? all.subarray(0, done) : undefined;
    all.set(part, done);
    done += part.length;
  }
  return all;
}

/** Puts bytes into pieces, as far as they go. All of them must be writable. */
export function scatter(context: Context, pieces: readonly Piece[], bytes: Uint8Array): void {
  let done = 0;
  for (const { address, length } of pieces) {
    if (done === bytes.length) return;
    const part = bytes.subarray(done, done + length);
    context.memory.write(address, part);
    done += part.length;
  }
}
