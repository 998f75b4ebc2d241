/** Why the interpreter came back, other than one of the `Exception`s of `isa/riscv/emitter.ts`. */
export const Exit = {
  /** The next block is longer than the fuel; `EXIT_OPERATION` is its first operation. */
  FUEL: 16,
  /** A link is not known yet; `EXIT_OPERATION` is its address. */
  LINK: 17,
  /** No block is known for where an indirect jump leads, which is in `PC`. */
  LOOKUP: 18,
  /** The end of a block that was cut short; execution goes on at `PC`. */
  CUT: 19,
  /** A block was executed often enough to be translated; `EXIT_OPERATION` is its first operation. */
  HOT: 20,
  /** Translated code has left in the middle of a block; the interpreter goes on at `EXIT_OPERATION`. */
  RESUME: 21,
} as const;
