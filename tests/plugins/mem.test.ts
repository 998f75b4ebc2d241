import { instruction } from "@qpp/emulator/testing";
import { describe, expect, it } from "vitest";
import { load } from "./load.js";

const sd = instruction(0x1000, "sd a0,0(a1)", "main");
const lb = instruction(0x1004, "lb a0,0(a1)");
const store = (address: number, value: bigint) => ({ isStore: true, address, value });
const read = (address: number, value: bigint) => ({ isStore: false, address, value });

describe("mem", () => {
  it.each([{}, { inline: "on" }, { callback: "on" }])("counts loads and stores with %o", async (args) => {
    const { fake, result, summary } = await load({ mem: args });
    fake.access(sd, store(0x8000, 1n));
    fake.access(lb, read(0x8000, 1n));
    fake.access(lb, read(0x8001, 0n));
    expect(result("mem")).toEqual({ loads: 2, stores: 1 });
    expect(summary("mem")).toBe("mem accesses: 3 (2 loads, 1 stores)");
  });

  it.each([
    ["r", { loads: 1, stores: 0 }],
    ["w", { loads: 0, stores: 1 }],
    ["rw", { loads: 1, stores: 1 }],
  ])("tracks what track=%s says", async (track, expected) => {
    const { fake, result } = await load({ mem: { track } });
    fake.access(sd, store(0x8000, 1n));
    fake.access(lb, read(0x8000, 1n));
    expect(result("mem")).toEqual(expected);
  });

  it("prints accesses as QEMU's plugin does", async () => {
    const { fake, lines } = await load({ mem: { "print-accesses": "true" } });
    fake.access(sd, store(0x8000, 0x1234_5678_9abc_def0n));
    fake.access(lb, read(0x8000, 0xf0n));
    fake.end(0);
    expect(lines).toEqual([
      "insn_vaddr,insn_symbol,mem_vaddr,mem_hwaddr,access_size,access_type,mem_value",
      "0x1000,main,0x8000,0x0,64,store,0x123456789abcdef0",
      "0x1004,,0x8000,0x0,8,load,0xf0",
    ]);
  });

  it("sums up regions and sees loads of what no store left there", async () => {
    const { fake, lines, result } = await load({ mem: { "region-summary": "on" } });
    fake.access(sd, store(0x7ffc, 0x1122_3344_5566_7788n));
    fake.access(lb, read(0x7ffc, 0x88n));
    fake.access(lb, read(0x8003, 0x11n));
    fake.access(lb, read(0x8004, 0x99n));
    fake.access(lb, read(0x8004, 0x99n));
    fake.end(0);
    expect(lines).toEqual(["Warning: 0x8000:4 read an un-instrumented value"]);
    expect(result("mem")).toEqual({
      loads: 4,
      stores: 1,
      regions: [
        { base: "0x4000", reads: 1, writes: 1, seenAll: true },
        { base: "0x8000", reads: 3, writes: 0, seenAll: false },
      ],
    });
  });

  it.each([
    [{ inline: "on", callback: "on" }, "inline=on and callback=on exclude each other"],
    [{ haddr: "on" }, "hardware addresses exist in system mode only"],
    [{ track: "x" }, 'argument "track": "x" is no value for it; it must be one of r, w, rw'],
  ])("refuses %o", async (args, message) => {
    const { refused } = await load({ mem: args });
    expect(refused).toEqual([expect.stringContaining(message)]);
  });
});
