import type { Subscription } from "rxjs";
import type { Cpu } from "./cpu.js";
import type { EventLanes } from "./lanes.js";

/** A system call about to be made. On the direct lane one object, reused; on the Rx lane yours to keep. */
export interface SyscallEntry {
  readonly cpu: Cpu;
  /** Address of the `ecall`. */
  readonly pc: number;
  /** Number in a7. */
  readonly number: number;
  /** Name in the kernel's table for riscv64, or `unknown_<number>`. */
  readonly name: string;
  /** The eight argument registers a0 to a7 as QEMU passes them, unsigned: exact below 2^53. */
  readonly args: readonly number[];
  /** The eight argument registers, whole. */
  readonly rawArgs: readonly bigint[];
}

/** A system call that came back. */
export interface SyscallReturn extends SyscallEntry {
  /** What the guest gets in a0, signed: a value, or minus an errno. */
  readonly result: number;
  /** Name of the errno, e.g. `ENOENT`, if it failed. */
  readonly error: string | undefined;
}

/** System calls entered, oldest first. */
export interface SyscallBatch {
  readonly length: number;
  readonly vcpu: number;
  readonly pc: Uint32Array;
  readonly number: Int32Array;
}

/** System calls that came back, oldest first. */
export interface SyscallReturnBatch extends SyscallBatch {
  readonly result: Float64Array;
}

/** What is known of a system call before it is made: the key for `where` and `countBy`. */
export interface SyscallSite {
  readonly number: number;
  readonly name: string;
}

/** Answers a system call in the kernel's place: its result (negative errno for a failure), or undefined to let it pass. */
export type SyscallFilter = (call: SyscallEntry) => number | undefined;

/** System calls. A call that does not return (exit) has an entry only. */
export interface SyscallEvents {
  /** Only calls for which `predicate` holds. */
  where(predicate: (site: SyscallSite) => boolean): SyscallEvents;
  /** Before the call (QEMU: `register_vcpu_syscall_cb`). */
  readonly entered: EventLanes<[call: SyscallEntry], SyscallEntry, SyscallBatch, SyscallSite>;
  /** After it (QEMU: `register_vcpu_syscall_ret_cb`). */
  readonly returned: EventLanes<[call: SyscallReturn], SyscallReturn, SyscallReturnBatch, SyscallSite>;
  /**
   * Asked after `entered`, in order of registration; the first that answers decides, and the host never sees the
   * call; `returned` happens all the same (QEMU: `register_vcpu_syscall_filter_cb`).
   */
  filter(filter: SyscallFilter): Subscription;
}
