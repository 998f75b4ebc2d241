import type { CachedBlock, CodeCache } from "../interpreter/code-cache.js";
import { Demand, EntryField, LONG_OPERATION_SIZE, Ring } from "../interpreter/operation.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { JUMP_LOG, JUMP_LOG_ENTRIES } from "../memory/layout.js";
import { allocate } from "./allocate.js";
import { discover, type Profile } from "./discover.js";
import { emitRegion, type RegionFunc } from "./emit.js";
import type { Linker } from "./link.js";
import { order } from "./order.js";
import { eventsByRing } from "./probes.js";
import type { Region } from "./region.js";
import { resourcesOf } from "./resources.js";
import { stepsOf } from "./steps.js";

/** Makes WebAssembly of what is hot. */
export interface Translator {
  /** This block was executed often: it becomes the head of a region, at the latest at the next {@link Translator.compile}. */
  hot(block: CachedBlock): void;
  /** Translates what has become hot. */
  compile(): void;
  /** All blocks are gone, and all regions with them. None may be running. */
  flush(): void;
}

/** Makes a translator for blocks that become hot after `threshold` executions. */
export function createTranslator(
  memory: GuestMemory,
  cache: CodeCache,
  linker: Linker,
  threshold: number,
): Translator {
  const { view } = memory;
  let queue: CachedBlock[] = [];
  const capacityOf = (ring: number): number => view.getUint32(ring + Ring.CAPACITY, true);

  /** Executions less than this are none. */
  const few = threshold >>> 4;
  /** Heads to wait for before regions are compiled, as a module each costs time and memory. */
  const batch = 1 + (threshold >>> 3);

  function executions(block: CachedBlock): number {
    const counted = view.getUint32(block.start + EntryField.DEMAND, true) === Demand.COUNTED;
    return counted ? threshold - view.getUint32(block.start + EntryField.COUNTDOWN, true) : threshold;
  }

  /** Whether a batch can hold what the block puts into it: a few blocks' worth at least. */
  function fits(block: CachedBlock): boolean {
    if (block.plan === undefined) return true;
    const { all } = stepsOf(view, { pc: block.pc, block, terminator: { kind: "trap" } });
    for (const [ring, events] of eventsByRing(all)) if (events * 4 > capacityOf(ring)) return false;
    return true;
  }

  const profile: Profile = {
    warm(pc) {
      const block = cache.known(pc);
      return block !== undefined && executions(block) > few && fits(block) ? block : undefined;
    },
    targets(block) {
      const jump = block.end - LONG_OPERATION_SIZE;
      const targets: number[] = [];
      for (let at = JUMP_LOG; at < JUMP_LOG + 8 * JUMP_LOG_ENTRIES; at += 8) {
        if (view.getUint32(at, true) === jump) targets.push(view.getUint32(at + 4, true));
      }
      return targets;
    },
  };

  function translate(region: Region): RegionFunc {
    const ordered = order(region);
    const steps = ordered.nodes.map((node) => stepsOf(view, node));
    const allocation = allocate(ordered, steps, resourcesOf(steps));
    return emitRegion(ordered, allocation, { slotOf: linker.slotOf, capacityOf });
  }

  return {
    hot(block) {
      if (fits(block)) queue.push(block);
      if (queue.length >= batch) this.compile();
    },
    compile() {
      if (queue.length === 0 || cache.stale) return;
      const regions = queue.map((block) => discover(block, profile));
      linker.link(new Map(regions.map((region) => [region.head, translate(region)])));
      for (const { start, pc } of queue) {
        const region = regions.find((r) => r.head === pc);
        view.setUint16(start + EntryField.SLOT, linker.slotOf(pc), true);
        view.setUint16(start + EntryField.REGION_FUEL, region?.insns ?? 0, true);
        view.setUint32(start + EntryField.DEMAND, Demand.REGION, true);
      }
      queue = [];
    },
    flush() {
      queue = [];
      linker.flush();
      // The jumps' operations are gone.
      memory.u8.fill(0, JUMP_LOG, JUMP_LOG + 8 * JUMP_LOG_ENTRIES);
    },
  };
}
