import type { Extensions } from "../isa/riscv/extensions.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import type { Clock } from "./clock.js";
import type { Descriptors } from "./files/descriptors.js";
import type { Sandbox } from "./files/sandbox.js";
import type { Identity } from "./identity.js";
import type { ResourceLimit } from "./limits.js";
import type { Random } from "./random.js";
import type { Registers } from "./registers.js";
import type { SignalState } from "./signal-state.js";
import type { Wait } from "./wait.js";

/** How a process ended. */
export type ExitStatus =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: number };

/** What system calls work on: the kernel's side of one process. */
export interface Context {
  readonly memory: GuestMemory;
  readonly clock: Clock;
  readonly random: Random;
  /** What the processor has beyond RV64GC. */
  readonly extensions: Extensions;
  readonly identity: Identity;
  readonly descriptors: Descriptors;
  readonly sandbox: Sandbox;
  readonly signals: SignalState;
  /** The heap between its start and the program break (brk(2)). */
  readonly heap: { readonly start: number; end: number };
  /** Resource limits, by resource number (getrlimit(2)). */
  readonly limits: ResourceLimit[];
  /** Name of the thread, at most 15 bytes (prctl(2), PR_SET_NAME). */
  name: string;
  /** Permission bits that new files do not get (umask(2)). */
  umask: number;
  /** Tells the user something once per key. */
  reportOnce(key: string, message: string): void;
  /**
   * Has the calling task wait: for a handler to return, in `return context.block(...)`. Once the wait is ready, or its deadline
   * has come, the same handler is called again with the same registers.
   */
  block(wait: Wait): number;
  /** When a timeout of so many nanoseconds runs out: worked out at the first try of a call, and the same at each further one. */
  deadline(timeout: number): number;
  /**
   * What earlier tries of the call under way have done, such as bytes written: 0 at the first try. If a signal ends the wait
   * of a call that has done something, this is the call's result, not EINTR (signal(7)).
   */
  progress: number;
  /** Ends the process after the system call that is under way. */
  end(status: ExitStatus): void;
}

/**
 * Carries out one system call: takes its arguments from the registers, returns its result, or an error number
 * negated. Does not write registers.
 */
export type Handler = (context: Context, registers: Registers) => number;

/** The system calls of one family, by name. */
export type HandlerTable = Readonly<Record<string, Handler>>;
