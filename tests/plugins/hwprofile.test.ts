import { block } from "@qpp/emulator/testing";
import { describe, expect, it } from "vitest";
import { load } from "./load.js";

describe("hwprofile", () => {
  it.each([{}, { track: "read", source: "on" }, { pattern: "on", match: "uart" }])(
    "is refused with %o, because there are no devices",
    async (args) => {
      const { refused } = await load({ hwprofile: args });
      expect(refused).toEqual([expect.stringContaining("accesses to devices, exists in system mode only")]);
    },
  );

  it.each([
    [{ source: "on", pattern: "on" }, "give source=on or pattern=on, not both"],
    [{ track: "rw" }, "it must be one of read, write, both"],
  ])("refuses %o for what is wrong with it", async (args, message) => {
    const { refused } = await load({ hwprofile: args });
    expect(refused).toEqual([expect.stringContaining(message)]);
  });
});

describe("empty", () => {
  it("listens, and has nothing to say", async () => {
    const { fake, faults, lines, result, summary } = await load({ empty: {} });
    fake.execute(block(0x1000, ["addi a0,a0,1"]));
    fake.end(0);
    expect([faults, lines, result("empty"), summary("empty")]).toEqual([[], [], undefined, undefined]);
  });
});
