import type { Extensions } from "../isa/riscv/extensions.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { BLOCK_DIRECTORY, CODE_END, CODE_START, GUEST_END, PAGE_SHIFT } from "../memory/layout.js";
import { blockSizeBound, writeBlock } from "./block-writer.js";
import { handlers } from "./handlers.js";
import { Field, LINK_TO_PC, LONG_OPERATION_SIZE, OPERATION_SIZE } from "./operation.js";
import type { BlockInstruction, BlockPlan, Planner } from "./plan.js";
import { MAX_BLOCK_INSTRUCTIONS, scanBlock } from "./scan.js";

/** A translated block. */
export interface CachedBlock {
  readonly pc: number;
  /** Address of its first operation, and past its last. */
  readonly start: number;
  readonly end: number;
  /** Number of its instructions. */
  readonly insns: number;
  readonly instructions: readonly BlockInstruction[];
  /** Address past its last instruction. */
  readonly endPc: number;
  readonly plan: BlockPlan | undefined;
  /** Its last operation has links. */
  readonly linked: boolean;
}

/** Where in a block an operation stands. */
export interface Position {
  readonly block: CachedBlock;
  /** Instructions of the block that are executed when the operation is reached. */
  readonly before: number;
  /** Those of them that come before the operation's own instruction, which an access has executed already. */
  readonly beforePc: number;
}

/** A block was found; or the fetch of its first instruction faults at this address. */
export type Found = { readonly operation: number } | { readonly fault: number };

/** All translated blocks. */
export interface CodeCache {
  /** The block at `pc`, translated now if need be. */
  find(pc: number): Found;
  /** A block of exactly `insns` instructions, for one execution; the block at `pc` has more. */
  cut(pc: number, insns: number): Found;
  /** The block at `pc`, if it is translated already. */
  known(pc: number): CachedBlock | undefined;
  /** Puts a table beside the blocks until all are thrown away; gives its address, or undefined if there is no room. */
  keep(table: Uint8Array): number | undefined;
  /** Finds the block that the link at this address leads to, and sets the link. */
  follow(link: number): Found;
  /** Where this operation stands. */
  position(operation: number): Position;
  /** Throws all blocks away; addresses of operations are not valid any more. */
  flush(): void;
  /** Something is to be thrown away before the next block is looked up. */
  readonly stale: boolean;
  /** Has all blocks thrown away before the next one is looked up. */
  markStale(): void;
  /** The same for blocks that have something in this range of the guest's memory. */
  markRangeStale(address: number, length: number): void;
}

/** What code is, and what is made of blocks elsewhere. */
export interface CacheOptions {
  /** What the processor has beyond RV64GC; nothing unless told. */
  readonly extensions?: Extensions | undefined;
  /** Executions after which a block is hot, as in `writeBlock`; 0, which is never, unless told. */
  readonly countdown?: number;
  /** Called after blocks were taken out, to which nothing leads any more. Not called for all of them: see `flushed`. */
  readonly dropped?: (blocks: ReadonlySet<CachedBlock>) => void;
}

/** Numbers of the pages that a block has something in; it is no longer than a page. */
function pagesOf({ pc, endPc }: CachedBlock): readonly number[] {
  const first = pc >>> PAGE_SHIFT;
  const last = (endPc - 1) >>> PAGE_SHIFT;
  return first === last ? [first] : [first, last];
}

/** A block table: for each even address of a page, the address of the block's first operation, or 0. */
const TABLE_SIZE = 2048 * 4;

/** Makes an empty cache. `flushed` is called after all blocks were thrown away. */
export function createCodeCache(
  memory: GuestMemory,
  planner: Planner,
  flushed: () => void,
  { extensions, countdown = 0, dropped = () => {} }: CacheOptions = {},
): CodeCache {
  const { view, u8 } = memory;
  let top = CODE_START;
  let blocks: CachedBlock[] = [];
  let tables: number[] = [];
  let stale = false;
  let staleRanges: { readonly address: number; readonly end: number }[] = [];
  /** Whole blocks, by the numbers of the pages that they have something in. */
  const byPage = new Map<number, Set<CachedBlock>>();

  function allocate(bytes: number): number {
    const at = top;
    top += (bytes + 15) & ~15;
    return at;
  }

  function slotOf(pc: number): number {
    const entry = BLOCK_DIRECTORY + (pc >>> PAGE_SHIFT) * 4;
    let table = view.getUint32(entry, true);
    if (table === 0) {
      table = allocate(TABLE_SIZE);
      u8.fill(0, table, table + TABLE_SIZE);
      view.setUint32(entry, table, true);
      tables.push(entry);
    }
    return table + (pc & 0xffe) * 2;
  }

  function translate(pc: number, limit: number, whole: boolean): Found {
    const scanned = scanBlock(memory, pc, limit, extensions);
    if ("fault" in scanned) return scanned;
    const { instructions, end } = scanned;
    const plan = planner.plan(instructions);
    const bound = blockSizeBound(instructions, plan);
    if (top + bound + TABLE_SIZE > CODE_END) {
      // What is planned refers to sites that a flush takes away.
      flush();
      return translate(pc, limit, whole);
    }
    const start = allocate(bound);
    top = writeBlock(view, start, instructions, end, whole ? "link" : "cut", plan, countdown);
    const block: CachedBlock = {
      pc,
      start,
      end: top,
      insns: instructions.length,
      instructions,
      endPc: end,
      plan,
      linked: whole && instructions.at(-1)?.decoded !== undefined,
    };
    blocks.push(block);
    if (whole) {
      view.setUint32(slotOf(pc), start, true);
      for (const page of pagesOf(block)) {
        const there = byPage.get(page) ?? new Set();
        byPage.set(page, there.add(block));
      }
    }
    memory.watchCode(pc);
    memory.watchCode(end - 1);
    return { operation: start };
  }

  function lookup(pc: number): number {
    const table = view.getUint32(BLOCK_DIRECTORY + (pc >>> PAGE_SHIFT) * 4, true);
    return table === 0 ? 0 : view.getUint32(table + (pc & 0xffe) * 2, true);
  }

  function find(pc: number): Found {
    settle();
    if (pc >= GUEST_END) return { fault: pc };
    const known = lookup(pc);
    return known === 0 ? translate(pc, MAX_BLOCK_INSTRUCTIONS, true) : { operation: known };
  }

  function flush(): void {
    for (const entry of tables) view.setUint32(entry, 0, true);
    tables = [];
    blocks = [];
    byPage.clear();
    top = CODE_START;
    stale = false;
    staleRanges = [];
    flushed();
  }

  /** Throws away what is stale. */
  function settle(): void {
    if (stale) {
      flush();
      return;
    }
    if (staleRanges.length === 0) return;
    const out = new Set<CachedBlock>();
    for (const { address, end } of staleRanges) {
      for (let page = address >>> PAGE_SHIFT; page <= (end - 1) >>> PAGE_SHIFT; page++) {
        for (const block of byPage.get(page) ?? []) {
          if (block.pc < end && block.endPc > address) out.add(block);
        }
      }
    }
    staleRanges = [];
    if (out.size > 0) drop(out);
  }

  /** Takes blocks out. Their operations stay: one of them may be running to its end. */
  function drop(out: ReadonlySet<CachedBlock>): void {
    const gone = new Set<number>();
    for (const block of out) {
      gone.add(block.start);
      view.setUint32(slotOf(block.pc), 0, true);
      for (const page of pagesOf(block)) byPage.get(page)?.delete(block);
    }
    for (const block of blocks) {
      if (!block.linked) continue;
      for (const field of [Field.TAKEN_LINK, Field.NEXT_LINK]) {
        const link = block.end - LONG_OPERATION_SIZE + field;
        if (gone.has(view.getUint32(link, true))) view.setUint32(link, 0, true);
      }
    }
    dropped(out);
  }

  function blockOf(operation: number): CachedBlock {
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((blocks[middle]?.end ?? 0) <= operation) low = middle + 1;
      else high = middle;
    }
    const block = blocks[low];
    if (block === undefined || operation < block.start) {
      throw new Error(`no block holds the operation at 0x${operation.toString(16)}`);
    }
    return block;
  }

  return {
    find,
    flush,
    known(pc) {
      const operation = pc < GUEST_END ? lookup(pc) : 0;
      return operation === 0 ? undefined : blockOf(operation);
    },
    keep(table) {
      if (top + table.length > CODE_END) return undefined;
      const address = allocate(table.length);
      u8.set(table, address);
      return address;
    },
    cut: (pc, insns) => translate(pc, insns, false),
    follow(link) {
      const before = blocks;
      const found = find(view.getUint32(link + LINK_TO_PC, true));
      // A flush on the way has taken the link along with its block.
      if ("operation" in found && before === blocks) view.setUint32(link, found.operation, true);
      return found;
    },
    position(operation) {
      const block = blockOf(operation);
      const pc = view.getUint32(operation + Field.PC, true);
      let before = 0;
      let beforePc = 0;
      for (let at = block.start; at < operation; ) {
        const handler = handlers[view.getUint16(at + Field.HANDLER, true)];
        if (handler?.executes) {
          before++;
          if (view.getUint32(at + Field.PC, true) < pc) beforePc++;
        }
        at += handler?.size ?? OPERATION_SIZE;
      }
      return { block, before, beforePc };
    },
    get stale() {
      return stale || staleRanges.length > 0;
    },
    markStale() {
      stale = true;
    },
    markRangeStale(address, length) {
      staleRanges.push({ address, end: address + length });
    },
  };
}
