import type { Extensions } from "../isa/riscv/extensions.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import type { Clock } from "./clock.js";
import type { CpuAccount } from "./cpu-time.js";
import type { Vcpu } from "./execution.js";
import type { Descriptors } from "./files/descriptors.js";
import type { Sandbox } from "./files/sandbox.js";
import type { Identity } from "./identity.js";
import type { Kernel } from "./kernel.js";
import type { ResourceLimit } from "./limits.js";
import type { Mm } from "./mm.js";
import type { Process } from "./process.js";
import type { Random } from "./random.js";
import type { Registers } from "./registers.js";
import type { Schedulable } from "./scheduler.js";
import type { ThreadSignals } from "./signals/state.js";
import type { FileSystemView } from "./task.js";
import type { Wait } from "./wait.js";

/** How a process ended. */
export type ExitStatus =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: number };

/** What system calls work on: the kernel's side of one thread (Linux: `task_struct`), and what it shares with others. */
export interface Context extends Schedulable {
  readonly kernel: Kernel;
  readonly process: Process;
  /** Thread id; that of a process's first thread is the process's (gettid(2)). */
  tid: number;
  readonly vcpu: Vcpu;
  /** Its processor time. */
  readonly cpu: CpuAccount;
  /** Its address space; execve(2) gives it another one. */
  mm: Mm;
  /** The memory of the address space. */
  readonly memory: GuestMemory;
  readonly clock: Clock;
  readonly random: Random;
  /** What the processor has beyond RV64GC. */
  readonly extensions: Extensions;
  readonly identity: Identity;
  /** Its own from unshare(2) or execve(2) on. */
  descriptors: Descriptors;
  readonly fs: FileSystemView;
  readonly sandbox: Sandbox;
  readonly signals: ThreadSignals;
  /** The heap between its start and the program break (brk(2)). */
  readonly heap: { readonly start: number; end: number };
  /** Resource limits, by resource number (getrlimit(2)). */
  readonly limits: ResourceLimit[];
  /** Name of the thread, at most 15 bytes (prctl(2), PR_SET_NAME). */
  name: string;
  /** Permission bits that new files do not get (umask(2)). */
  umask: number;
  /** Where to store 0 and wake a futex when the thread ends (set_tid_address(2)); 0 for nowhere. */
  clearChildTid: number;
  /** Address of the head of its list of robust mutexes (get_robust_list(2)); 0 for none. */
  robustList: number;
  /** The process that vfork(2) has made, while it is waited for. */
  vforked: Process | undefined;
  /** What the call under way waits for. */
  wait: Wait | undefined;
  /** The thread has ended. */
  ended: boolean;
  /** The call under way was tried before. */
  retried: boolean;
  /** The call has set all registers itself, and the pc. */
  jumped: boolean;
  /** Tells the user something once per key. */
  reportOnce(key: string, message: string): void;
  /** A new call begins: there is neither a deadline nor progress. */
  begin(): void;
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
  /** For a handler to return that has set all registers and the pc itself (rt_sigreturn(2), execve(2)). */
  jump(): number;
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
