import type { Cpu } from "./cpu.js";
import type { DirectLane } from "./lanes.js";

/** Guest threads come, wait, go on and go. */
export interface VcpuEvents {
  /** Number of vCPUs so far (QEMU: `num_vcpus`): the highest index that there has been, and 1. Indices are given again. */
  readonly count: number;
  /** Those that are alive (QEMU: `vcpu_for_each`). */
  readonly list: readonly Cpu[];
  /** A vCPU is there, and has executed nothing yet (QEMU: `register_vcpu_init_cb`). */
  readonly initialized: DirectLane<[cpu: Cpu], Cpu>;
  /** The thread has ended; its registers can still be read. */
  readonly exited: DirectLane<[cpu: Cpu], Cpu>;
  /** It waits, in a system call that sleeps. */
  readonly idled: DirectLane<[cpu: Cpu], Cpu>;
  /** It goes on after waiting. */
  readonly resumed: DirectLane<[cpu: Cpu], Cpu>;
}

/**
 * What broke the flow of instructions, as in QEMU's `qemu_plugin_discon_type`: a signal from outside (`interrupt`), a
 * fault of an instruction (`exception`). A user-mode machine makes no `hostcall`s: those are semihosting.
 */
export type DiscontinuityKind = "interrupt" | "exception" | "hostcall";

/** The flow of instructions was broken by something that is not an instruction's normal doing. */
export interface Discontinuity {
  readonly cpu: Cpu;
  readonly kind: DiscontinuityKind;
  /** For an exception, the instruction that caused it; else the one that would have been executed. */
  readonly from: number;
  /** Where execution goes on; `undefined` if the guest ends here. */
  readonly to: number | undefined;
  /** The signal that it becomes, e.g. `SIGSEGV`. */
  readonly signal: string | undefined;
}

/** The main program. */
export interface Program {
  /** As given (QEMU: `path_to_binary`). */
  readonly path: string;
  /** The guest's arguments after `argv[0]`. */
  readonly args: readonly string[];
  /** First address of code (QEMU: `start_code`). */
  readonly startCode: number;
  /** First address past it (QEMU: `end_code`). */
  readonly endCode: number;
  /** Entry point (QEMU: `entry_code`). */
  readonly entry: number;
  /** Symbol at or before the address, within its size where it tells one. */
  symbolAt(address: number): { readonly name: string; readonly offset: number } | undefined;
}

/** The guest's process, as its kernel sees it. */
export interface GuestProcess {
  readonly pid: number;
  readonly ppid: number;
  /** `comm`: at most 15 bytes. That of its first thread, which `prctl(PR_SET_NAME)` changes; those of others do not count. */
  readonly name: string;
}

/** How a process of the guest ended. */
export interface ProcessExit {
  /** Its exit code, or 128 + signal number. */
  readonly code: number;
  /** The signal that ended it, e.g. `SIGSEGV`. */
  readonly signal: string | undefined;
}

/** The owner's hold on the guest's clock (QEMU: `request_time_control`, `update_ns`). */
export interface ClockControl {
  /** Sets the guest's clock, nanoseconds since the guest started; never backwards. @throws RangeError */
  set(nanoseconds: number): void;
  /** Gives the clock back: it goes on from its present time. */
  release(): void;
}

/** The guest's clock: virtual, driven by executed instructions, unless a plugin owns it or the host's was asked for. */
export interface Clock {
  /** Nanoseconds since the guest started. */
  readonly nanoseconds: number;
  /** Takes the clock over. @throws ClockOwnedError while another plugin owns it. */
  request(): ClockControl;
}

/** How the guest ended. */
export interface GuestExit {
  /** The guest's exit code, or 128 + signal number. */
  readonly code: number;
  /** The signal that ended it, e.g. `SIGSEGV`. */
  readonly signal: string | undefined;
  /** Why the machine stopped it, if it did: `"max-insns"`, `"interrupted"`, `"aborted"`. */
  readonly stopped: string | undefined;
}
