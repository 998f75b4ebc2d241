import { describe, expect, it } from "vitest";
import {
  MAX_BLOCK_INSTRUCTIONS,
  type Scanned,
  scanBlock,
} from "../../../packages/emulator/src/interpreter/scan.js";
import { halfword, type Item, op, padTo, TEXT } from "../machine/assemble.js";
import { createCode } from "./rig.js";

const PAGE = 4096;
const nop = op("c.addi");
const nops = (count: number): Item[] => Array.from({ length: count }, () => nop);

function scan(items: readonly Item[], offset = 0, limit = MAX_BLOCK_INSTRUCTIONS): Scanned {
  return scanBlock(createCode(items).memory, TEXT + offset, limit);
}

/** Names and end of a block. */
function block(scanned: Scanned): { names: (string | undefined)[]; bytes: number } {
  if ("fault" in scanned) throw new Error(`fault at ${scanned.fault}`);
  const [first] = scanned.instructions;
  return {
    names: scanned.instructions.map((i) => i.decoded?.instruction.name),
    bytes: scanned.end - (first?.pc ?? 0),
  };
}

describe("a block", () => {
  const ends = ["beq", "jal", "jalr", "ecall", "ebreak", "fence.i", "csrrs", "c.j", "c.beqz", "c.jr", "mret"];
  it.each(ends)("ends at %s", (name) => {
    const item = op(name, { rs1: 1 });
    const { names } = block(scan([nop, item, ...nops(5)]));
    expect(names).toHaveLength(2);
  });

  it.each(["fence", "lr.d", "sc.w", "fadd.d", "sd", "c.ldsp", "auipc"])("goes on past %s", (name) => {
    const { names } = block(scan([op(name, { rd: 5, rs1: 2, imm: 8 }), nop, op("ecall")]));
    expect(names).toHaveLength(3);
    expect(names.at(-1)).toBe("ecall");
  });

  it("ends at an instruction that cannot be decoded, and holds it", () => {
    const scanned = scan([nop, halfword(0), nop]);
    expect(block(scanned)).toEqual({ names: ["addi", undefined], bytes: 4 });
  });

  it("holds at most 512 instructions, or as many as it is told", () => {
    expect(block(scan(nops(600))).names).toHaveLength(512);
    expect(block(scan(nops(600), 0, 3))).toEqual({ names: Array(3).fill("addi"), bytes: 6 });
  });

  it("ends with its page", () => {
    const items = [padTo(PAGE), ...nops(4), op("ecall")];
    expect(block(scan(items, PAGE - 8, 100)).bytes).toBeLessThanOrEqual(8);
    expect(block(scan(items, PAGE - 2, 100))).toEqual({ names: ["addi"], bytes: 2 });
  });

  it("holds, as its only instruction, one that reaches into the next page", () => {
    const across = [padTo(PAGE - 2), op("addi", { rd: 5, imm: 1 }), nop, op("ecall")];
    expect(block(scan(across, PAGE - 2))).toEqual({ names: ["addi"], bytes: 4 });
    expect(block(scan(across, PAGE - 6))).toEqual({ names: ["addi", "addi"], bytes: 4 });
  });

  it("tells addresses, bits and lengths", () => {
    const scanned = scan([nop, op("addi", { rd: 10, imm: -1 }), op("ecall")]);
    if ("fault" in scanned) throw new Error("fault");
    expect(scanned.instructions.map(({ pc, bits, length }) => [pc - TEXT, bits, length])).toEqual([
      [0, 0x0001, 2],
      [2, 0xfff00513, 4],
      [6, 0x0000_0073, 4],
    ]);
  });
});

describe("a fetch faults", () => {
  it("at an address that is not mapped, or beyond all of them", () => {
    expect(scan([nop], PAGE)).toEqual({ fault: TEXT + PAGE });
    expect(scanBlock(createCode([nop]).memory, 2 ** 33, 5)).toEqual({ fault: 2 ** 33 });
  });

  it("at a page that may not be executed", () => {
    expect(scanBlock(createCode([nop], 3).memory, TEXT, 5)).toEqual({ fault: TEXT });
  });

  it("at the second half of an instruction whose other page is missing", () => {
    const items = [padTo(PAGE - 2), halfword(0x0513)];
    expect(scan(items, PAGE - 2)).toEqual({ fault: TEXT + PAGE });
    // What comes before it on its page is a block of its own.
    expect(block(scan(items, PAGE - 6)).bytes).toBe(4);
  });
});
