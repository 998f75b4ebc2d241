import { Exception } from "../isa/riscv/emitter.js";
import { FaultCode, faultInfo, type SignalInfo } from "../linux/signals/info.js";
import { Signal } from "../linux/signals/numbers.js";
import type { GuestMemory } from "../memory/guest-memory.js";

/**
 * The signal that Linux makes of an exception, and what it tells (arch/riscv/kernel/traps.c, arch/riscv/mm/fault.c).
 * @param pc of the instruction.
 * @param address that could not be used, for exceptions that have one.
 */
export function signalOf(exception: Exception, pc: bigint, address: bigint, memory: GuestMemory): SignalInfo {
  switch (exception) {
    case Exception.ILLEGAL_INSTRUCTION:
      return faultInfo(Signal.SIGILL, FaultCode.ILL_ILLOPC, pc);
    case Exception.BREAKPOINT:
      return faultInfo(Signal.SIGTRAP, FaultCode.TRAP_BRKPT, pc);
    case Exception.LOAD_MISALIGNED:
    case Exception.STORE_MISALIGNED:
      return faultInfo(Signal.SIGBUS, FaultCode.BUS_ADRALN, address);
    default:
      switch (memory.faultCause(Number(address))) {
        case "unmapped":
          return faultInfo(Signal.SIGSEGV, FaultCode.SEGV_MAPERR, address);
        case "denied":
          return faultInfo(Signal.SIGSEGV, FaultCode.SEGV_ACCERR, address);
        case "beyond-file":
          return faultInfo(Signal.SIGBUS, FaultCode.BUS_ADRERR, address);
      }
  }
}
