import type { GuestMemory } from "../memory/guest-memory.js";
import type { Registers } from "./registers.js";

/** What executes a thread: its registers, and the memory that it runs in. */
export interface Vcpu {
  /** QEMU's `cpu_index`. */
  readonly index: number;
  /** The memory of its address space. */
  readonly memory: GuestMemory;
  /** Its integer registers, to be read and written while the kernel works for it. Ask anew each time. */
  readonly registers: Registers;
  /** All of its state, at the offsets of `memory/layout.ts`. Ask anew each time. */
  readonly state: DataView;
  /** Where execution goes on; while a system call is carried out, the address of the `ecall`. */
  pc: number;
}

/** What the kernel asks of the machine that executes its threads. */
export interface Execution {
  /** The vCPU of the first thread, in an empty address space. */
  first(): Vcpu;
  /**
   * A vCPU with the same state, in the same address space or in a copy of it, for a thread of the same process or of another;
   * undefined if there are too many.
   */
  clone(like: Vcpu, sharesMemory: boolean, sameProcess: boolean): Vcpu | undefined;
  /** Gives a vCPU an empty address space; `alone`: no other uses its present one. All of its registers are 0 then. */
  renew(vcpu: Vcpu, alone: boolean): void;
  /** Its thread has ended. */
  remove(vcpu: Vcpu): void;
}
