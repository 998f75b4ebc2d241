import { type OwnedCallbacks, type Plugin, perConsumer, plugin } from "@qpp/core";
import type { Cpu } from "../contract/cpu.js";
import type { Block, Instruction } from "../contract/instruction.js";
import type { GuestExit, GuestProcess, Program } from "../contract/life.js";
import type { Mapping } from "../contract/mapping.js";
import { type MachineCallbacks, machine } from "../contract.js";
import { HostLane } from "../instrument/host-lanes.js";
import { PcChange } from "../instrument/listening.js";
import { createScoreboard } from "../instrument/scoreboard.js";
import { Access } from "../machine/access.js";
import { completeMapping, type FakeMapping, withoutRange } from "./mappings.js";
import { bytesOf, type FakeMemory } from "./memory.js";
import { accessSite, type FakeSymbol } from "./program.js";
import { createFakeSources } from "./sources.js";
import type { MachineEvent, MachineStream } from "./stream.js";

/** A system call that is made by hand. */
export interface FakeCall {
  readonly number: number;
  /** Missing ones are 0. */
  readonly args?: readonly number[];
  /** Without one, the call does not return. */
  readonly result?: number;
  /** 0x10000 unless told. */
  readonly pc?: number;
  /** 0 unless told. */
  readonly vcpu?: number;
}

/** A machine without an emulator: what happens in it is played to it, as a stream or by hand. */
export interface FakeMachine {
  /** The machine as a plugin: load it with those that are to be tested. */
  readonly plugin: Plugin;
  /** What plugins find in the guest's memory. Stores that are played change it. */
  readonly memory: FakeMemory;
  /** What `machine.process()` says; to set it tells plugins that another process runs. */
  process: GuestProcess;
  /** What `machine.mappings()` says; to set it tells nobody: before `process` is set, it is what another process has. */
  mappings: readonly Mapping[];
  /** Maps pages in place of what was there, and tells plugins. */
  map(mapping: FakeMapping): void;
  /** Unmaps pages, and tells plugins. */
  unmap(start: number, end: number): void;
  /** How the guest has ended; undefined while it has not. */
  readonly exit: GuestExit | undefined;
  /** Plays a stream; stops at the next block if a plugin stops the machine. */
  play(stream: Pick<MachineStream, "events">): void;
  /** Plays one event. What must have come before it and has not, such as the translation of a block, comes by itself. */
  emit(event: MachineEvent): void;
  /** Translates a block: anew, if it has been before. */
  translate(block: Block): void;
  /** Executes a block: the block, then each of its instructions. Accesses and system calls are made by themselves. */
  execute(block: Block, vcpu?: number): void;
  /** Makes a memory access of an instruction; a store also changes the memory. */
  access(
    instruction: Instruction,
    access: { readonly isStore: boolean; readonly address: number; readonly value: bigint },
  ): void;
  /** Makes a system call, and lets it return if it has a result. */
  call(call: FakeCall): void;
  /** Has a vCPU wait. */
  idle(vcpu: number): void;
  /** Ends the guest. */
  end(code: number): void;
}

/** What a fake machine is made with. */
export interface FakeMachineOptions {
  /** The functions of its program; none unless told. */
  readonly symbols?: readonly FakeSymbol[];
}

/**
 * Makes a fake machine: the plugin `machine` without an emulator, on all lanes. It does with events what the real one does,
 * with the same code where that is not about translating: attaching takes effect at the next block, batches are of one
 * vCPU, streams complete at the end. What it cannot do is go another way than it is told: `cpu.setPc` throws.
 *
 * @example
 * ```ts
 * const fake = createFakeMachine();
 * await container.load([{ plugin: fake.plugin }, { plugin: mine }]);
 * fake.execute(block(0x1_0000, ["addi a0,a0,1", "jal zero,0x10000"]));
 * fake.end(0);
 * ```
 */
export function createFakeMachine({ symbols = [] }: FakeMachineOptions = {}): FakeMachine {
  const sources = createFakeSources();
  const { vcpus, memory, gate, cells, clock, syscalls } = sources;
  const calls = new Map<number, { readonly call: ReturnType<typeof syscalls.enter>; answer?: number }>();
  let translated = new WeakSet<Block>();
  let exit: GuestExit | undefined;
  let stop: GuestExit | undefined;
  let flushing = false;
  let callbacks: OwnedCallbacks<MachineCallbacks> | undefined;

  function drain(): void {
    sources.drain();
    syscalls.drain();
  }

  function flush(): void {
    flushing = false;
    drain();
    translated = new WeakSet();
    callbacks?.flushed.run();
  }

  function translate(block: Block): void {
    translated.add(block);
    sources.translations.emit(block, block);
  }

  function finish(how: GuestExit): void {
    exit = how;
    gate.leave();
    drain();
    for (const { cpu, alive } of vcpus.all) if (alive) leave(cpu.index);
    sources.end.unsubscribe();
    callbacks?.exited.run(how.code, how);
  }

  function leave(index: number): void {
    const vcpu = vcpus.get(index);
    vcpu.alive = false;
    vcpu.at.executed = vcpu.begun;
    sources.life.exited.emit(vcpu.cpu, vcpu.cpu);
  }

  function beginBlock(index: number, block: Block): void {
    const vcpu = vcpus.get(index);
    vcpu.at.pc = block.pc;
    vcpu.at.executed = vcpu.begun;
    gate.enter();
    if (flushing) flush();
    if (!translated.has(block)) translate(block);
    sources.blocks.emit({ cpu: vcpu.cpu, block }, block);
  }

  function beginInstruction(index: number, instruction: Instruction): void {
    const vcpu = vcpus.get(index);
    vcpu.at.pc = instruction.pc;
    vcpu.at.executed = vcpu.begun++;
    sources.instructions.emit({ cpu: vcpu.cpu, instruction }, instruction);
  }

  function access({ vcpu: index, site, address, value }: MachineEvent & { kind: "access" }): void {
    const { cpu, at } = vcpus.get(index);
    at.pc = site.pc;
    if (site.isStore) memory.set(address, bytesOf(value, site.bytes));
    const made = Object.assign(new Access(site), {
      address,
      valueLow: Number(BigInt.asUintN(32, value)),
      valueHigh: Number(BigInt.asUintN(32, value >> 32n)),
    });
    sources.accesses.emit({ cpu, access: made }, site);
  }

  function enterCall(event: MachineEvent & { kind: "syscall-entered" }): void {
    const { cpu, at, words } = vcpus.get(event.vcpu);
    at.pc = event.pc;
    for (let i = 0; i < 8; i++) {
      const value = event.args[i] ?? (A0 + i === A7 ? BigInt(event.number) : 0n);
      words[2 * (A0 + i)] = Number(BigInt.asUintN(32, value));
      words[2 * (A0 + i) + 1] = Number(BigInt.asUintN(32, value >> 32n));
    }
    const call = syscalls.enter(cpu, event.pc, event.number, true, words);
    const answer = syscalls.answer(call);
    calls.set(event.vcpu, { call, ...(answer !== undefined && { answer }) });
  }

  function returnFromCall(index: number, result: number): void {
    const entered = calls.get(index);
    if (entered === undefined) throw new RangeError(`vCPU ${index} has not entered a system call`);
    vcpus.get(index);
    calls.delete(index);
    syscalls.leave(entered.call, entered.answer ?? result);
  }

  function happen(event: MachineEvent): void {
    switch (event.kind) {
      case "vcpu-initialized":
        vcpus.get(event.vcpu);
        break;
      case "vcpu-exited":
        leave(event.vcpu);
        break;
      case "vcpu-idled":
      case "vcpu-resumed": {
        const { cpu } = vcpus.get(event.vcpu);
        sources.life[event.kind === "vcpu-idled" ? "idled" : "resumed"].emit(cpu, cpu);
        break;
      }
      case "translated":
        translate(event.block);
        break;
      case "block":
        beginBlock(event.vcpu, event.block);
        break;
      case "instruction":
        beginInstruction(event.vcpu, event.instruction);
        break;
      case "access":
        access(event);
        break;
      case "syscall-entered":
        enterCall(event);
        break;
      case "syscall-returned":
        returnFromCall(event.vcpu, event.result);
        break;
      case "discontinuity": {
        const { vcpu, type, from, to, signal } = event;
        callbacks?.discontinuities.run({ cpu: vcpus.get(vcpu).cpu, kind: type, from, to, signal });
        break;
      }
      case "flushed":
        flush();
        break;
      case "exited":
        finish({ code: event.code, signal: event.signal, stopped: undefined });
    }
  }

  function emit(event: MachineEvent): void {
    if (exit !== undefined)
      throw new Error(`the guest has ended; nothing can happen any more: ${event.kind}`);
    try {
      happen(event);
    } catch (cause) {
      if (!(cause instanceof PcChange)) throw cause;
      const to = `0x${cause.pc.toString(16)}`;
      throw new Error(`a plugin set the pc to ${to}, but what a fake machine plays is fixed`);
    }
  }

  let process: GuestProcess = { pid: 100, ppid: 1, name: "guest" };
  let mappings: readonly Mapping[] = [];

  const machinePlugin = plugin(machine, {
    description: "a machine without an emulator",
    install(context) {
      callbacks = context.callbacks;
      return {
        process: () => process,
        mappings: () => mappings,
        executed: sources.executed,
        stop: (code: number, reason: string) => {
          stop ??= { code, signal: undefined, stopped: reason };
        },
        flush: () => {
          flushing = true;
        },
        blocks: perConsumer(sources.blocksFor),
        instructions: perConsumer(sources.instructionsFor),
        memory: perConsumer(sources.memoryFor),
        traces: perConsumer(sources.tracesFor),
        syscalls: perConsumer((consumer) => syscalls.events(consumer)),
        clock: perConsumer((consumer) => clock.for(consumer)),
        scoreboards: perConsumer(() => ({ create: (size: number) => createScoreboard(cells, size) })),
        vcpus: perConsumer((consumer) => {
          const lane = (name: keyof typeof sources.life): HostLane<Cpu, Cpu> =>
            new HostLane(`machine.vcpus.${name}`, sources.life[name], sources.tools, consumer, () => true);
          return {
            get count() {
              return Math.max(1, vcpus.all.length);
            },
            get list() {
              return vcpus.all.filter(({ alive }) => alive).map(({ cpu }) => cpu);
            },
            initialized: lane("initialized"),
            exited: lane("exited"),
            idled: lane("idled"),
            resumed: lane("resumed"),
          };
        }),
        program: programOf(symbols),
      };
    },
  });

  const fake: FakeMachine = {
    plugin: machinePlugin,
    memory,
    get process() {
      return process;
    },
    set process(now) {
      const before = process;
      drain();
      process = now;
      callbacks?.processChanged.run(now, before);
    },
    get mappings() {
      return mappings;
    },
    set mappings(now) {
      mappings = now;
    },
    map(mapping) {
      drain();
      const made = completeMapping(mapping);
      const others = withoutRange(mappings, made.start, made.end);
      mappings = [...others, made].sort((a, b) => a.start - b.start);
      callbacks?.mapped.run(process, made);
    },
    unmap(start, end) {
      drain();
      mappings = withoutRange(mappings, start, end);
      callbacks?.unmapped.run(process, start, end);
    },
    get exit() {
      return exit;
    },
    emit,
    play({ events }) {
      for (const event of events) {
        if (stop !== undefined && event.kind === "block") {
          finish(stop);
          return;
        }
        emit(event);
      }
      gate.leave();
    },
    translate: (block) => emit({ kind: "translated", block }),
    execute(block, vcpu = 0) {
      emit({ kind: "block", vcpu, block });
      for (const instruction of block.instructions) emit({ kind: "instruction", vcpu, instruction });
      gate.leave();
    },
    access: (instruction, { isStore, address, value }) =>
      emit({ kind: "access", vcpu: 0, site: accessSite(instruction, isStore), address, value }),
    call({ number, args = [], result, pc = 0x1_0000, vcpu = 0 }) {
      emit({ kind: "syscall-entered", vcpu, pc, number, args: args.map(BigInt) });
      if (result !== undefined) emit({ kind: "syscall-returned", vcpu, result });
    },
    idle: (vcpu) => emit({ kind: "vcpu-idled", vcpu }),
    end: (code) => emit({ kind: "exited", code }),
  };
  return fake;
}

/** x10, a0: the first argument of a system call. */
const A0 = 10;
/** x17, a7: the number of a system call. */
const A7 = 17;

function programOf(symbols: readonly FakeSymbol[]): Program {
  const ends = symbols.map(({ address, size }) => address + size);
  const starts = symbols.map(({ address }) => address);
  return {
    path: "guest",
    args: [],
    startCode: Math.min(0x1_0000, ...starts),
    endCode: Math.max(0x2_0000, ...ends),
    entry: starts[0] ?? 0x1_0000,
    symbolAt(address: number) {
      const found = symbols.find((each) => address >= each.address && address < each.address + each.size);
      return found && { name: found.name, offset: address - found.address };
    },
  };
}
