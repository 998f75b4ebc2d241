/**
 * What a direct callback may do with the vCPU's registers, as in QEMU's `QEMU_PLUGIN_CB_*` flags. What is not
 * asked for is refused with a {@link RegisterAccessError}, so that a faster engine need not provide it.
 *
 * - `"none"`: nothing.
 * - `"read"`: registers are exact and may be read. The default.
 * - `"write"`: they may be written as well.
 * - `"write-pc"`: and `cpu.setPc` may be called.
 */
export type RegisterAccess = "none" | "read" | "write" | "write-pc";

/** One register, named as gdb names it. */
export interface RegisterDescriptor {
  /** `zero`, `ra`, `sp`, …, `pc`, `ft0`, …, `fflags`, `frm`, `fcsr`. */
  readonly name: string;
  /** gdb's target description feature that has it, e.g. `org.gnu.gdb.riscv.cpu`. */
  readonly feature: string;
  /** Its width. */
  readonly bits: 32 | 64;
}

/** The registers of one vCPU. Values are exact in every callback that asked for them, and after the end. */
export interface Registers {
  /** All of them, in gdb's order (QEMU: `get_registers`). */
  readonly list: readonly RegisterDescriptor[];
  /** Value, unsigned. @throws UnknownRegisterError, RegisterAccessError */
  read(name: string): bigint;
  /** Low 53 bits' worth of {@link read}: exact below 2^53, which all addresses are. No allocation for x registers. */
  readNumber(name: string): number;
  /**
   * Copies all of them, in the order of {@link list}, as pairs of low and high words, to `words` from `at` on. Nothing is
   * allocated: for who wants them at every block. @throws RegisterAccessError, RangeError if there is no room
   */
  copy(words: Uint32Array, at: number): void;
  /** Sets it; bits past its width are dropped, writes to `zero` do nothing. @throws UnknownRegisterError, RegisterAccessError */
  write(name: string, value: bigint): void;
}

/** A guest thread. The object stays the same for the thread's life; what it tells is of this moment. */
export interface Cpu {
  /** From 0, in order of creation; stable. */
  readonly index: number;
  /** Address of the instruction that is about to be executed, or, in memory events, that just accessed memory. */
  readonly pc: number;
  /** Instructions that this vCPU has executed before the present one. */
  readonly executed: number;
  readonly registers: Registers;
  /**
   * Goes on at `pc`; does not return: whatever else this callback would have done is not done, nor is the
   * instruction that it was called for (QEMU: `qemu_plugin_set_pc`).
   * @throws RegisterAccessError unless the callback was registered with `"write-pc"`.
   */
  setPc(pc: number): never;
}
