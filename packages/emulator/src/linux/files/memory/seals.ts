import { Errno } from "../../errno.js";

/** Seals of a file in memory (fcntl(2), "File Sealing"). */
export const Seal = {
  SEAL: 0x01,
  SHRINK: 0x02,
  GROW: 0x04,
  WRITE: 0x08,
  FUTURE_WRITE: 0x10,
  EXEC: 0x20,
} as const;
const ALL_SEALS = 0x3f;
const EXECUTE_BITS = 0o111;

/** What may not be done to a file any more. */
export interface Seals {
  /** Those that are set. */
  readonly set: number;
  /** Sets more: 0, or a negated error number. Whoever asks has looked whether writable mappings are in the way. */
  add(seals: number): number;
  /** 0, or -EPERM: whether so many bytes may be written at a position. */
  allowWrite(position: number, length: number, size: number): number;
  allowResize(from: number, to: number): number;
  allowMode(from: number, to: number): number;
}

/** @param first those that a new file has: {@link Seal.SEAL} for one that cannot be sealed. */
export function createSeals(first: number): Seals {
  let set = first;
  const refuse = (seals: number): number => (set & seals ? -Errno.EPERM : 0);
  return {
    get set() {
      return set;
    },
    add(seals) {
      if (seals & ~ALL_SEALS) return -Errno.EINVAL;
      if (set & Seal.SEAL) return -Errno.EPERM;
      set |= seals;
      return 0;
    },
    allowWrite: (position, length, size) =>
      refuse(Seal.WRITE | Seal.FUTURE_WRITE) || (position + length > size ? refuse(Seal.GROW) : 0),
    allowResize: (from, to) => (to < from ? refuse(Seal.SHRINK) : to > from ? refuse(Seal.GROW) : 0),
    allowMode: (from, to) => ((from ^ to) & EXECUTE_BITS ? refuse(Seal.EXEC) : 0),
  };
}
