import { type Registers, UnknownRegisterError } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { createChecks } from "../../packages/plugins/src/checks.js";
import { checkRegisters } from "../../packages/plugins/src/registers/check.js";
import { guest } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { resultOf, rigWith } from "./real.js";

/** One register that can be written, and one that cannot. */
function registers(broken: Partial<Registers> = {}): Registers {
  const values: Record<string, bigint> = { zero: 0n, a0: 5n };
  return {
    list: ["zero", "a0"].map((name) => ({ name, feature: "cpu", bits: 64 })),
    read(name) {
      const value = values[name];
      if (value === undefined) throw new UnknownRegisterError(name);
      return value;
    },
    readNumber: (name) => Number(values[name]),
    copy(words, at) {
      Object.values(values).forEach((value, i) => {
        words.set([Number(value & 0xffff_ffffn), Number(value >> 32n)], at + 2 * i);
      });
    },
    write(name, value) {
      if (name !== "zero") values[name] = value;
    },
    ...broken,
  };
}

describe("registers", () => {
  it("reads and writes all of them when a vCPU starts, and changes nothing", async () => {
    const rig = await rigWith(guest("count-loop"), { registers: {} });
    rig.run();
    expect(rig.faults).toEqual([]);
    expect(rig.machine.executed).toBe(76196);
    expect(rig.output()).toBe("4bdf964e95804902\n");
    expect(resultOf(rig, "registers")).toEqual({
      vcpus: 1,
      checks: {
        "a register fits its width": 68,
        "both ways of reading agree": 68,
        "a read-only register is not written": 2,
        "a register keeps its own value when that is written": 66,
        "a register has the value that was written": 66,
        "a register has its first value at the end": 68,
        "an unknown register is refused": 1,
      },
    });
  });

  it.skipIf(!canCompile)(`does so for every thread ${NEEDS}`, async () => {
    const rig = await rigWith(await compiled("threads"), { registers: {} });
    const plain = await rigWith(await compiled("threads"), {});
    expect([rig.run(), rig.output()]).toEqual([plain.run(), plain.output()]);
    expect(rig.faults).toEqual([]);
    expect(resultOf(rig, "registers")).toHaveProperty("vcpus", rig.api.vcpus.count);
    expect(rig.api.vcpus.count).toBeGreaterThan(1);
  });

  it.each<[string, Partial<Registers>, string]>([
    ["writes nothing", { write() {} }, "has the value that was written: found 5"],
    ["reads numbers wrongly", { readNumber: () => 4 }, "both ways of reading agree: found 4"],
    [
      "knows every register",
      { read: () => 0n, readNumber: () => 0, write() {} },
      "the value that was written",
    ],
    ["has too many bits", { read: () => 1n << 64n }, "fits its width"],
  ])("finds out that a machine %s", (_, broken, message) => {
    expect(() => checkRegisters(registers(broken), createChecks())).toThrow(message);
    expect(() => checkRegisters(registers(), createChecks())).not.toThrow();
  });
});
