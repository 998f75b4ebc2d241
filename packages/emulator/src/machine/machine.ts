import type { Plugin } from "@qpp/core";
import { Subscription } from "rxjs/internal/Subscription";
import type { Cpu } from "../contract/cpu.js";
import type { GuestExit } from "../contract/life.js";
import { createCells } from "../instrument/cells.js";
import type { HostTools } from "../instrument/host-lanes.js";
import { PcChange, type Running } from "../instrument/listening.js";
import { createAttachments } from "../instrument/planner.js";
import { createRings } from "../instrument/rings.js";
import { createSites, type Deliver } from "../instrument/sites.js";
import { type CachedBlock, createCodeCache } from "../interpreter/code-cache.js";
import { Csr } from "../interpreter/csr.js";
import { createEngine } from "../interpreter/engine.js";
import { createFuel } from "../interpreter/fuel.js";
import { MAX_BLOCK_INSTRUCTIONS } from "../interpreter/scan.js";
import type { OptionalExtension } from "../isa/riscv/extensions.js";
import type { FilePermissions } from "../linux/files/sandbox.js";
import { createProcess } from "../linux/process.js";
import type { ReadFile } from "../linux/program-file.js";
import { createRandom } from "../linux/random.js";
import type { Registers } from "../linux/registers.js";
import { signalName } from "../linux/signals.js";
import type { StdioSet } from "../linux/stdio.js";
import { createGuestMemory } from "../memory/guest-memory.js";
import { RESERVATION_ADDRESS, X_REGISTERS } from "../memory/layout.js";
import { createLinker, type RegionHost } from "../translator/link.js";
import type { Translation } from "../translator/translation.js";
import { createTranslator } from "../translator/translator.js";
import { createOwnableClock } from "./clock.js";
import { createCpu } from "./cpu.js";
import { createMachinePlugin, type Outlet } from "./plugin.js";
import { createSyscalls } from "./syscalls.js";
import { createTraps } from "./traps.js";
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
  /** Host files that the guest may use. */
  readonly files: FilePermissions;
  readonly stdio: StdioSet;
  /** What the processor has beyond RV64GC, and tells of by riscv_hwprobe: nothing unless told. */
  readonly extensions?: readonly OptionalExtension[] | undefined;
  /** Seed of everything random that the guest can see. */
  readonly seed: number;
  /** Ends the guest after exactly this many instructions. */
  readonly maxInsns?: number | undefined;
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
   * there is always room for one block, fewer than 512 count as 512. Undefined if the guest has not ended yet.
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
  const memory = createGuestMemory();
  const fuel = createFuel(memory);
  const extensions = new Set(options.extensions);
  const registers: Registers = {
    u32: new Uint32Array(memory.wasm.buffer, X_REGISTERS, 64),
    i32: new Int32Array(memory.wasm.buffer, X_REGISTERS, 64),
  };
  const running: Running = { current: undefined };
  const cells = createCells(memory);
  const rings = createRings(memory);
  const sites = createSites<Deliver>();
  const outlet: Outlet = {};

  function changed(): void {
    cache.markStale();
    engine.interrupt();
  }
  const symbolName = (address: number): string | undefined => process.program.symbols.symbolAt(address)?.name;
  const attachments = createAttachments(symbolName, changed);
  const threshold = options.translate === false ? 0 : (options.translateAfter ?? TRANSLATE_AFTER);
  const flushed = (): void => {
    translator.flush();
    rings.drainAll();
    rings.reclaim();
    sites.clear();
    cells.reclaim();
    outlet.callbacks?.flushed.run();
  };
  const dropped = (blocks: ReadonlySet<CachedBlock>): void => translator.drop(blocks);
  const cache = createCodeCache(memory, attachments, flushed, {
    extensions,
    countdown: threshold,
    dropped,
  });
  const codeChanged = (address: number, length: number): void => {
    cache.markRangeStale(address, length);
    engine.interrupt();
  };
  memory.onCodeWrite = codeChanged;
  memory.onMappingChange = codeChanged;

  const regionHost: RegionHost = {
    event: (site) => sites.get(site)(),
    drain: (ring) => rings.drain(ring >>> 0),
  };
  const engine = createEngine(memory, cache, fuel, {
    ...regionHost,
    hot: (block) => translator.hot(block),
    counter: (csr) =>
      csr === Csr.TIME ? Math.floor(clock.kernel.nanoseconds() / TIMEBASE) : engine.executed,
    syscall: (pc) => traps.syscall(pc),
    exception: (cause, pc, value) => traps.exception(cause, pc, value),
    callbackThrew,
  });
  const linker = createLinker(memory.wasm, engine.interpreter, regionHost);
  const mostBytes = options.translatedBytes ?? MOST_CODE;
  const translator = createTranslator(memory, cache, linker, threshold, mostBytes, options.observe);
  const cpu: Cpu = createCpu(0, memory, engine, running);

  let exit: GuestExit | undefined;
  let started = false;
  let inside = false;
  let told = false;
  const guestEnd = new Subscription();
  const hostTools: HostTools = { running, cells, end: guestEnd, vcpu: () => cpu.index };
  const vcpus = createVcpus(hostTools, () => (exit === undefined ? [cpu] : []));
  const syscalls = createSyscalls(hostTools);
  const clock = createOwnableClock(
    () => engine.executed,
    (sleep) => {
      vcpus.tell("idled", cpu);
      sleep();
      vcpus.tell("resumed", cpu);
    },
  );
  const process = createProcess({
    memory,
    path: options.path,
    image: options.image,
    args: [options.path, ...options.args],
    env: options.env,
    readFile: options.readFile,
    files: options.files,
    stdio: options.stdio,
    clock: clock.kernel,
    random: createRandom(options.seed),
    extensions,
    report: options.report,
  });
  const traps = createTraps({
    memory,
    registers,
    fuel,
    cpu,
    process,
    syscalls,
    extensions,
    report: options.report,
    tellSignal: (kind, from, signal) =>
      outlet.callbacks?.discontinuities.run({ cpu, kind, from, to: undefined, signal: signalName(signal) }),
    end,
    ended: () => exit !== undefined,
  });

  engine.pc = process.entry;
  memory.view.setBigUint64(X_REGISTERS + 2 * 8, BigInt(process.stackPointer), true);
  memory.view.setBigInt64(RESERVATION_ADDRESS, -1n, true);

  function end(how: GuestExit): void {
    if (exit !== undefined) return;
    exit = how;
    engine.end();
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
    if (exit === undefined && options.maxInsns !== undefined && engine.executed >= options.maxInsns) {
      end({ code: 0, signal: undefined, stopped: "max-insns" });
    }
    if (exit !== undefined && !told) {
      told = true;
      rings.drainAll();
      syscalls.drain();
      if (started) vcpus.tell("exited", cpu);
      guestEnd.unsubscribe();
      outlet.callbacks?.exited.run(exit.code, exit);
      process.dispose();
    }
    return exit;
  }

  function runSlice(insns: number): GuestExit | undefined {
    if (exit !== undefined) return exit;
    if (!started) {
      started = true;
      vcpus.tell("initialized", cpu);
    }
    const most = Math.min(options.maxInsns ?? Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER);
    const last = Math.min(engine.executed + Math.max(insns, MAX_BLOCK_INSTRUCTIONS), most);
    inside = true;
    try {
      for (let limit = 0; limit < last && exit === undefined; ) {
        limit = Math.min(engine.executed + STEP, last);
        translator.compile();
        engine.run(limit, limit === most);
      }
    } finally {
      inside = false;
    }
    return finish();
  }

  const tools = { attachments, cells, rings, sites, running, end: guestEnd, memory, cpu };
  return {
    plugin: createMachinePlugin(
      {
        path: options.path,
        args: options.args,
        engine,
        process,
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
      return engine.executed;
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
