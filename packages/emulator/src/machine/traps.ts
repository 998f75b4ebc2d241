import type { Cpu } from "../contract/cpu.js";
import type { DiscontinuityKind, GuestExit } from "../contract/life.js";
import { PcChange } from "../instrument/listening.js";
import { disassemble } from "../isa/riscv/disassemble.js";
import { Exception } from "../isa/riscv/emitter.js";
import type { Context, ExitStatus } from "../linux/context.js";
import { faultReport } from "../linux/fault-report.js";
import type { Kernel, SyscallOutcome } from "../linux/kernel.js";
import { type Registers, syscallNumber } from "../linux/registers.js";
import { deliverSignals } from "../linux/signals/deliver.js";
import type { SignalInfo } from "../linux/signals/info.js";
import { signalName } from "../linux/signals/numbers.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { EXIT_VALUE, PC } from "../memory/layout.js";
import { signalOf } from "./exceptions.js";
import type { Space } from "./space.js";
import type { Syscalls } from "./syscalls.js";

/** What traps work on. */
export interface TrapParts {
  readonly kernel: Kernel;
  readonly syscalls: Syscalls;
  /** The thread that is running, as the kernel sees it. */
  readonly task: () => Context;
  /** And as plugins see it. */
  readonly cpu: () => Cpu;
  /** If they do. */
  readonly seen: () => boolean;
  /** Where it runs. */
  readonly space: () => Space;
  /** Told of faults that ended a process. */
  readonly report: (message: string) => void;
  /** Tells plugins of a signal, before it does anything. */
  readonly tellSignal: (
    kind: DiscontinuityKind,
    from: number,
    to: number | undefined,
    signal: number,
  ) => void;
  /** Tells plugins that the running thread waits, or goes on. */
  readonly tellWait: (what: "idled" | "resumed") => void;
  /** Tells plugins if the running process has become another one, or has mapped or unmapped something. */
  readonly tellProcess: () => void;
  /** Whether what is known of turns has changed, so that the present one has to be thought over. */
  readonly turnsChanged: () => boolean;
  readonly ended: () => boolean;
}

/** Where the guest's code leaves for its kernel. */
export interface Traps {
  /** Carries out the system call at this pc; gives where execution goes on. */
  syscall(pc: number): number;
  /** Goes on with the call that the running thread has waited in. */
  resume(): void;
  /** Has the running thread take its signals: run their handlers, or end. It must be no wait, or one that has been tried again. */
  deliver(): void;
  /** Makes a signal of what an instruction raised. */
  exception(cause: Exception, pc: number, value: number): void;
}

/** x10, a0: results of system calls. */
const A0 = 10;
const TWO_32 = 0x1_0000_0000;
/** Length of an `ecall`. */
const ECALL_SIZE = 4;

type Call = ReturnType<Syscalls["enter"]>;
/** `restart`: the call is made again when a signal's handler has returned. */
interface Outcome {
  readonly kind: SyscallOutcome["kind"] | "restart";
  readonly value: number;
}

/** Makes the way from the guest's code to its kernel, past the plugins that watch it. */
export function createTraps(parts: TrapParts): Traps {
  const { kernel, syscalls, report, tellSignal, tellWait, ended } = parts;
  /** The calls that threads wait in. */
  const waiting = new WeakMap<Context, Call>();

  /** Says why a signal ended a process, if that is worth saying. `address` is what could not be used, for signals that have such an address. */
  function reportSignal(task: Context, signal: number, pc: number, address?: number): void {
    const { memory, mm } = task;
    const text = (at: number): string => disassemble(fetch(memory, at), at, { extensions: task.extensions });
    const { registers } = task.vcpu;
    const { symbols } = mm.program;
    const process = task.process.parent && task.process;
    const told = faultReport({
      signal,
      process,
      pc,
      address,
      registers,
      memory,
      symbols,
      disassemble: text,
    });
    if (told !== undefined) report(told);
  }

  /** What becomes of the running thread after a try of its call; `over` is called if that was the last. */
  function settle(task: Context, call: Call, { kind, value }: Outcome, over: () => void): void {
    const { vcpu, process } = task;
    if (kind === "wait") {
      if (!waiting.has(task)) tellWait("idled");
      waiting.set(task, call);
      parts.space().engine.stop();
      return;
    }
    over();
    if (waiting.delete(task) && kind !== "end") tellWait("resumed");
    if (kind === "end") {
      parts.space().engine.stop();
      if (process.exitStatus?.kind === "signal") {
        tellSignal("interrupt", call.pc + ECALL_SIZE, undefined, process.exitStatus.signal);
        reportSignal(task, process.exitStatus.signal, call.pc);
      }
    } else {
      if (kind === "return") {
        setResult(vcpu.registers, value);
        vcpu.pc = call.pc + ECALL_SIZE;
      }
      parts.tellProcess();
      syscalls.leave(call, kind === "jump" ? 0 : value);
      if (task.interrupted || task.stopped || parts.turnsChanged()) parts.space().engine.stop();
    }
  }

  /**
   * Does a part of what the present instruction, an `ecall`, does: while plugins look at it, it is not yet counted, until
   * `work` has called what it is given and has come back.
   */
  function uncounted(task: Context, work: (over: () => void) => void): void {
    let over = false;
    try {
      work(() => {
        over = true;
      });
    } catch (cause) {
      if (!(cause instanceof PcChange)) throw cause;
      task.vcpu.pc = cause.pc;
    } finally {
      if (over) parts.space().fuel.spend(1);
    }
  }

  /** What the present instructions of threads have raised, and the addresses that they could not use. */
  const faults = new WeakMap<Context, { readonly info: SignalInfo; readonly address: number | undefined }>();

  /** Ends the wait of the running thread, which a handler interrupts. */
  function endWait(task: Context, outcome: Outcome): void {
    const call = waiting.get(task);
    if (call !== undefined) uncounted(task, (over) => settle(task, call, outcome, over));
  }

  function deliver(): void {
    const task = parts.task();
    const fault = faults.get(task);
    deliverSignals(task, {
      delivered(signal, info, to) {
        const own = info === fault?.info;
        tellSignal(own ? "exception" : "interrupt", task.vcpu.pc, to, signal);
        if (to !== undefined) return;
        waiting.delete(task);
        reportSignal(task, signal, task.vcpu.pc, own ? fault?.address : undefined);
      },
      callEnded: (value, again) => endWait(task, { kind: again ? "restart" : "return", value }),
    });
    faults.delete(task);
  }

  return {
    deliver,
    syscall(pc) {
      const task = parts.task();
      parts.space().fuel.refund(1);
      uncounted(task, (over) => {
        const { registers } = task.vcpu;
        const call = syscalls.enter(parts.cpu(), pc, syscallNumber(registers), parts.seen(), registers.u32);
        const answer = syscalls.answer(call);
        if (ended()) return;
        settle(
          task,
          call,
          answer === undefined ? kernel.syscall(task) : { kind: "return", value: answer },
          over,
        );
      });
      return task.vcpu.pc;
    },
    resume() {
      const task = parts.task();
      const call = waiting.get(task);
      if (call === undefined) return;
      uncounted(task, (over) => settle(task, call, kernel.retry(task), over));
      if (task.wait !== undefined && task.interrupted) deliver();
    },
    exception(cause, pc, value) {
      const task = parts.task();
      const addressed = cause !== Exception.ILLEGAL_INSTRUCTION && cause !== Exception.BREAKPOINT;
      const exactPc = task.vcpu.state.getBigUint64(PC, true);
      const info = signalOf(cause, exactPc, exactAddress(task, cause, pc, value), task.memory);
      faults.set(task, { info, address: addressed ? value : undefined });
      kernel.fault(task, info);
      parts.space().engine.stop();
    },
  };
}

/** All bits of the address that could not be used, which `value` is rounded from. */
function exactAddress({ vcpu }: Context, cause: Exception, pc: number, value: number): bigint {
  if (cause !== Exception.FETCH_FAULT) return vcpu.state.getBigUint64(EXIT_VALUE, true);
  // An instruction may begin before the page that cannot be fetched from.
  return value === pc ? vcpu.state.getBigUint64(PC, true) : BigInt(value);
}

/** How the guest ended, of how its first process did. */
export function exitOf(status: ExitStatus): GuestExit {
  return status.kind === "exit"
    ? { code: status.code & 0xff, signal: undefined, stopped: undefined }
    : { code: 128 + status.signal, signal: signalName(status.signal), stopped: undefined };
}

function setResult(registers: Registers, value: number): void {
  registers.u32[2 * A0] = ((value % TWO_32) + TWO_32) % TWO_32;
  registers.i32[2 * A0 + 1] = Math.floor(value / TWO_32);
}

/** The bits of the instruction at `pc`; the upper half is 0 where only a compressed one can be fetched. */
function fetch(memory: GuestMemory, pc: number): number {
  const low = memory.view.getUint16(pc, true);
  return memory.peek(pc, 4) === undefined ? low : memory.view.getUint32(pc, true);
}
