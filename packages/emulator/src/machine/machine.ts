import { type Consumer, type Plugin, perConsumer, plugin } from "@qpp/core";
import { Subscription } from "rxjs/internal/Subscription";
import type { Cpu } from "../contract/cpu.js";
import type { DiscontinuityKind, GuestExit } from "../contract/life.js";
import { machine as machineContract } from "../contract.js";
import { createCells } from "../instrument/cells.js";
import { createHostEvents, HostLane, type HostTools } from "../instrument/host-lanes.js";
import { PcChange, type Running } from "../instrument/listening.js";
import { createAttachments } from "../instrument/planner.js";
import { createRings } from "../instrument/rings.js";
import { createScoreboard } from "../instrument/scoreboard.js";
import { createSites, type Deliver } from "../instrument/sites.js";
import { createCodeCache } from "../interpreter/code-cache.js";
import { Csr } from "../interpreter/csr.js";
import { createEngine } from "../interpreter/engine.js";
import { createFuel } from "../interpreter/fuel.js";
import { MAX_BLOCK_INSTRUCTIONS } from "../interpreter/scan.js";
import { disassemble } from "../isa/riscv/disassemble.js";
import { Exception } from "../isa/riscv/emitter.js";
import { faultReport } from "../linux/fault-report.js";
import type { FilePermissions } from "../linux/files/sandbox.js";
import { createProcess } from "../linux/process.js";
import { createRandom } from "../linux/random.js";
import { type Registers, syscallNumber } from "../linux/registers.js";
import { signalName } from "../linux/signals.js";
import type { StdioSet } from "../linux/stdio.js";
import { createGuestMemory } from "../memory/guest-memory.js";
import { RESERVATION_ADDRESS, X_REGISTERS } from "../memory/layout.js";
import { createOwnableClock } from "./clock.js";
import { createCpu } from "./cpu.js";
import { signalOf } from "./exceptions.js";
import { createBlockEvents, createInstructionEvents, createMemoryEvents } from "./sources.js";
import { createSyscalls } from "./syscalls.js";

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
  /** Host files that the guest may use. */
  readonly files: FilePermissions;
  readonly stdio: StdioSet;
  /** Seed of everything random that the guest can see. */
  readonly seed: number;
  /** Ends the guest after exactly this many instructions. */
  readonly maxInsns?: number | undefined;
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
  const running: Running = { current: undefined };
  const cells = createCells(memory);
  const rings = createRings(memory);
  const sites = createSites<Deliver>();
  const fuel = createFuel(memory);
  const registers: Registers = {
    u32: new Uint32Array(memory.wasm.buffer, X_REGISTERS, 64),
    i32: new Int32Array(memory.wasm.buffer, X_REGISTERS, 64),
  };
  const symbolName = (address: number): string | undefined => process.program.symbols.symbolAt(address)?.name;

  function changed(): void {
    cache.markStale();
    engine.interrupt();
  }
  const attachments = createAttachments(symbolName, changed);
  let tellFlushed = (): void => {};
  const cache = createCodeCache(memory, attachments, () => {
    rings.drainAll();
    rings.reclaim();
    sites.clear();
    cells.reclaim();
    tellFlushed();
  });
  memory.onCodeWrite = changed;
  memory.onMappingChange = changed;

  const engine = createEngine(memory, cache, fuel, {
    event: (site) => sites.get(site)(),
    drain: (ring) => rings.drain(ring >>> 0),
    counter: (csr) =>
      csr === Csr.TIME ? Math.floor(clock.kernel.nanoseconds() / TIMEBASE) : engine.executed,
    syscall,
    exception,
    callbackThrew,
  });
  const cpu: Cpu = createCpu(0, memory, engine, running);
  const guestEnd = new Subscription();
  const hostTools: HostTools = { running, cells, end: guestEnd, vcpu: () => cpu.index };
  const vcpuEvents = {
    initialized: createHostEvents<Cpu, Cpu>(),
    exited: createHostEvents<Cpu, Cpu>(),
    idled: createHostEvents<Cpu, Cpu>(),
    resumed: createHostEvents<Cpu, Cpu>(),
  };
  const clock = createOwnableClock(
    () => engine.executed,
    (sleep) => {
      vcpuEvents.idled.emit(cpu, cpu);
      sleep();
      vcpuEvents.resumed.emit(cpu, cpu);
    },
  );
  const process = createProcess({
    memory,
    path: options.path,
    image: options.image,
    args: [options.path, ...options.args],
    env: options.env,
    files: options.files,
    stdio: options.stdio,
    clock: clock.kernel,
    random: createRandom(options.seed),
    report: options.report,
  });
  const syscalls = createSyscalls(hostTools);

  let exit: GuestExit | undefined;
  let started = false;
  let inside = false;
  let told = false;
  let tellExit = (_exit: GuestExit): void => {};
  let tellSignal = (_kind: DiscontinuityKind, _from: number, _signal: number): void => {};

  engine.pc = process.entry;
  memory.view.setBigUint64(X_REGISTERS + 2 * 8, BigInt(process.stackPointer), true);
  memory.view.setBigInt64(RESERVATION_ADDRESS, -1n, true);

  function end(how: GuestExit): void {
    if (exit !== undefined) return;
    exit = how;
    engine.end();
  }

  /** Ends the guest and says why. `address` is what could not be used, for signals that have such an address. */
  function endBySignal(signal: number, pc: number, address?: number): void {
    options.report(
      faultReport({
        signal,
        pc,
        address,
        registers,
        memory,
        symbols: process.program.symbols,
        disassemble: (at) => disassemble(fetch(at), at),
      }),
    );
    end({ code: 128 + signal, signal: signalName(signal), stopped: undefined });
  }

  function setResult(value: number): void {
    registers.u32[2 * A0] = ((value % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000;
    registers.i32[2 * A0 + 1] = Math.floor(value / 0x1_0000_0000);
  }

  function syscall(pc: number): number {
    let made = false;
    // While plugins look at it, the call is the present instruction: not yet counted.
    fuel.refund(1);
    try {
      const call = syscalls.enter(cpu, pc, syscallNumber(registers), registers.u32);
      const answer = syscalls.answer(call);
      if (exit !== undefined) return pc;
      made = true;
      const outcome = answer === undefined ? process.syscall(registers) : { kind: "return", value: answer };
      if (outcome.kind === "exit") {
        end({ code: outcome.value & 0xff, signal: undefined, stopped: undefined });
      } else if (outcome.kind === "signal") {
        tellSignal("interrupt", pc + 4, outcome.value);
        endBySignal(outcome.value, pc);
      } else {
        setResult(outcome.value);
        syscalls.leave(call, outcome.value);
      }
      return pc + 4;
    } catch (cause) {
      if (cause instanceof PcChange) return cause.pc;
      throw cause;
    } finally {
      if (made) fuel.spend(1);
    }
  }

  function exception(cause: Exception, pc: number, value: number): void {
    const signal = signalOf(cause);
    tellSignal("exception", pc, signal);
    if (process.signal(signal, true).kind === "return") return;
    const addressed = cause !== Exception.ILLEGAL_INSTRUCTION && cause !== Exception.BREAKPOINT;
    endBySignal(signal, pc, addressed ? value : undefined);
  }

  function fetch(pc: number): number {
    const low = memory.view.getUint16(pc, true);
    return memory.peek(pc, 4) === undefined ? low : memory.view.getUint32(pc, true);
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
      if (started) vcpuEvents.exited.emit(cpu, cpu);
      guestEnd.unsubscribe();
      tellExit(exit);
      process.dispose();
    }
    return exit;
  }

  function runSlice(insns: number): GuestExit | undefined {
    if (exit !== undefined) return exit;
    if (!started) {
      started = true;
      vcpuEvents.initialized.emit(cpu, cpu);
    }
    const most = options.maxInsns ?? Number.POSITIVE_INFINITY;
    const limit = engine.executed + Math.max(insns, MAX_BLOCK_INSTRUCTIONS);
    inside = true;
    try {
      engine.run(Math.min(limit, most, Number.MAX_SAFE_INTEGER), limit >= most);
    } finally {
      inside = false;
    }
    return finish();
  }

  const tools = { attachments, cells, rings, sites, running, end: guestEnd, memory, cpu };
  const machinePlugin = plugin(machineContract, {
    description: "the guest's machine: RV64GC, Linux user mode",
    install({ callbacks, onDispose }) {
      tellFlushed = () => callbacks.flushed.run();
      tellExit = (how) => callbacks.exited.run(how.code, how);
      tellSignal = (kind, from, signal) =>
        callbacks.discontinuities.run({ cpu, kind, from, to: undefined, signal: signalName(signal) });
      onDispose(() => end({ code: 125, signal: undefined, stopped: "machine uninstalled" }));
      const { program } = process;
      const lane = (name: keyof typeof vcpuEvents, consumer: Consumer) =>
        new HostLane(`machine.vcpus.${name}`, vcpuEvents[name], hostTools, consumer, () => true);
      return {
        process: () => ({ pid: process.pid, ppid: process.ppid, name: process.name }),
        executed: () => engine.executed,
        stop: (code: number, reason: string) => end({ code, signal: undefined, stopped: reason }),
        flush: changed,
        blocks: perConsumer((consumer) => createBlockEvents(tools, consumer)),
        instructions: perConsumer((consumer) => createInstructionEvents(tools, consumer)),
        memory: perConsumer((consumer) => createMemoryEvents(tools, consumer)),
        syscalls: perConsumer((consumer) => syscalls.events(consumer)),
        clock: perConsumer((consumer) => clock.for(consumer)),
        scoreboards: perConsumer((consumer) => ({
          create(size: number) {
            const scoreboard = createScoreboard(cells, size);
            consumer.add(scoreboard.free);
            return scoreboard;
          },
        })),
        vcpus: perConsumer((consumer) => ({
          get count() {
            return cells.vcpus;
          },
          get list() {
            return exit === undefined ? [cpu] : [];
          },
          initialized: lane("initialized", consumer),
          exited: lane("exited", consumer),
          idled: lane("idled", consumer),
          resumed: lane("resumed", consumer),
        })),
        program: {
          path: options.path,
          args: options.args,
          startCode: program.startCode,
          endCode: program.endCode,
          entry: program.entry,
          symbolAt: program.symbols.symbolAt,
        },
      };
    },
  });

  return {
    plugin: machinePlugin,
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

/** x10, a0: results of system calls. */
const A0 = 10;
/** Nanoseconds a tick of the `time` register: 10 MHz, as on QEMU's virt machine. */
const TIMEBASE = 100;
