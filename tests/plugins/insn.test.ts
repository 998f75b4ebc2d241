import { block } from "@qpp/emulator/testing";
import { describe, expect, it } from "vitest";
import { load } from "./load.js";

const first = block(0x1000, ["addi sp,sp,-16", "c.ldsp ra,8(sp)", "c.add a0,a1"]);
const second = block(0x1006, ["c.add a0,a1"]);

describe("insn", () => {
  it.each(["on", "off"])("counts every executed instruction with inline=%s", async (inline) => {
    const { fake, result, summary } = await load({ insn: { inline } });
    fake.execute(first);
    fake.execute(first);
    fake.execute(second, 1);
    expect(result("insn")).toEqual({
      insns: 7,
      vcpus: [
        { vcpu: 0, insns: 6 },
        { vcpu: 1, insns: 1 },
      ],
    });
    expect(summary("insn")).toBe("cpu 0 insns: 6\ncpu 1 insns: 1\ntotal insns: 7");
  });

  it("counts translated instructions by size, once a translation, executed or not", async () => {
    const { fake, result, summary } = await load({ insn: { sizes: "on" } });
    fake.translate(first);
    fake.translate(first);
    fake.translate(second);
    fake.execute(second);
    expect(result("insn")).toEqual({ insns: 1, sizes: { 2: 5, 4: 2 } });
    expect(summary("insn")).toBe("len 2 bytes: 5 insns\nlen 4 bytes: 2 insns");
  });

  it("counts instructions whose text begins with a match, by place; several matches are apart", async () => {
    const { fake, result, summary, lines } = await load({ insn: { match: "c.,addi" } });
    fake.execute(first);
    fake.execute(first);
    fake.execute(second);
    expect(result("insn")).toEqual({
      insns: 7,
      matches: [
        {
          match: "c.",
          hits: 5,
          instructions: [
            { pc: "0x1004", text: "c.ldsp ra,8(sp)", hits: 2 },
            { pc: "0x1006", text: "c.add a0,a1", hits: 3 },
          ],
        },
        { match: "addi", hits: 2, instructions: [{ pc: "0x1000", text: "addi sp,sp,-16", hits: 2 }] },
      ],
    });
    expect(summary("insn")).toContain("Match: c., hits 5\n  0x1004: c.ldsp ra,8(sp) (hits 2)");
    expect(lines).toEqual([]);
  });

  it("traces hits with the distance to the last one on the same vCPU", async () => {
    const { fake, result, lines } = await load({ insn: { match: "addi", trace: "yes" } });
    fake.execute(second);
    fake.execute(first);
    fake.execute(first);
    fake.execute(first, 1);
    expect(lines).toEqual([
      "0x1000, 'addi sp,sp,-16', 1 hits , cpu 0, 1 match hits, Δ+2 since last match, 2 avg insns/match",
      "0x1000, 'addi sp,sp,-16', 2 hits , cpu 0, 2 match hits, Δ+3 since last match, 2 avg insns/match",
      "0x1000, 'addi sp,sp,-16', 3 hits , cpu 1, 1 match hits, Δ+1 since last match, 1 avg insns/match",
    ]);
    expect(result("insn")).toMatchObject({ matches: [{ match: "addi", hits: 3 }] });
  });
});
