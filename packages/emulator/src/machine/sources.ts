import { AttributedObservable, type Consumer } from "@qpp/core";
import type { Subscription } from "rxjs";
import type {
  BlockBatch,
  BlockEvents,
  BlockExecution,
  InstructionBatch,
  InstructionEvents,
  InstructionExecution,
} from "../contract/blocks.js";
import type { Cpu } from "../contract/cpu.js";
import { SystemModeOnlyError } from "../contract/errors.js";
import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import type { DirectLane } from "../contract/lanes.js";
import type { MemoryAccess, MemoryAccessEvent, MemoryBatch, MemoryEvents } from "../contract/memory.js";
import {
  callGuarded,
  type Lane,
  type Listening,
  ownedSubscription,
  untilEnd,
} from "../instrument/listening.js";
import { type LaneSpec, type LaneTools, TranslatedLanes } from "../instrument/translated-lanes.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { Access, accessInfo } from "./access.js";

/** What the event sources of a machine are made of. */
export interface SourceTools extends LaneTools {
  readonly memory: GuestMemory;
  readonly cpu: Cpu;
}

type Select<Site> = (site: Site) => boolean;

const all = (): boolean => true;

function both<Site>(first: Select<Site>, second: Select<Site>): Select<Site> {
  return first === all ? second : (site) => first(site) && second(site);
}

const empty = new Uint32Array(0);

/** Blocks, for one consumer. */
export function createBlockEvents(tools: SourceTools, consumer: Consumer): BlockEvents {
  const { cpu } = tools;
  const spec: LaneSpec<"block", [cpu: Cpu, block: Block], BlockExecution, BlockBatch> = {
    kind: "block",
    name: "machine.blocks.executed",
    caller: (block, listener) => () => listener(cpu, block),
    event: (block) => ({ cpu, block }),
    columns: 3,
    siteColumn: 1,
    detail: (block) => block.instructions.length,
    batch: ([pc = empty, , insns = empty], block) => ({ length: 0, vcpu: cpu.index, pc, insns, block }),
  };
  const selecting = (selected: Select<Block>): BlockEvents => ({
    where: (predicate) => selecting(both(selected, predicate)),
    translated: translatedLane(tools, consumer, selected),
    executed: new TranslatedLanes(spec, tools, consumer, selected),
  });
  return selecting(all);
}

/** Translations of blocks: told while blocks are made, outside of translated code. */
function translatedLane(
  { attachments, running, end }: SourceTools,
  consumer: Consumer,
  selected: Select<Block>,
): DirectLane<[block: Block], Block> {
  const name = "machine.blocks.translated";

  function attach(lane: Lane, what: string, call: (block: Block) => unknown): Subscription {
    const listening: Listening = { consumer, where: `${what} of ${name}`, registers: "none", live: true };
    const off = attachments.attach("translation", (block) => {
      callGuarded(running, listening, () => (listening.live && selected(block) ? call(block) : undefined));
      return undefined;
    });
    return ownedSubscription(consumer, { to: name, lane }, () => {
      listening.live = false;
      off();
    });
  }

  return Object.assign(
    new AttributedObservable<Block>(
      (subscriber) =>
        untilEnd(
          end,
          subscriber,
          attach("rx", "stream", (block) => subscriber.next(block)),
        ),
      { consumer, where: `stream of ${name}`, callback: name },
    ),
    { register: (listener: (block: Block) => void): Subscription => attach("direct", "listener", listener) },
  );
}

/** Instructions, for one consumer. */
export function createInstructionEvents(tools: SourceTools, consumer: Consumer): InstructionEvents {
  const { cpu } = tools;
  const spec: LaneSpec<
    "instruction",
    [cpu: Cpu, instruction: Instruction],
    InstructionExecution,
    InstructionBatch
  > = {
    kind: "instruction",
    name: "machine.instructions.executed",
    caller: (instruction, listener) => () => listener(cpu, instruction),
    event: (instruction) => ({ cpu, instruction }),
    columns: 3,
    siteColumn: 1,
    detail: () => 1,
    batch: ([pc = empty], instruction) => ({ length: 0, vcpu: cpu.index, pc, instruction }),
  };
  const selecting = (selected: Select<Instruction>): InstructionEvents => ({
    where: (predicate) => selecting(both(selected, predicate)),
    executed: new TranslatedLanes(spec, tools, consumer, selected),
  });
  return selecting(all);
}

/** Memory and the accesses to it, for one consumer. */
export function createMemoryEvents(tools: SourceTools, consumer: Consumer): MemoryEvents {
  const { cpu, memory } = tools;
  const spec: LaneSpec<"access", [cpu: Cpu, access: MemoryAccess], MemoryAccessEvent, MemoryBatch> = {
    kind: "access",
    name: "machine.memory.accessed",
    caller: (site, listener) => {
      const access = new Access(site);
      return () => listener(cpu, access.read(memory, site));
    },
    event: (site) => ({ cpu, access: new Access(site).read(memory, site) }),
    columns: 6,
    siteColumn: 4,
    detail: accessInfo,
    batch: ([address = empty, pc = empty, valueLow = empty, valueHigh = empty, , info = empty], site) => ({
      length: 0,
      vcpu: cpu.index,
      address,
      pc,
      valueLow,
      valueHigh,
      info,
      site,
    }),
  };
  const selecting = (selected: Select<AccessSite>): MemoryEvents => ({
    where: (predicate) => selecting(both(selected, predicate)),
    accessed: new TranslatedLanes(spec, tools, consumer, selected),
    read: (address, length) => memory.read(address, length)?.slice(),
    readString(address, limit = 4096) {
      const bytes = memory.readCString(address, limit);
      return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : undefined;
    },
    write: (address, bytes) => memory.write(address, bytes),
    translate() {
      throw new SystemModeOnlyError("address translation");
    },
    readHardware() {
      throw new SystemModeOnlyError("physical memory");
    },
    writeHardware() {
      throw new SystemModeOnlyError("physical memory");
    },
  });
  return selecting(all);
}
