import { describe, expect, it } from "vitest";
import {
  type CachedBlock,
  type CodeCache,
  createCodeCache,
} from "../../../packages/emulator/src/interpreter/code-cache.js";
import {
  discover,
  MOST_INSTRUCTIONS,
  type Profile,
  terminatorOf,
} from "../../../packages/emulator/src/translator/discover.js";
import type { Region, Terminator } from "../../../packages/emulator/src/translator/region.js";
import { createCode, NOTHING } from "../interpreter/rig.js";
import { halfword, type Item, label, op, padTo, TEXT, to } from "../machine/assemble.js";

/** A cache with this code, and where its labels are. */
function codeOf(items: readonly Item[]): { cache: CodeCache; at: (name: string) => number } {
  const { memory, code } = createCode(items);
  const at = (name: string): number => {
    const found = code.labels.get(name);
    if (found === undefined) throw new Error(`no label ${name}`);
    return found;
  };
  return { cache: createCodeCache(memory, NOTHING, () => {}), at };
}

function blockAt(cache: CodeCache, pc: number): CachedBlock {
  cache.find(pc);
  const block = cache.known(pc);
  if (block === undefined) throw new Error(`no block at ${pc}`);
  return block;
}

const SEEN = [0x3_0000, 0x3_0010];
const terminator = (...items: readonly Item[]): Terminator =>
  terminatorOf(blockAt(codeOf([...items, op("addi"), op("ecall")]).cache, TEXT), () => SEEN);

describe("how a block ends", () => {
  const next = TEXT + 4;
  it.each<[string, readonly Item[], Terminator]>([
    ["a branch", [op("beq", { imm: -16 })], { kind: "branch", taken: TEXT - 16, next }],
    ["a short branch", [op("c.bnez", { imm: 8 })], { kind: "branch", taken: TEXT + 8, next: TEXT + 2 }],
    ["a jump", [op("jal", { rd: 0, imm: 0x400 })], { kind: "jump", target: TEXT + 0x400 }],
    ["a jump that only links elsewhere", [op("jal", { rd: 6, imm: 8 })], { kind: "jump", target: TEXT + 8 }],
    ["a call", [op("jal", { rd: 1, imm: 0x100 })], { kind: "call", target: TEXT + 0x100, next }],
    ["a call that links in t0", [op("jal", { rd: 5, imm: 8 })], { kind: "call", target: TEXT + 8, next }],
    ["a call through a register", [op("jalr", { rd: 1, rs1: 10 })], { kind: "call-indirect", next }],
    ["a short one", [op("c.jalr", { rs1: 10 })], { kind: "call-indirect", next: TEXT + 2 }],
    ["a return", [op("jalr", { rd: 0, rs1: 1 })], { kind: "return" }],
    ["a return over t0", [op("c.jr", { rs1: 5 })], { kind: "return" }],
    ["a jump through a register", [op("jalr", { rd: 0, rs1: 15 })], { kind: "computed", targets: SEEN }],
    ["one that links elsewhere", [op("jalr", { rd: 7, rs1: 15 })], { kind: "computed", targets: SEEN }],
    ["a system call", [op("ecall")], { kind: "trap" }],
    ["a breakpoint", [op("ebreak")], { kind: "trap" }],
    ["nothing that is an instruction", [halfword(0)], { kind: "trap" }],
    ["fence.i", [op("fence.i")], { kind: "fall", next }],
    ["csrrs", [op("csrrs", { rd: 10, imm: 1 })], { kind: "fall", next }],
    ["csrrwi", [op("csrrwi", { rd: 0, imm: 2 })], { kind: "fall", next }],
  ])("%s", (_, items, wanted) => expect(terminator(...items)).toEqual(wanted));

  it("the end of its page", () => {
    const block = blockAt(codeOf([padTo(0x1000), op("ecall")]).cache, TEXT + 0xffc);
    expect(terminatorOf(block, () => SEEN)).toEqual({ kind: "fall", next: TEXT + 0x1000 - 2 });
  });
});

/** A region of this code, in which all blocks are warm but those at some labels. */
function regionOf(
  items: readonly Item[],
  profile: { cold?: readonly string[]; targets?: readonly string[] } = {},
): { region: Region; names: readonly string[]; at: (name: string) => number } {
  const { cache, at } = codeOf(items);
  const { cold = [], targets = [] } = profile;
  const tells: Profile = {
    warm: (pc) => (cold.some((name) => at(name) === pc) ? undefined : blockAt(cache, pc)),
    targets: () => targets.map(at),
  };
  const region = discover(blockAt(cache, TEXT), tells);
  const labels = items.flatMap((item) => ("label" in item ? [item.label] : []));
  const names = [...region.nodes.keys()].map((pc) => labels.find((name) => at(name) === pc) ?? `${pc}`);
  return { region, names, at };
}

const diamond: readonly Item[] = [
  label("head"),
  to("right", "beq"),
  label("left"),
  op("addi"),
  to("end", "jal"),
  label("right"),
  op("addi"),
  to("end", "jal"),
  label("end"),
  to("head", "bne"),
  label("after"),
  op("jalr", { rs1: 1 }),
];

describe("a region", () => {
  it("is what is reached from its head, breadth first", () => {
    const { region, names } = regionOf(diamond);
    expect(names).toEqual(["head", "right", "left", "end", "after"]);
    expect(region.head).toBe(TEXT);
    expect(region.insns).toBe(1 + 2 + 2 + 1 + 1);
    for (const [pc, node] of region.nodes) {
      expect(node.pc).toBe(pc);
      expect(node.block.pc).toBe(pc);
      expect(node.terminator).toEqual(terminatorOf(node.block, () => []));
    }
  });

  it("leaves out what is cold, and what is reached over that alone", () => {
    expect(regionOf(diamond, { cold: ["left"] }).names).toEqual(["head", "right", "end", "after"]);
    expect(regionOf(diamond, { cold: ["left", "right"] }).names).toEqual(["head"]);
    expect(regionOf(diamond, { cold: ["end"] }).names).toEqual(["head", "right", "left"]);
  });

  it("goes over calls, not into them", () => {
    const items = [
      label("head"),
      to("callee", "jal", { rd: 1 }),
      label("back"),
      op("jalr", { rd: 1, rs1: 10 }),
      label("back again"),
      op("jalr", { rs1: 1 }),
      label("callee"),
      op("jalr", { rs1: 1 }),
    ];
    expect(regionOf(items).names).toEqual(["head", "back", "back again"]);
    expect(regionOf(items, { cold: ["back"] }).names).toEqual(["head"]);
  });

  it("follows computed jumps to where they went", () => {
    const items = [
      label("head"),
      op("jalr", { rs1: 10 }),
      label("never"),
      op("addi"),
      label("one"),
      op("ecall"),
      label("two"),
      op("jalr", { rs1: 1 }),
    ];
    expect(regionOf(items, { targets: ["two", "one", "head"] }).names).toEqual(["head", "two", "one"]);
    expect(regionOf(items, { targets: ["two", "one"], cold: ["one"] }).names).toEqual(["head", "two"]);
    expect(regionOf(items).names).toEqual(["head"]);
  });

  it("ends where the host goes on", () => {
    const items = [label("head"), op("ecall"), label("after"), op("jalr", { rs1: 1 })];
    expect(regionOf(items).names).toEqual(["head"]);
  });

  it("has no more instructions than its fuel can be told for, and no more than 400 blocks", () => {
    const long = Array.from({ length: MOST_INSTRUCTIONS }, () => op("c.addi"));
    const { region } = regionOf([...long, op("ecall")]);
    const insns = [...region.nodes.values()].reduce((sum, { block }) => sum + block.insns, 0);
    expect(region.insns).toBe(insns);
    expect(insns).toBeLessThanOrEqual(MOST_INSTRUCTIONS);
    expect(insns).toBeGreaterThan(MOST_INSTRUCTIONS - 512);
    const branches = Array.from({ length: 500 }, () => op("beq", { imm: 8 }));
    expect(regionOf([...branches, op("addi"), op("addi"), op("ecall")]).region.nodes.size).toBe(400);
  });

  it("takes a smaller block where a larger one does not fit any more", () => {
    const large = (name: string, insns: number, after: string): Item[] => [
      label(name),
      ...Array.from({ length: insns - 1 }, () => op("c.addi")),
      to(after, "jal"),
    ];
    const blocks = Array.from({ length: 8 }, (_, i) => large(`b${i}`, 490, `b${i + 1}`)).flat();
    const items = [
      ...blocks,
      label("b8"),
      to("small", "beq"),
      ...large("large", 500, "end"),
      ...large("small", 10, "end"),
    ];
    const { names } = regionOf([...items, label("end"), op("ecall")]);
    expect(names).toContain("small");
    expect(names).not.toContain("large");
  });
});
