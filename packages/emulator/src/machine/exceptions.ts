import { Exception } from "../isa/riscv/emitter.js";
import { Signal } from "../linux/signals.js";

/** The signal that Linux makes of an exception (arch/riscv/kernel/traps.c). */
export function signalOf(exception: Exception): number {
  switch (exception) {
    case Exception.ILLEGAL_INSTRUCTION:
      return Signal.SIGILL;
    case Exception.BREAKPOINT:
      return Signal.SIGTRAP;
    case Exception.LOAD_MISALIGNED:
    case Exception.STORE_MISALIGNED:
      return Signal.SIGBUS;
    default:
      return Signal.SIGSEGV;
  }
}
