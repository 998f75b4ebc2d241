import type { CachedBlock } from "../interpreter/code-cache.js";
import type { Region, RegionNode, Terminator } from "./region.js";
import { successors } from "./region.js";

/** Where regions come from. */
export interface Profile {
  /** The block at a pc, if it is worth being translated; undefined for one that was never executed, as far as is known. */
  warm(pc: number): CachedBlock | undefined;
  /** Where the indirect jump at the end of this block went. */
  targets(block: CachedBlock): readonly number[];
}

/** Most instructions of a region, so that the fuel it asks for fits its field. */
export const MOST_INSTRUCTIONS = 4000;
/** Most blocks of a region. */
const MOST_BLOCKS = 400;

/** A register that calls leave their return address in (unprivileged manual, "Unconditional Jumps"). */
const isLink = (register: number): boolean => register === 1 || register === 5;

/** Instructions that end a block, but do not (always) leave for the host. */
const GOES_ON: ReadonlySet<string> = new Set("fence.i csrrw csrrs csrrc csrrwi csrrsi csrrci".split(" "));

/** How a block ends. */
export function terminatorOf(block: CachedBlock, targets: () => readonly number[]): Terminator {
  const last = block.instructions.at(-1);
  const next = block.endPc;
  if (last?.decoded === undefined) return { kind: "trap" };
  const { instruction, rd, rs1, imm } = last.decoded;
  switch (instruction.flow) {
    case "next":
      return { kind: "fall", next };
    case "branch":
      return { kind: "branch", taken: (last.pc + imm) >>> 0, next };
    case "jump": {
      const target = (last.pc + imm) >>> 0;
      return isLink(rd) ? { kind: "call", target, next } : { kind: "jump", target };
    }
    case "jump-indirect":
      if (isLink(rd)) return { kind: "call-indirect", next };
      return isLink(rs1) ? { kind: "return" } : { kind: "computed", targets: targets() };
    case "system":
      return GOES_ON.has(instruction.name) ? { kind: "fall", next } : { kind: "trap" };
  }
}

/** Finds the region of a head: what it reaches over blocks that are warm, breadth first. */
export function discover(head: CachedBlock, profile: Profile): Region {
  const nodes = new Map<number, RegionNode>();
  let insns = 0;
  const queue: CachedBlock[] = [head];
  for (let block = queue.shift(); block !== undefined; block = queue.shift()) {
    const { pc } = block;
    if (nodes.has(pc) || nodes.size === MOST_BLOCKS || insns + block.insns > MOST_INSTRUCTIONS) continue;
    const present = block;
    const terminator = terminatorOf(block, () => profile.targets(present));
    nodes.set(pc, { pc, block, terminator });
    insns += block.insns;
    for (const next of successors(terminator)) {
      const found = nodes.has(next) ? undefined : profile.warm(next);
      if (found !== undefined) queue.push(found);
    }
  }
  return { head: head.pc, nodes, insns };
}
