import type { Extensions } from "../isa/riscv/extensions.js";
import { type Alarms, createAlarms } from "./alarms.js";
import type { Clock } from "./clock.js";
import type { Context, ExitStatus } from "./context.js";
import { HANDLERS } from "./dispatch.js";
import { Errno } from "./errno.js";
import type { Execution } from "./execution.js";
import { createDescriptors } from "./files/descriptors.js";
import { createSandbox, type FilePermissions } from "./files/sandbox.js";
import { createStream } from "./files/stream.js";
import { FIRST_PROCESS } from "./identity.js";
import { createInitialStack } from "./initial-stack.js";
import { loadProgram } from "./load.js";
import { createMm } from "./mm.js";
import { createProcess, type Process } from "./process.js";
import { type ReadFile, resolveProgram } from "./program-file.js";
import type { Random } from "./random.js";
import { syscallNumber } from "./registers.js";
import { createScheduler, type Scheduler } from "./scheduler.js";
import { createSignalState } from "./signal-state.js";
import { Signal } from "./signals.js";
import type { StdioSet } from "./stdio.js";
import { syscallName } from "./table.js";
import { createTask } from "./task.js";

/** What a kernel works with. */
export interface KernelOptions {
  readonly execution: Execution;
  /** What the processor has beyond RV64GC. */
  readonly extensions: Extensions;
  readonly files: FilePermissions;
  readonly stdio: StdioSet;
  readonly clock: Clock;
  readonly random: Random;
  /** Reads what a program needs besides its own file: its dynamic linker, a script's interpreter. Nothing unless told. */
  readonly readFile?: ReadFile | undefined;
  /** Told what the user should know about, once each: a denied file, an unknown system call. */
  readonly report: (message: string) => void;
}

/** The first program. */
export interface FirstProgram {
  /** Path of the program, for messages, AT_EXECFN and `/proc/self/exe`. */
  readonly path: string;
  /** The bytes of the program file. */
  readonly image: Uint8Array;
  /** argv, `args[0]` being the program's name for itself. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * What becomes of a thread after a system call:
 * `return`: `value` goes into a0, and the thread goes on behind the call; negative values are negated error numbers.
 * `jump`: registers and pc have been set.
 * `wait`: it waits; {@link Kernel.retry} goes on with the call.
 * `end`: it has ended.
 */
export interface SyscallOutcome {
  readonly kind: "return" | "jump" | "wait" | "end";
  readonly value: number;
}

/** The guest's operating system: processes, threads, and the system calls that they make. */
export interface Kernel {
  readonly extensions: Extensions;
  readonly execution: Execution;
  readonly clock: Clock;
  readonly random: Random;
  readonly alarms: Alarms;
  readonly scheduler: Scheduler<Context>;
  /** By pid; those that have ended stay until they are waited for. */
  readonly processes: ReadonlyMap<number, Process>;
  /** Tells the user something once per key. */
  reportOnce(key: string, message: string): void;
  /**
   * Starts the first process.
   * @throws ElfError if the image is no program for this machine.
   * @throws StartError if arguments or environment cannot be given to it.
   */
  start(first: FirstProgram): Context;
  /** A thread id, or pid, that nobody has. */
  newTid(): number;
  /** Makes a process known. */
  addProcess(process: Process): void;
  /**
   * Carries out the system call that a thread's registers ask for.
   * @returns an object that the next call overwrites.
   */
  syscall(task: Context): SyscallOutcome;
  /** Goes on with the call of a thread that has waited. */
  retry(task: Context): SyscallOutcome;
  /**
   * Raises a signal.
   * @param forced for a fault of the program itself, which cannot be blocked or ignored.
   */
  signal(task: Context, signal: number, forced?: boolean): void;
  /** Ends a thread; with the last one, its process. */
  endTask(task: Context, status: ExitStatus): void;
  /** Ends a process with all of its threads. */
  endProcess(process: Process, status: ExitStatus): void;
  /** Forgets a process that has ended: it was waited for. */
  reap(process: Process): void;
  /** Ends the first process: all that is left waits for what can never happen. */
  deadlock(): void;
  /** Closes the host's files that are open. */
  dispose(): void;
}

/** Makes a kernel without processes. */
export function createKernel(options: KernelOptions): Kernel {
  const { execution, clock, random } = options;
  const alarms = createAlarms();
  const scheduler = createScheduler<Context>(clock, alarms);
  const processes = new Map<number, Process>();
  const reported = new Set<string>();
  const outcome: { kind: SyscallOutcome["kind"]; value: number } = { kind: "return", value: 0 };
  let lastTid = FIRST_PROCESS.pid - 1;
  let first: Process | undefined;

  function reportOnce(key: string, message: string): void {
    if (reported.has(key)) return;
    reported.add(key);
    options.report(message);
  }

  function tryCall(task: Context): SyscallOutcome {
    const number = syscallNumber(task.vcpu.registers);
    const handler = HANDLERS[number];
    task.wait = undefined;
    task.jumped = false;
    if (handler) {
      outcome.value = handler(task, task.vcpu.registers);
    } else {
      outcome.value = -Errno.ENOSYS;
      reportOnce(
        `syscall ${number}`,
        `system call ${syscallName(number)} (${number}) is not supported; the guest gets ENOSYS`,
      );
    }
    outcome.kind = task.ended ? "end" : task.wait ? "wait" : task.jumped ? "jump" : "return";
    return outcome;
  }

  function leave(task: Context): void {
    task.ended = true;
    task.process.threads.delete(task);
    task.process.name = task.name;
    scheduler.remove(task);
    task.descriptors.leave();
    task.mm.users--;
    execution.remove(task.vcpu);
  }

  /** Children of a process that has ended are the first one's, where nobody waits for them. */
  function orphan(child: Process): void {
    child.parent = first;
    first?.children.add(child);
    if (child.exitStatus) kernel.reap(child);
  }

  const kernel: Kernel = {
    extensions: options.extensions,
    execution,
    clock,
    random,
    alarms,
    scheduler,
    processes,
    reportOnce,
    newTid() {
      lastTid++;
      return lastTid;
    },
    addProcess(process) {
      processes.set(process.pid, process);
    },
    start({ path, image, args, env }) {
      const vcpu = execution.first();
      const file = resolveProgram({ path, image, args }, options.readFile ?? (() => -Errno.ENOENT));
      const program = loadProgram(vcpu.memory, file);
      const process = createProcess(kernel.newTid(), undefined, 0);
      const stackPointer = createInitialStack(vcpu.memory, {
        env,
        program,
        identity: { ...FIRST_PROCESS, pid: process.pid },
        random,
      });
      vcpu.registers.u32[2 * SP] = stackPointer;
      vcpu.pc = program.entry;
      const born = { seconds: clock.startSeconds, nanoseconds: 0 };
      const streams = options.stdio.map((stream, number) =>
        createStream(stream, number, FIRST_PROCESS, born),
      );
      const task = createTask({
        kernel,
        process,
        tid: process.pid,
        vcpu,
        mm: createMm(program),
        descriptors: createDescriptors(streams),
        fs: { sandbox: createSandbox(options.files, path, reportOnce), umask: FIRST_UMASK },
        signals: createSignalState({
          kill: (signal) => kernel.endProcess(process, { kind: "signal", signal }),
          reportOnce,
        }),
        name: (path.split("/").at(-1) ?? "").slice(0, LONGEST_NAME),
        identity: { uid: FIRST_PROCESS.uid, gid: FIRST_PROCESS.gid },
      });
      first = process;
      process.threads.add(task);
      processes.set(process.pid, process);
      scheduler.add(task);
      return task;
    },
    syscall(task) {
      task.begin();
      return tryCall(task);
    },
    retry: tryCall,
    signal(task, signal, forced = false) {
      task.signals.raise(signal, forced);
    },
    endTask(task, status) {
      if (task.ended) return;
      if (task.process.threads.size === 1) kernel.endProcess(task.process, status);
      else leave(task);
    },
    endProcess(process, status) {
      if (process.exitStatus) return;
      process.exitStatus = status;
      for (const task of [...process.threads]) leave(task);
      for (const child of process.children) orphan(child);
      process.children.clear();
    },
    reap(process) {
      processes.delete(process.pid);
      process.parent?.children.delete(process);
    },
    deadlock() {
      reportOnce(
        "deadlock",
        "the guest waits for something that can never happen: none of its threads can go on, and no timer runs; it is killed",
      );
      if (first) kernel.endProcess(first, { kind: "signal", signal: Signal.SIGKILL });
    },
    dispose() {
      for (const process of processes.values()) {
        for (const task of process.threads) task.descriptors.leave();
      }
    },
  };
  return kernel;
}

/** x2, the stack pointer. */
const SP = 2;
const FIRST_UMASK = 0o022;
/** Bytes of a thread's name (TASK_COMM_LEN less the NUL). */
export const LONGEST_NAME = 15;
