import { block } from "@qpp/emulator/testing";
import { describe, expect, it } from "vitest";
import { load } from "./load.js";

const cold = block(0x1000, ["addi a0,zero,1", "jalr zero,0(ra)"], "main");
const hot = block(0x2000, ["jal zero,0x2000"]);
const coldTail = block(0x1000, ["addi a0,zero,1"], "main");

describe("hotblocks", () => {
  it.each(["on", "off"])(
    "lists blocks by count, apart by address and length, with inline=%s",
    async (inline) => {
      const { fake, result, summary } = await load({ hotblocks: { inline } });
      for (const each of [cold, hot, coldTail, cold]) fake.translate(each);
      for (const each of [cold, hot, hot, hot, cold]) fake.execute(each);
      expect(result("hotblocks")).toEqual({
        blocks: [
          { pc: "0x2000", insns: 1, translations: 1, count: 3, symbol: null },
          { pc: "0x1000", insns: 2, translations: 2, count: 2, symbol: "main" },
          { pc: "0x1000", insns: 1, translations: 1, count: 0, symbol: "main" },
        ],
      });
      expect(summary("hotblocks")?.split("\n").slice(0, 3)).toEqual([
        "collected 3 entries",
        "pc                  tcount  icount  ecount  symbol",
        "0x0000000000002000       1       1       3",
      ]);
    },
  );

  it("lists as many as limit says, all for 0, 20 unless told", async () => {
    const many = Array.from({ length: 25 }, (_, i) => block(0x1000 + 4 * i, ["addi a0,zero,1"]));
    for (const [limit, listed] of [
      ["3", 3],
      ["0", 25],
      [undefined, 20],
    ] as const) {
      const { fake, result } = await load({ hotblocks: limit === undefined ? {} : { limit } });
      for (const each of many) fake.translate(each);
      expect(result("hotblocks")).toHaveProperty("blocks.length", listed);
    }
  });
});
