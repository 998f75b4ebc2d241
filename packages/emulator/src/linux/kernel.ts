import type { Extensions } from "../isa/riscv/extensions.js";
import { MOST_VCPUS } from "../memory/layout.js";
import { type Alarms, createAlarms } from "./alarms.js";
import type { Clock } from "./clock.js";
import { afterCall, beforeCall } from "./coherence.js";
import type { Context, ExitStatus } from "./context.js";
import { type CpuMeter, createCpuMeter } from "./cpu-time.js";
import { HANDLERS } from "./dispatch.js";
import { Errno } from "./errno.js";
import { executableAt } from "./executable.js";
import type { Execution } from "./execution.js";
import { createDescriptors } from "./files/descriptors.js";
import { createSandbox, type FilePermissions } from "./files/sandbox.js";
import { createStream } from "./files/stream.js";
import { createFutexes, type Futexes } from "./futexes.js";
import { FIRST_PROCESS } from "./identity.js";
import { createInitialStack } from "./initial-stack.js";
import { createIpc, type Ipc } from "./ipc.js";
import { loadProgram } from "./load.js";
import { createMm } from "./mm.js";
import { createProcess, type Process, type ProcessWorld } from "./process.js";
import { listProcesses } from "./process-facts.js";
import { type ReadFile, resolveProgram } from "./program-file.js";
import type { Random } from "./random.js";
import { syscallNumber } from "./registers.js";
import { createScheduler, type Scheduler } from "./scheduler.js";
import { tellOfEnd } from "./signals/child.js";
import { ChildCode, SignalCode, type SignalInfo, sentInfo } from "./signals/info.js";
import { Signal } from "./signals/numbers.js";
import { forceSignal, sendToProcess } from "./signals/send.js";
import { createThreadSignals, leaveThread } from "./signals/state.js";
import type { StdioSet } from "./stdio.js";
import { syscallName } from "./table.js";
import { createTask } from "./task.js";
import { releaseThread } from "./thread-end.js";
import { stopTimers } from "./timers/process-timers.js";
import { ticksOf } from "./usage.js";

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
  /** Most threads, of all processes, at a time: {@link MOST_VCPUS} at most, and unless told. */
  readonly mostTasks?: number | undefined;
  /** Whether the guest has a loopback interface: false unless told. */
  readonly loopback?: boolean | undefined;
  /** Told of a process that has ended, after its last thread. */
  readonly processEnded?: ((process: Process, status: ExitStatus) => void) | undefined;
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
  /** Most threads at a time. */
  readonly mostTasks: number;
  /** Those of the running thread and its process, by the clock that goes on while the guest executes. */
  readonly cpuAlarms: CpuMeter["alarms"];
  /** What all processes share. */
  readonly world: ProcessWorld;
  /** What processes talk with each other through. */
  readonly ipc: Ipc;
  readonly futexes: Futexes;
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
  /** The thread of this id, if it is alive. */
  taskOf(tid: number): Context | undefined;
  /** Ends a thread of a process that goes on. */
  dismiss(task: Context): void;
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
  /** An instruction of a thread has raised a fault: its signal, which cannot be blocked or ignored. */
  fault(task: Context, info: SignalInfo): void;
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
  const meter = createCpuMeter(() => clock.busyNanoseconds());
  const turns = createScheduler<Context>(clock, alarms);
  const scheduler: Scheduler<Context> = {
    ...turns,
    next() {
      const task = turns.next();
      if (typeof task === "object") meter.run([task.cpu, task.process.cpu]);
      return task;
    },
  };
  const futexes = createFutexes();
  const processes = new Map<number, Process>();
  const reported = new Set<string>();
  const outcome: { kind: SyscallOutcome["kind"]; value: number } = { kind: "return", value: 0 };
  let lastTid = FIRST_PROCESS.pid - 1;
  let first: Process | undefined;
  /** The first program is looked for: the error that this may end with tells what was wrong. */
  let resolving = false;
  let closeFiles = (): void => {};

  function reportOnce(key: string, message: string): void {
    if (resolving || reported.has(key)) return;
    reported.add(key);
    options.report(message);
  }

  function tryCall(task: Context): SyscallOutcome {
    const number = syscallNumber(task.vcpu.registers);
    const handler = HANDLERS[number];
    const { process } = task;
    task.wait = undefined;
    task.jumped = false;
    if (handler) {
      beforeCall(task.memory);
      outcome.value = handler(task, task.vcpu.registers);
      afterCall(task, number, task.vcpu.registers);
      process.peak = Math.max(process.peak, task.memory.mappedBytes);
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
    task.wait?.abandon?.();
    releaseThread(task, futexes);
    task.ended = true;
    task.process.threads.delete(task);
    leaveThread(task.signals);
    scheduler.remove(task);
    task.descriptors.leave();
    task.mm.users--;
    execution.remove(task.vcpu);
  }

  /** Children of a process that has ended are the first one's, where nobody waits for them. */
  function orphan(child: Process): void {
    const { deathSignal, signals, exitStatus } = child;
    if (deathSignal !== 0 && !exitStatus) {
      sendToProcess(signals, {
        info: sentInfo(deathSignal, SignalCode.USER, child.parent?.pid ?? 0, FIRST_PROCESS.uid),
      });
    }
    child.parent = first;
    first?.children.add(child);
    if (child.exitStatus) kernel.reap(child);
  }

  function tellParent(process: Process, status: ExitStatus): void {
    const { parent, pid, exitSignal } = process;
    if (parent === undefined || parent.exitStatus) return;
    const exited = status.kind === "exit";
    const code = exited ? ChildCode.EXITED : ChildCode.KILLED;
    const news = {
      code,
      pid,
      uid: FIRST_PROCESS.uid,
      status: exited ? status.code & 0xff : status.signal,
      userTicks: ticksOf(process.cpu.now()),
    };
    if (tellOfEnd(parent.signals, exitSignal, news)) kernel.reap(process);
  }

  function startFirst({ path, image, args, env }: FirstProgram): Context {
    const vcpu = execution.first();
    const sandbox = createSandbox(options.files, path, reportOnce, {
      clock,
      random,
      processes: listProcesses(processes),
      memoryLimit: vcpu.memory.limit,
      extensions: options.extensions,
    });
    closeFiles = sandbox.close;
    const caller = { pid: FIRST_PROCESS.pid, tid: FIRST_PROCESS.pid };
    const readFile: ReadFile = options.readFile ?? ((wanted) => sandbox.readProgram(caller, wanted));
    resolving = true;
    const file = resolveProgram({ path, image, args }, readFile);
    resolving = false;
    const program = loadProgram(vcpu.memory, file);
    const process = createProcess(kernel.newTid(), undefined, 0, kernel.world);
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
      createStream(stream, number, FIRST_PROCESS, born, sandbox.budget),
    );
    const task = createTask({
      kernel,
      process,
      tid: process.pid,
      vcpu,
      mm: createMm(program, stackPointer),
      descriptors: createDescriptors(streams),
      fs: { sandbox, umask: FIRST_UMASK },
      signals: createThreadSignals(process.signals),
      name: (path.split("/").at(-1) ?? "").slice(0, LONGEST_NAME),
      identity: { uid: FIRST_PROCESS.uid, gid: FIRST_PROCESS.gid },
    });
    const executed = file.program.path;
    task.mm = {
      ...task.mm,
      program: { ...program, executable: executableAt(task, executed === path ? sandbox.program : executed) },
    };
    first = process;
    process.threads.add(task);
    processes.set(process.pid, process);
    scheduler.add(task);
    meter.run([task.cpu, process.cpu]);
    return task;
  }

  const kernel: Kernel = {
    extensions: options.extensions,
    execution,
    clock,
    random,
    mostTasks: Math.min(options.mostTasks ?? MOST_VCPUS, MOST_VCPUS),
    cpuAlarms: meter.alarms,
    world: {
      real: { now: () => clock.nanoseconds(), alarms },
      meter,
      signalCount: { used: 0 },
      uid: FIRST_PROCESS.uid,
    },
    ipc: createIpc(options.loopback ?? false),
    futexes,
    alarms,
    scheduler,
    processes,
    reportOnce,
    taskOf: (tid) => scheduler.tasks.find((task) => task.tid === tid),
    dismiss: leave,
    newTid() {
      lastTid++;
      return lastTid;
    },
    addProcess(process) {
      processes.set(process.pid, process);
    },
    start(program) {
      try {
        return startFirst(program);
      } catch (error) {
        kernel.dispose();
        throw error;
      }
    },
    syscall(task) {
      task.begin();
      return tryCall(task);
    },
    retry(task) {
      task.retried = true;
      return tryCall(task);
    },
    fault: (task, info) => forceSignal(task.signals, info),
    endTask(task, status) {
      if (task.ended) return;
      if (task.process.threads.size === 1) kernel.endProcess(task.process, status);
      else leave(task);
    },
    endProcess(process, status) {
      if (process.exitStatus) return;
      process.exitStatus = status;
      for (const task of [...process.threads]) leave(task);
      stopTimers(process.timers, process.signals);
      for (const child of process.children) orphan(child);
      process.children.clear();
      options.processEnded?.(process, status);
      tellParent(process, status);
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
      closeFiles();
    },
  };
  return kernel;
}

/** x2, the stack pointer. */
const SP = 2;
const FIRST_UMASK = 0o022;
/** Bytes of a thread's name (TASK_COMM_LEN less the NUL). */
export const LONGEST_NAME = 15;
