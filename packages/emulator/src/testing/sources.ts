import type { Consumer } from "@qpp/core";
import { Subscription } from "rxjs";
import type {
  BlockBatch,
  BlockEvents,
  BlockExecution,
  InstructionBatch,
  InstructionEvents,
  InstructionExecution,
} from "../contract/blocks.js";
import type { Cpu } from "../contract/cpu.js";
import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import type { MemoryAccess, MemoryAccessEvent, MemoryBatch, MemoryEvents } from "../contract/memory.js";
import type { Traces } from "../contract/traces.js";
import type { Cells } from "../instrument/cells.js";
import { createHostEvents, type HostEvents, HostLane, type HostTools } from "../instrument/host-lanes.js";
import { createVirtualClock } from "../linux/clock.js";
import { Access } from "../machine/access.js";
import { createOwnableClock, type OwnableClock } from "../machine/clock.js";
import { createSyscalls, type Syscalls } from "../machine/syscalls.js";
import { SYSTEM_MODE_MEMORY } from "../machine/system-mode.js";
import { createFakeCells } from "./cells.js";
import {
  accessBatch,
  type BlockGate,
  blockBatch,
  createBlockGate,
  createBlockwiseEvents,
  type FakeLaneSpec,
  fakeLanes,
  instructionBatch,
  once,
} from "./lanes.js";
import { createFakeMemory, type FakeMemory } from "./memory.js";
import { createFakeTraces } from "./traces.js";
import { createFakeVcpus, type FakeVcpus } from "./vcpus.js";

/** All that happens in a fake machine, and what consumers see of it. */
export interface FakeSources {
  readonly tools: HostTools;
  readonly cells: Cells;
  readonly gate: BlockGate;
  readonly memory: FakeMemory;
  readonly vcpus: FakeVcpus;
  readonly syscalls: Syscalls;
  readonly clock: OwnableClock;
  /** Closes when the guest has ended. */
  readonly end: Subscription;
  readonly life: Readonly<Record<"initialized" | "exited" | "idled" | "resumed", HostEvents<Cpu, Cpu>>>;
  readonly translations: HostEvents<Block, Block>;
  readonly blocks: HostEvents<BlockExecution, Block>;
  readonly instructions: HostEvents<InstructionExecution, Instruction>;
  readonly accesses: HostEvents<MemoryAccessEvent, AccessSite>;
  /** Instructions executed by all vCPUs. */
  executed(): number;
  /** Hands over what is in batches. */
  drain(): void;
  blocksFor(consumer: Consumer): BlockEvents;
  instructionsFor(consumer: Consumer): InstructionEvents;
  memoryFor(consumer: Consumer): MemoryEvents;
  tracesFor(consumer: Consumer): Traces;
}

const all = (): boolean => true;

export function createFakeSources(): FakeSources {
  const running: HostTools["running"] = { current: undefined };
  const cells = createFakeCells();
  const end = new Subscription();
  const draining = new Set<() => void>();
  const gate = createBlockGate();
  const memory = createFakeMemory();
  const life: FakeSources["life"] = {
    initialized: createHostEvents(),
    exited: createHostEvents(),
    idled: createHostEvents(),
    resumed: createHostEvents(),
  };
  const vcpus = createFakeVcpus(cells, running, ({ cpu }) => life.initialized.emit(cpu, cpu));
  const tools: HostTools = { running, cells, end, vcpu: () => vcpus.current };
  const executed = (): number => vcpus.all.reduce((sum, { at }) => sum + at.executed, 0);

  const translations = createHostEvents<Block, Block>();
  const blocks: FakeLaneSpec<[Cpu, Block], BlockExecution, BlockBatch, Block> = {
    name: "machine.blocks.executed",
    events: createBlockwiseEvents(gate),
    spread:
      () =>
      ({ cpu, block }) => [cpu, block],
    batch: blockBatch,
  };
  const instructions: FakeLaneSpec<[Cpu, Instruction], InstructionExecution, InstructionBatch, Instruction> =
    {
      name: "machine.instructions.executed",
      events: createBlockwiseEvents(gate),
      spread:
        () =>
        ({ cpu, instruction }) => [cpu, instruction],
      batch: instructionBatch,
    };
  const accesses: FakeLaneSpec<[Cpu, MemoryAccess], MemoryAccessEvent, MemoryBatch, AccessSite> = {
    name: "machine.memory.accessed",
    events: createBlockwiseEvents(gate),
    spread() {
      // One object, reused, as the real machine does it: who keeps it finds something else in it later.
      let reused: Access | undefined;
      return ({ cpu, access }) => {
        reused ??= new Access(access.site);
        const { site, address, valueLow, valueHigh } = access;
        return [cpu, Object.assign(reused, { site, address, valueLow, valueHigh })];
      };
    },
    batch: accessBatch,
  };

  const blocksFor = (consumer: Consumer, selected: (block: Block) => boolean = all): BlockEvents => ({
    where: (predicate) => blocksFor(consumer, both(selected, predicate)),
    translated: new HostLane("machine.blocks.translated", translations, tools, consumer, selected),
    executed: fakeLanes(blocks, tools, draining, gate, consumer, selected),
  });
  const instructionsFor = (
    consumer: Consumer,
    selected: (instruction: Instruction) => boolean = all,
  ): InstructionEvents => ({
    where: (predicate) => instructionsFor(consumer, both(selected, predicate)),
    executed: fakeLanes(instructions, tools, draining, gate, consumer, selected),
  });
  const memoryFor = (consumer: Consumer, selected: (site: AccessSite) => boolean = all): MemoryEvents => ({
    where: (predicate) => memoryFor(consumer, both(selected, predicate)),
    accessed: fakeLanes(accesses, tools, draining, gate, consumer, selected),
    read: memory.read,
    readString(address, limit = 4096) {
      for (let length = 0; length < limit; length++) {
        const byte = memory.read(address + length, 1)?.[0];
        if (byte === undefined) return undefined;
        if (byte === 0) return new TextDecoder().decode(memory.read(address, length));
      }
      return undefined;
    },
    write(address, bytes) {
      if (memory.read(address, bytes.length) === undefined) return false;
      memory.set(address, bytes);
      return true;
    },
    ...SYSTEM_MODE_MEMORY,
  });

  return {
    tools,
    cells,
    gate,
    memory,
    vcpus,
    syscalls: createSyscalls(tools),
    clock: createOwnableClock(createVirtualClock(executed)),
    end,
    life,
    translations,
    blocks: blocks.events,
    instructions: instructions.events,
    accesses: accesses.events,
    executed,
    drain() {
      for (const each of [...draining]) each();
    },
    blocksFor: (consumer) => blocksFor(consumer),
    instructionsFor: (consumer) => instructionsFor(consumer),
    memoryFor: (consumer) => memoryFor(consumer),
    tracesFor: createFakeTraces(
      { blocks: blocks.events, instructions: instructions.events, accesses: accesses.events },
      tools,
      draining,
    ),
  };
}

/** Asked once for each site, as the real machine asks once a translation. */
function both<Site extends object>(
  first: (site: Site) => boolean,
  second: (site: Site) => boolean,
): (site: Site) => boolean {
  return once((site) => first(site) && second(site));
}
