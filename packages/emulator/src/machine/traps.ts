import type { Cpu } from "../contract/cpu.js";
import type { DiscontinuityKind, GuestExit } from "../contract/life.js";
import { PcChange } from "../instrument/listening.js";
import type { Fuel } from "../interpreter/fuel.js";
import { disassemble } from "../isa/riscv/disassemble.js";
import { Exception } from "../isa/riscv/emitter.js";
import type { Extensions } from "../isa/riscv/extensions.js";
import { faultReport } from "../linux/fault-report.js";
import type { Process } from "../linux/process.js";
import { type Registers, syscallNumber } from "../linux/registers.js";
import { signalName } from "../linux/signals.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { signalOf } from "./exceptions.js";
import type { Syscalls } from "./syscalls.js";

/** What traps work on. */
export interface TrapParts {
  readonly memory: GuestMemory;
  readonly registers: Registers;
  readonly fuel: Fuel;
  readonly cpu: Cpu;
  readonly process: Process;
  readonly syscalls: Syscalls;
  /** What the processor has beyond RV64GC. */
  readonly extensions: Extensions;
  /** Told why a signal ended the guest. */
  readonly report: (message: string) => void;
  /** Tells plugins of a signal, before it does anything. */
  readonly tellSignal: (kind: DiscontinuityKind, from: number, signal: number) => void;
  /** Ends the guest at the next block. */
  readonly end: (how: GuestExit) => void;
  readonly ended: () => boolean;
}

/** Where the guest's code leaves for its kernel. */
export interface Traps {
  /** Carries out the system call at this pc; gives where execution goes on. */
  syscall(pc: number): number;
  /** Makes a signal of what an instruction raised. */
  exception(cause: Exception, pc: number, value: number): void;
}

/** x10, a0: results of system calls. */
const A0 = 10;
const TWO_32 = 0x1_0000_0000;

/** Makes the way from the guest's code to its kernel, past the plugins that watch it. */
export function createTraps(parts: TrapParts): Traps {
  const { memory, registers, fuel, cpu, process, syscalls, report, tellSignal, end, ended, extensions } =
    parts;

  /** Ends the guest and says why. `address` is what could not be used, for signals that have such an address. */
  function endBySignal(signal: number, pc: number, address?: number): void {
    const { symbols } = process.program;
    const text = (at: number): string => disassemble(fetch(at), at, { extensions });
    report(faultReport({ signal, pc, address, registers, memory, symbols, disassemble: text }));
    end({ code: 128 + signal, signal: signalName(signal), stopped: undefined });
  }

  /** The bits of the instruction at `pc`; the upper half is 0 where only a compressed one can be fetched. */
  function fetch(pc: number): number {
    const low = memory.view.getUint16(pc, true);
    return memory.peek(pc, 4) === undefined ? low : memory.view.getUint32(pc, true);
  }

  function setResult(value: number): void {
    registers.u32[2 * A0] = ((value % TWO_32) + TWO_32) % TWO_32;
    registers.i32[2 * A0 + 1] = Math.floor(value / TWO_32);
  }

  return {
    syscall(pc) {
      let made = false;
      // While plugins look at it, the call is the present instruction: not yet counted.
      fuel.refund(1);
      try {
        const call = syscalls.enter(cpu, pc, syscallNumber(registers), registers.u32);
        const answer = syscalls.answer(call);
        if (ended()) return pc;
        made = true;
        const outcome = answer === undefined ? process.syscall(registers) : { kind: "return", value: answer };
        if (outcome.kind === "exit") {
          end({ code: outcome.value & 0xff, signal: undefined, stopped: undefined });
        } else if (outcome.kind === "signal") {
          tellSignal("interrupt", pc + 4, outcome.value);
          endBySignal(outcome.value, pc);
        } else {
          setResult(outcome.value);
          syscalls.leave(call, outcome.value);
        }
        return pc + 4;
      } catch (cause) {
        if (cause instanceof PcChange) return cause.pc;
        throw cause;
      } finally {
        if (made) fuel.spend(1);
      }
    },
    exception(cause, pc, value) {
      const signal = signalOf(cause);
      tellSignal("exception", pc, signal);
      if (process.signal(signal, true).kind === "return") return;
      const addressed = cause !== Exception.ILLEGAL_INSTRUCTION && cause !== Exception.BREAKPOINT;
      endBySignal(signal, pc, addressed ? value : undefined);
    },
  };
}
