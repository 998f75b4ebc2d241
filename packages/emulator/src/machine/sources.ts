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
import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import type { DirectLane } from "../contract/lanes.js";
import type { MemoryAccess, MemoryAccessEvent, MemoryBatch, MemoryEvents } from "../contract/memory.js";
import { createFeeds } from "../instrument/feeds.js";
import {
  callGuarded,
  type Lane,
  type Listening,
  ownedSubscription,
  untilEnd,
} from "../instrument/listening.js";
import type { Rings } from "../instrument/rings.js";
import { type LaneSpec, type LaneTools, TranslatedLanes } from "../instrument/translated-lanes.js";
import { PresentAccess } from "./access.js";
import { accessBatches, blockBatches, instructionBatches } from "./batches.js";
import { SYSTEM_MODE_MEMORY } from "./system-mode.js";

/** What the event sources of a machine are made of. */
export interface SourceTools extends LaneTools {
  readonly rings: Rings;
}

type Select<Site> = (site: Site) => boolean;

/** Undefined selects all. */
function both<Site>(first: Select<Site> | undefined, second: Select<Site>): Select<Site> {
  return first === undefined ? second : (site) => first(site) && second(site);
}

/** Blocks, for each consumer. */
export function createBlockEvents(tools: SourceTools): (consumer: Consumer) => BlockEvents {
  const { running } = tools;
  const spec: LaneSpec<"block", Block, BlockExecution, BlockBatch> = {
    kind: "block",
    name: "machine.blocks.executed",
    told: (block) => block,
    event: (block) => ({ cpu: running.cpu, block }),
    feeds: createFeeds(
      tools.rings,
      blockBatches(() => running.cpu.index),
    ),
  };
  const selecting = (consumer: Consumer, selected?: Select<Block>): BlockEvents => ({
    where: (predicate) => selecting(consumer, both(selected, predicate)),
    translated: translatedLane(tools, consumer, selected),
    executed: new TranslatedLanes(spec, tools, consumer, selected),
  });
  return (consumer) => selecting(consumer);
}

/** Translations of blocks: told while blocks are made, outside of translated code. */
function translatedLane(
  { attachments, running, end }: SourceTools,
  consumer: Consumer,
  selected: Select<Block> | undefined,
): DirectLane<[block: Block], Block> {
  const name = "machine.blocks.translated";

  function attach(lane: Lane, what: string, call: (block: Block) => unknown): Subscription {
    const listening: Listening = { consumer, where: `${what} of ${name}`, registers: "none", live: true };
    const off = attachments.attach("translation", (block) => {
      callGuarded(running, listening, () =>
        listening.live && (selected?.(block) ?? true) ? call(block) : undefined,
      );
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

/** Instructions, for each consumer. */
export function createInstructionEvents(tools: SourceTools): (consumer: Consumer) => InstructionEvents {
  const { running } = tools;
  const spec: LaneSpec<"instruction", Instruction, InstructionExecution, InstructionBatch> = {
    kind: "instruction",
    name: "machine.instructions.executed",
    told: (instruction) => instruction,
    event: (instruction) => ({ cpu: running.cpu, instruction }),
    feeds: createFeeds(
      tools.rings,
      instructionBatches(() => running.cpu.index),
    ),
  };
  const selecting = (consumer: Consumer, selected?: Select<Instruction>): InstructionEvents => ({
    where: (predicate) => selecting(consumer, both(selected, predicate)),
    executed: new TranslatedLanes(spec, tools, consumer, selected),
  });
  return (consumer) => selecting(consumer);
}

/** Memory and the accesses to it, for each consumer. */
export function createMemoryEvents(tools: SourceTools): (consumer: Consumer) => MemoryEvents {
  const { running } = tools;
  const spec: LaneSpec<"access", MemoryAccess, MemoryAccessEvent, MemoryBatch> = {
    kind: "access",
    name: "machine.memory.accessed",
    told: (site) => new PresentAccess(running.space.memory, site),
    event: (site) => ({ cpu: running.cpu, access: new PresentAccess(running.space.memory, site).copy() }),
    feeds: createFeeds(
      tools.rings,
      accessBatches(() => running.cpu.index),
    ),
  };
  const selecting = (consumer: Consumer, selected?: Select<AccessSite>): MemoryEvents => ({
    where: (predicate) => selecting(consumer, both(selected, predicate)),
    accessed: new TranslatedLanes(spec, tools, consumer, selected),
    read: (address, length) => running.space.memory.read(address, length)?.slice(),
    readString(address, limit = 4096) {
      const bytes = running.space.memory.readCString(address, limit);
      return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : undefined;
    },
    write: (address, bytes) => running.space.memory.write(address, bytes),
    ...SYSTEM_MODE_MEMORY,
  });
  return (consumer) => selecting(consumer);
}
