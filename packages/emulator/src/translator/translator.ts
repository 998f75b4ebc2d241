import type { CachedBlock, CodeCache } from "../interpreter/code-cache.js";
import { Demand, EntryField, LONG_OPERATION_SIZE, Ring } from "../interpreter/operation.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { GUEST_START, JUMP_LOG, JUMP_LOG_ENTRIES, WINDOW_SIZE, WINDOWS } from "../memory/layout.js";
import { allocate } from "./allocate.js";
import { discover, type Profile } from "./discover.js";
import { emitRegion, type RegionFunc } from "./emit.js";
import type { Linker } from "./link.js";
import { order } from "./order.js";
import { eventsByRing } from "./probes.js";
import { type Region, successors } from "./region.js";
import { resourcesOf } from "./resources.js";
import { stepsOf } from "./steps.js";
import type { Translation } from "./translation.js";

/** Makes WebAssembly of what is hot. */
export interface Translator {
  /** This block was executed often: it becomes the head of a region, at the latest at the next {@link Translator.compile}. */
  hot(block: CachedBlock): void;
  /** Translates what has become hot. */
  compile(): void;
  /** All blocks are gone, and all regions with them. None may be running. */
  flush(): void;
  /** These blocks are gone, and regions that have one of them inside. None may be running. */
  drop(blocks: ReadonlySet<CachedBlock>): void;
}

/**
 * Makes a translator for blocks that become hot after `threshold` executions, and for about `mostBytes` of modules at a
 * time; `observe` is told of each region.
 */
export function createTranslator(
  memory: GuestMemory,
  cache: CodeCache,
  linker: Linker,
  threshold: number,
  mostBytes: number,
  executed: () => number,
  observe?: (translation: Translation) => void,
): Translator {
  const { view } = memory;
  /** What has become hot and is not translated yet, by pc. */
  const queue = new Map<number, CachedBlock>();
  const capacityOf = (ring: number): number => view.getUint32(ring + Ring.CAPACITY, true);

  /** Heads to wait for before regions are compiled, as a module each costs time and memory. */
  const batch = 1 + (threshold >>> 3);

  function executions(block: CachedBlock): number {
    if (view.getUint32(block.start + EntryField.DEMAND, true) !== Demand.COUNTED) return threshold;
    const countdown = view.getUint32(block.start + EntryField.COUNTDOWN, true);
    // It starts from more once the block is inside a region.
    return countdown > threshold ? threshold : threshold - countdown;
  }

  /** Has a block's executions counted from now on: it is hot after so many. */
  function count({ start }: CachedBlock, executions: number): void {
    view.setUint32(start + EntryField.DEMAND, Demand.COUNTED, true);
    view.setUint32(start + EntryField.COUNTDOWN, executions, true);
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
      return block !== undefined && executions(block) > threshold / COLD && fits(block) ? block : undefined;
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

  let window = WINDOWS;
  function nextWindow(): number {
    const next = window;
    window = next + WINDOW_SIZE < GUEST_START ? next + WINDOW_SIZE : WINDOWS;
    return next;
  }

  function translate(region: Region): RegionFunc {
    const ordered = order(region);
    const steps = ordered.nodes.map((node) => stepsOf(view, node));
    const allocation = allocate(ordered, steps, resourcesOf(steps));
    const func = emitRegion(ordered, allocation, {
      slotOf: linker.slotOf,
      keep: cache.keep,
      nextWindow,
      capacityOf,
    });
    observe?.({ order: ordered, allocation, func });
    return func;
  }

  /** Pcs that are in no region, by the heads of those that go on there. */
  const ways = new Map<number, Set<number>>();
  /** How often the region of a head was made. */
  const versions = new Map<number, number>();
  /** The present regions, by their heads. */
  const present = new Map<number, Region>();
  /** Instructions of all regions that were ever made. */
  let translated = 0;
  /** Bytes of all modules with a present region. */
  let bytes = 0;
  /** Where calls lead. */
  const called = new Set<number>();

  /** What a region goes on to outside of it may become part of it; what is inside is rarely entered on its own. */
  function remember(region: Region): void {
    const { head, nodes } = region;
    present.set(head, region);
    versions.set(head, (versions.get(head) ?? 0) + 1);
    for (const { pc, block, terminator } of nodes.values()) {
      for (const to of successors(terminator)) {
        if (nodes.has(to)) continue;
        const heads = ways.get(to) ?? new Set();
        ways.set(to, heads.add(head));
      }
      const demand = view.getUint32(block.start + EntryField.DEMAND, true);
      if (pc !== head && demand !== Demand.REGION) count(block, threshold * INNER_THRESHOLD);
    }
  }

  /** Instructions that may have been translated by now: some at once, and more the longer the guest runs. */
  const allowance = (): number => TRANSLATED_AT_ONCE + executed() / (EARNED_BY * (threshold - 1));

  /**
   * The regions of the heads that have waited longest, as far as there is an allowance for them. What one has inside waits no
   * longer, as blocks of one function become hot one after another: it gets no region of its own, unless it is called.
   */
  function nextRegions(): Region[] {
    const regions: Region[] = [];
    const most = allowance();
    for (const [pc, head] of queue) {
      if (translated >= most) break;
      queue.delete(pc);
      const region = discover(head, profile);
      regions.push(region);
      for (const { pc, block, terminator } of region.nodes.values()) {
        translated += block.insns;
        // A head that waits again does so for what its region lacks.
        if (!called.has(pc) && !present.has(pc)) queue.delete(pc);
        if (terminator.kind === "call") called.add(terminator.target);
      }
    }
    return regions;
  }

  function compile(): void {
    if (queue.size === 0 || cache.stale) return;
    if (bytes > mostBytes) evict();
    const regions = nextRegions();
    if (regions.length === 0) return;
    bytes += linker.link(new Map(regions.map((region) => [region.head, translate(region)])));
    for (const region of regions) {
      remember(region);
      const start = region.nodes.get(region.head)?.block.start ?? 0;
      view.setUint16(start + EntryField.SLOT, linker.slotOf(region.head), true);
      view.setUint16(start + EntryField.REGION_FUEL, region.insns, true);
      view.setUint32(start + EntryField.DEMAND, Demand.REGION, true);
    }
  }

  /** Takes a region out: its head is counted anew, if it is still there. */
  function forget(head: number): void {
    const block = present.get(head)?.nodes.get(head)?.block;
    present.delete(head);
    linker.unlink(head);
    if (block === undefined || cache.known(head) !== block) return;
    count(block, threshold);
  }

  /** There is too much code: all of it goes, and what is still hot comes back. */
  function evict(): void {
    for (const head of [...present.keys()]) forget(head);
    versions.clear();
    ways.clear();
    bytes = 0;
  }

  return {
    drop(blocks) {
      for (const [pc, block] of queue) if (blocks.has(block)) queue.delete(pc);
      for (const [head, { nodes }] of [...present]) {
        if ([...nodes.values()].some(({ block }) => blocks.has(block))) forget(head);
      }
    },
    hot(block) {
      if (!fits(block)) return;
      const heads = [...(ways.get(block.pc) ?? [])].filter((h) => (versions.get(h) ?? 0) < MOST_VERSIONS);
      ways.delete(block.pc);
      const blocks = heads.flatMap((head) => cache.known(head) ?? []);
      for (const again of blocks.length > 0 ? blocks : [block]) queue.set(again.pc, again);
      if (queue.size >= batch) compile();
    },
    compile,
    flush() {
      queue.clear();
      ways.clear();
      versions.clear();
      present.clear();
      bytes = 0;
      called.clear();
      linker.flush();
      // The jumps' operations are gone.
      memory.u8.fill(0, JUMP_LOG, JUMP_LOG + 8 * JUMP_LOG_ENTRIES);
    },
  };
}

/**
 * Instructions that are translated without more ado, and how many times the threshold the guest has to execute for each further
 * one. To translate an instruction takes as long as to interpret it some ten thousand times; a program that starts and ends with
 * a little of everything, like an interpreter of scripts, is not to spend its life on that.
 */
const TRANSLATED_AT_ONCE = 2000;
const EARNED_BY = 20;
/**
 * A block is left out of regions unless it was executed more often than this part of the threshold. Much of a large function runs
 * once or twice: with all of that, regions of an interpreter's loop grew to the most blocks that there can be, and its
 * hot blocks waited for the allowance that those took.
 */
const COLD = 4;
/** How many times more often a block must be entered from elsewhere to become a head though a region has it inside. */
const INNER_THRESHOLD = 32;
/** How often a region may be made anew to take in what it goes on to. */
const MOST_VERSIONS = 5;
