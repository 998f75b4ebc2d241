import type { Plugin } from "@qpp/core";
import { Subscription } from "rxjs/internal/Subscription";
import type { GuestExit, GuestProcess } from "../contract/life.js";
import { createCells } from "../instrument/cells.js";
import type { HostTools } from "../instrument/host-lanes.js";
import { PcChange } from "../instrument/listening.js";
import { createAttachments } from "../instrument/planner.js";
import { createRings } from "../instrument/rings.js";
import { Csr } from "../interpreter/csr.js";
import type { Planner } from "../interpreter/plan.js";
import { MAX_BLOCK_INSTRUCTIONS } from "../interpreter/scan.js";
import type { OptionalExtension } from "../isa/riscv/extensions.js";
import { type ClockKind, createHostClock, createVirtualClock } from "../linux/clock.js";
import type { Context } from "../linux/context.js";
import type { FilePermissions } from "../linux/files/sandbox.js";
import { FIRST_PROCESS } from "../linux/identity.js";
import { createKernel } from "../linux/kernel.js";
import type { ReadFile } from "../linux/program-file.js";
import { createRandom, hostRandom, type RandomKind } from "../linux/random.js";
import { signalName } from "../linux/signals/numbers.js";
import type { StdioSet } from "../linux/stdio.js";
import { createMemoryHost } from "../memory/guest-memory.js";
import type { Translation } from "../translator/translation.js";
import { createOwnableClock } from "./clock.js";
import { createMappingEvents } from "./mappings.js";
import { createMachinePlugin, type Outlet } from "./plugin.js";
import { createSpace, type Space, type SpaceHost, type TranslationOptions } from "./space.js";
import { createSyscalls } from "./syscalls.js";
import { createThreads } from "./threads.js";
import { createTraps, exitOf } from "./traps.js";
import { createTurns } from "./turns.js";
import { createVcpus } from "./vcpus.js";

/** What a machine is made for: one run of one program. */
export interface MachineOptions {
  /** Path of the program, for messages, `AT_EXECFN` and `/proc/self/exe`. */
  readonly path: string;
  /** Bytes of the program file. */
  readonly image: Uint8Array;
  /** The guest's arguments after `argv[0]`, which is `path`. */
  readonly args: readonly string[];
  /** The guest's environment: all of it. */
  readonly env: Readonly<Record<string, string>>;
  /** Reads what the program needs besides its own file: its dynamic linker, a script's interpreter. Nothing unless told. */
  readonly readFile?: ReadFile | undefined;
  /** What the processor has beyond RV64GC, and tells of by riscv_hwprobe: nothing unless told. */
  readonly extensions?: readonly OptionalExtension[] | undefined;
  /** Host files that the guest may use. */
  readonly files: FilePermissions;
  readonly stdio: StdioSet;
  /** Seed of the order in which threads take turns, and of everything random that the guest can see. */
  readonly seed: number;
  /**
   * "host": the guest sees the host's time, and sleeps take as long as they say; runs are no longer the same. "virtual", unless
   * told: an executed instruction takes a nanosecond, a sleep that nobody works in no time.
   */
  readonly clock?: ClockKind | undefined;
  /** "host": what the guest gets as random is the host's, fit for secrets. "seed", unless told: it comes from the seed. */
  readonly random?: RandomKind | undefined;
  /** Ends the guest after exactly this many instructions. */
  readonly maxInsns?: number | undefined;
  /** Most bytes of memory that all processes of the guest may have accessible at a time; 2 GiB unless told. */
  readonly maxMemory?: number | undefined;
  /** Most threads of all processes that the guest may have at a time: up to 128, and 128 unless told. */
  readonly maxProcesses?: number | undefined;
  /**
   * True: the guest has a loopback interface of its own, by which its processes reach each other over TCP and UDP; neither the host's nor
   * any network. False, unless told: sockets of the internet families are refused (EACCES).
   */
  readonly loopback?: boolean | undefined;
  /** False: plugins see the first process alone, with all of its threads. True, unless told. */
  readonly follow?: boolean | undefined;
  /** False: everything is interpreted. Results are the same; hot code is many times slower. */
  readonly translate?: boolean | undefined;
  /** Executions after which a block is translated; 1000 unless told. */
  readonly translateAfter?: number | undefined;
  /** Bytes of translated code, as WebAssembly, from which on all of it is given up; 16 MiB unless told. */
  readonly translatedBytes?: number | undefined;
  /** Told of every region that is translated, once it is; what it is given stays as it is. */
  readonly observe?: ((translation: Translation) => void) | undefined;
  /** Told what the user should know: denied files, unknown system calls, the report of a fatal signal. */
  readonly report: (message: string) => void;
}

/** A machine with a program in it. */
export interface Machine {
  /** The machine as a plugin, to be loaded with those that require it, before the run. */
  readonly plugin: Plugin;
  /** Instructions executed so far. */
  readonly executed: number;
  /** How the guest ended; undefined while it has not. */
  readonly exit: GuestExit | undefined;
  /** Runs the guest to its end. */
  run(): GuestExit;
  /**
   * Runs on for at most `insns` instructions, up to the end of a block: slices do not change what plugins see. So that
   * there is always room for one block, fewer than 512 count as 512. It comes back early while the guest waits for input, and
   * while it sleeps by the host's clock. Undefined if the guest has not ended yet.
   */
  runSlice(insns: number): GuestExit | undefined;
  /**
   * Ends the guest, as `reason` says, unless it has ended: gives how it ended. Plugins are told as at any end; when
   * called from a plugin's code, that is once the present block is over.
   */
  interrupt(reason: string, code: number): GuestExit;
}

/**
 * Makes a machine and loads the program into it.
 *
 * ```ts
 * const machine = createMachine({ path, image: readFileSync(path), args: [], env: {}, files, stdio, seed: 0, report });
 * await container.load([{ plugin: machine.plugin }, { plugin: insn }]);
 * const { code } = machine.run();
 * ```
 * @throws ElfError if the image is no program for this machine; StartError if its arguments do not fit.
 */
export function createMachine(options: MachineOptions): Machine {
  const cells = createCells();
  const outlet: Outlet = {};
  let exit: GuestExit | undefined;
  let started = false;
  let inside = false;
  let told = false;
  const guestEnd = new Subscription();

  const symbolName = (address: number): string | undefined => task.mm.program.symbols.symbolAt(address)?.name;
  function changed(): void {
    for (const space of threads.spaces) space.markStale();
  }
  const attachments = createAttachments(symbolName, changed);
  /** Code is translated for whom it runs first in, which plugins see or do not. */
  const planner: Planner = {
    plan(instructions) {
      const { space, seen } = threads.current;
      translatedFor.set(space, seen);
      return seen ? attachments.plan(instructions) : undefined;
    },
  };
  const translatedFor = new WeakMap<Space, boolean>();
  let flushing = false;
  /** What records and counters refer to is the code of all address spaces: it goes together. */
  function flushed(space: Space): void {
    if (flushing) return;
    flushing = true;
    rings.drainAll();
    for (const other of threads.spaces) if (other !== space) other.flush();
    flushing = false;
    rings.reclaim();
    cells.reclaim();
    outlet.callbacks?.flushed.run();
  }
  const spaceHost: SpaceHost = {
    memoryHost: createMemoryHost(options.maxMemory),
    planner,
    flushed,
    drain: (ring) => rings.drain(ring >>> 0),
    counter: (csr) =>
      csr === Csr.TIME ? Math.floor(clock.kernel.nanoseconds() / TIMEBASE) : threads.executed,
    syscall: (pc) => traps.syscall(pc),
    exception: (cause, pc, value) => traps.exception(cause, pc, value),
    callbackThrew,
  };
  const extensions = new Set(options.extensions);
  const translation: TranslationOptions = {
    extensions,
    threshold: options.translate === false ? 0 : (options.translateAfter ?? TRANSLATE_AFTER),
    mostBytes: options.translatedBytes ?? MOST_CODE,
    observe: options.observe,
  };
  const firstSpace = createSpace(spaceHost, translation);
  const rings = createRings(firstSpace.memory);
  const threads = createThreads({
    cells,
    rings,
    first: firstSpace,
    createSpace: () => createSpace(spaceHost, translation),
    follow: options.follow !== false,
    initialized: (cpu) => vcpus.tell("initialized", cpu),
    exited: (cpu) => vcpus.tell("exited", cpu),
    drain,
  });
  const { running } = threads;
  const seen = (): boolean => threads.current.seen;
  const hostTools: HostTools = { running, cells, end: guestEnd, vcpu: () => running.cpu.index };
  const vcpus = createVcpus(hostTools, () => threads.list.filter(({ seen }) => seen).map(({ cpu }) => cpu));
  const syscalls = createSyscalls(hostTools);
  const clock = createOwnableClock(
    options.clock === "host" ? createHostClock() : createVirtualClock(() => threads.executed),
  );
  const kernel = createKernel({
    execution: threads.execution,
    extensions,
    files: options.files,
    stdio: options.stdio,
    clock: clock.kernel,
    random: options.random === "host" ? hostRandom : createRandom(options.seed),
    readFile: options.readFile,
    mostTasks: options.maxProcesses,
    loopback: options.loopback,
    report: options.report,
    processEnded(process, status) {
      if (options.follow === false && process !== firstTask.process) return;
      const { pid, parent, name } = process;
      const { code, signal } = exitOf(status);
      outlet.callbacks?.processEnded.run(
        { pid, ppid: parent?.pid ?? FIRST_PROCESS.ppid, name },
        { code, signal },
      );
    },
  });
  const traps = createTraps({
    kernel,
    syscalls,
    task: () => task,
    cpu: () => running.cpu,
    seen,
    space: () => threads.current.space,
    report: options.report,
    tellSignal(kind, from, to, signal) {
      if (!seen()) return;
      const { cpu } = running;
      outlet.callbacks?.discontinuities.run({ cpu, kind, from, to, signal: signalName(signal) });
    },
    tellWait(what) {
      if (seen()) vcpus.tell(what, running.cpu);
    },
    tellProcess() {
      if (!seen()) return;
      tellProcess();
      mappingEvents.tell();
    },
    turnsChanged: () =>
      kernel.scheduler.tasks.length !== turnTasks ||
      kernel.scheduler.deadline() !== turnDeadline ||
      kernel.cpuAlarms.next !== turnCpuAlarm,
    ended: () => exit !== undefined,
  });
  const firstTask = kernel.start({
    path: options.path,
    image: options.image,
    args: [options.path, ...options.args],
    env: options.env,
  });
  /** The one that is running. */
  let task = firstTask;
  const turns = createTurns(createRandom(options.seed));
  /**
   * What the present turn's length was worked out from: how many take turns, when somebody wakes up, and when an alarm of the
   * processor's time rings. It is worked out anew whenever one changes, so that slices, which do so too, change nothing.
   */
  let turnTasks = 1;
  let turnDeadline = Number.POSITIVE_INFINITY;
  let turnCpuAlarm = Number.POSITIVE_INFINITY;
  /** The one that plugins see now: one that they do not see may be running. */
  const seenTask = (): Context => (seen() ? task : firstTask);
  const process = (): GuestProcess => {
    const { process, identity } = seenTask();
    return { pid: process.pid, ppid: identity.ppid, name: process.name };
  };
  /** The process that plugins were last told of. */
  let toldProcess = process();
  let toldProgram = task.mm.program;
  const mappingEvents = createMappingEvents({
    memory: () => seenTask().memory,
    process,
    callbacks: () => outlet.callbacks,
    drain,
  });

  function tellProcess(): void {
    const { pid, name } = task.process;
    const { program } = task.mm;
    if (pid === toldProcess.pid && name === toldProcess.name && program === toldProgram) return;
    drain();
    const before = toldProcess;
    if (pid !== before.pid || program !== toldProgram) mappingEvents.begin();
    toldProcess = process();
    toldProgram = program;
    outlet.callbacks?.processChanged.run(toldProcess, before);
  }

  function drain(): void {
    rings.drainAll();
    syscalls.drain();
  }

  function end(how: GuestExit): void {
    if (exit !== undefined) return;
    exit = how;
    threads.current.space.engine.stop();
  }

  function callbackThrew(cause: unknown): number | undefined {
    const { current, newPc } = running;
    running.current = undefined;
    running.newPc = undefined;
    if (cause instanceof PcChange) return cause.pc;
    if (current === undefined) throw cause;
    current.consumer.fault(current.where, cause);
    return newPc;
  }

  function finish(): GuestExit | undefined {
    const { exitStatus } = firstTask.process;
    if (exit === undefined && exitStatus !== undefined) end(exitOf(exitStatus));
    if (exit === undefined && options.maxInsns !== undefined && threads.executed >= options.maxInsns) {
      end({ code: 0, signal: undefined, stopped: "max-insns" });
    }
    if (exit !== undefined && !told) {
      told = true;
      drain();
      threads.switchToSeen();
      tellLeftovers();
      if (started) threads.end();
      guestEnd.unsubscribe();
      outlet.callbacks?.exited.run(exit.code, exit);
      kernel.dispose();
    }
    return exit;
  }

  /** The first process is what everything else hangs on, like a PID namespace's. */
  function tellLeftovers(): void {
    const left = [...kernel.processes.values()].filter(
      (p) => p.exitStatus === undefined && p !== firstTask.process,
    );
    if (left.length === 0 || firstTask.process.exitStatus === undefined) return;
    const who = left.map(({ pid, name }) => `${name} (pid ${pid})`).join(", ");
    options.report(`the first process has ended; what it left running was killed: ${who}`);
  }

  /** Makes the thread the running one whose turn it is. Gives whether there is one, or will be ("idle"). */
  function takeTurn(): boolean | "idle" {
    const { scheduler } = kernel;
    const now = threads.executed;
    if (
      !turns.over &&
      !task.ended &&
      task.wait === undefined &&
      !task.stopped &&
      scheduler.deadline() > clock.kernel.nanoseconds()
    )
      return true;
    const next = scheduler.next();
    if (next === undefined) return false;
    if (next === "idle") return next;
    if (next !== task || turns.over) turns.begin(now);
    task = next;
    threads.switchTo(next.vcpu);
    const { space } = threads.current;
    if (translatedFor.get(space) === !seen()) {
      translatedFor.delete(space);
      space.markStale();
    }
    if (seen()) tellProcess();
    return true;
  }

  /** Runs the running thread until its turn may be over. Gives whether `last` was reached. */
  function runOn(last: number, most: number): boolean {
    const now = threads.executed;
    const { engine } = threads.current.space;
    turnTasks = kernel.scheduler.tasks.length;
    turnDeadline = kernel.scheduler.deadline();
    turnCpuAlarm = kernel.cpuAlarms.next;
    const alone = turnTasks === 1;
    const { nanoseconds, busyNanoseconds } = clock.kernel;
    const left = Math.min(turnDeadline - nanoseconds(), turnCpuAlarm - busyNanoseconds());
    const alarm = now + Math.max(0, left);
    const turn = alone ? Number.POSITIVE_INFINITY : turns.end;
    const until = Math.min(last, now + STEP, turn, alarm);
    threads.current.space.compile();
    const reached = engine.run(engine.executed + (until - now), until === most || until === alarm);
    if (reached && until === turn) turns.finish();
    kernel.cpuAlarms.ring(busyNanoseconds());
    return reached && until === last;
  }

  /** Runs until the guest ends, or to the last block before the count reaches `last`, or until all of it waits for the host. */
  function runTo(last: number, most: number): void {
    while (exit === undefined && firstTask.process.exitStatus === undefined) {
      const turn = takeTurn();
      if (turn === "idle") return;
      if (!turn) {
        kernel.deadlock();
        continue;
      }
      if (task.wait !== undefined) traps.resume();
      else if (task.interrupted) traps.deliver();
      else if (runOn(last, most)) return;
      if (firstTask.process.exitStatus === undefined) threads.settle();
    }
  }

  function runSlice(insns: number): GuestExit | undefined {
    if (exit !== undefined) return exit;
    if (!started) {
      started = true;
      vcpus.tell("initialized", running.cpu);
    }
    const most = Math.min(options.maxInsns ?? Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER);
    inside = true;
    try {
      runTo(Math.min(threads.executed + Math.max(insns, MAX_BLOCK_INSTRUCTIONS), most), most);
    } finally {
      inside = false;
    }
    return finish();
  }

  const tools = { attachments, cells, rings, running, end: guestEnd };
  return {
    plugin: createMachinePlugin(
      {
        path: options.path,
        args: options.args,
        program: firstTask.mm.program,
        process,
        mappings: mappingEvents.list,
        executed: () => threads.executed,
        tools,
        syscalls,
        clock,
        vcpus,
        flush: changed,
        end,
      },
      outlet,
    ),
    get executed() {
      return threads.executed;
    },
    get exit() {
      return exit;
    },
    run() {
      for (;;) {
        const how = runSlice(Number.MAX_SAFE_INTEGER);
        if (how !== undefined) return how;
      }
    },
    runSlice,
    interrupt(reason, code) {
      const how: GuestExit = { code, signal: undefined, stopped: reason };
      end(how);
      // In the middle of a block, plugins are told when it is over.
      if (!inside) finish();
      return exit ?? how;
    },
  };
}

/**
 * Instructions between two visits to JavaScript: what has become hot is translated then; and the engine compiles code
 * a second time, for speed, while it runs, and takes the better code when it is entered anew (V8 replaces no
 * WebAssembly frame on the stack).
 */
const STEP = 1_000_000;
/**
 * Executions after which a block is worth translating: in them it has taken about as long as its translation takes.
 */
const TRANSLATE_AFTER = 1000;
/** What the engine makes of so many bytes is some times as large. */
const MOST_CODE = 0x100_0000;
/** Nanoseconds a tick of the `time` register: 10 MHz, as on QEMU's virt machine. */
const TIMEBASE = 100;
