import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomProgram } from "./lanes/random-program.js";
import { referenceOf } from "./lanes/reference.js";
import { createRig, guest, program } from "./rig.js";

const INSNS = 76196;

describe("run", () => {
  it("runs the guest to its end, once", async () => {
    const rig = await createRig(guest("count-loop"));
    expect(rig.machine.exit).toBeUndefined();
    const exit = rig.machine.run();
    expect(exit).toEqual({ code: 0, signal: undefined, stopped: undefined });
    expect(rig.machine.exit).toBe(exit);
    expect(rig.machine.run()).toBe(exit);
    expect(rig.machine.runSlice(5)).toBe(exit);
    expect([rig.machine.executed, rig.output()]).toEqual([INSNS, "4bdf964e95804902\n"]);
  });

  it("is the same in every run, event for event", async () => {
    const texts = await Promise.all(
      [1, 2].map(async () => {
        const { events } = await referenceOf(guest("clock"));
        return events.map(({ kind, columns }) => `${kind} ${columns}`).join("\n");
      }),
    );
    expect(texts[0]?.length).toBeGreaterThan(100_000);
    expect(texts[0]).toBe(texts[1]);
  });
});

describe("runSlice", () => {
  it.each([0, 1, 511, 512, 1000, 40_000])(
    "of %i instructions ends at a block's end, and gets on",
    async (insns) => {
      const rig = await createRig(guest("count-loop"));
      let last = 0;
      while (rig.machine.runSlice(insns) === undefined) {
        const { executed } = rig.machine;
        expect(executed).toBeGreaterThan(last);
        expect(executed - last).toBeLessThanOrEqual(Math.max(insns, 512));
        last = executed;
      }
      expect([rig.machine.executed, rig.output()]).toEqual([INSNS, "4bdf964e95804902\n"]);
    },
  );

  it("leaves registers, memory and counts exact for whoever looks in between", async () => {
    const rig = await createRig(guest("count-loop"));
    const pcs: number[] = [];
    rig.api.instructions.executed.register((cpu) => pcs.push(cpu.pc));
    const [cpu] = rig.api.vcpus.list;
    while (rig.machine.runSlice(1000) === undefined) {
      const next = cpu?.pc;
      expect([rig.machine.executed, rig.api.executed()]).toEqual([pcs.length, cpu?.executed]);
      pcs.length = 0;
      rig.machine.runSlice(1);
      expect(pcs[0]).toBe(next);
      pcs.length = rig.machine.executed;
    }
  });
});

describe("maxInsns", () => {
  it("ends the guest after exactly so many instructions, having told exactly their events", async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, fc.nat(), fc.boolean(), async (items, seed, sliced) => {
        const whole = await referenceOf(program(items));
        const most = seed % (whole.insns + 1);
        const rig = await createRig(program(items), { maxInsns: most });
        const told: string[] = [];
        rig.api.instructions.executed.register((cpu) => told.push(`${cpu.pc}`));
        rig.api.memory.accessed.register((cpu, a) => told.push(`${cpu.pc} ${a.address} ${a.value}`));
        const counted = rig.api.instructions.executed.count();
        const exit = rig.run(sliced ? 1 : undefined);
        const expected: string[] = [];
        let insns = 0;
        for (const { kind, pc, columns } of whole.events) {
          if (kind === "instruction" && ++insns > most) break;
          const [address, , low = 0, high = 0] = columns;
          if (kind === "instruction") expected.push(`${pc}`);
          if (kind === "access") expected.push(`${pc} ${address} ${(BigInt(high) << 32n) | BigInt(low)}`);
        }
        expect(told).toEqual(expected);
        expect([rig.machine.executed, counted.value]).toEqual([most, most]);
        const stopped = most === whole.insns ? undefined : "max-insns";
        expect(exit).toEqual({ code: 0, signal: undefined, stopped });
      }),
      { numRuns: 40 },
    );
  });
});

describe("stop", () => {
  it("ends the guest at the next block, with a code and a reason", async () => {
    const rig = await createRig(guest("count-loop"));
    let after = 0;
    let stopping = false;
    rig.api.blocks.executed.register(() => {
      if (stopping) after++;
    });
    rig.api.instructions.executed.register((cpu) => {
      if (cpu.executed !== 5000) return;
      stopping = true;
      rig.api.stop(3, "enough");
      rig.api.stop(4, "too late");
    });
    expect(rig.run()).toEqual({ code: 3, signal: undefined, stopped: "enough" });
    expect(after).toBe(0);
    expect(rig.machine.executed).toBeLessThan(5100);
  });

  it("from a system call's entry keeps the call from being made", async () => {
    const rig = await createRig(guest("count-loop"));
    rig.api.syscalls.entered.register((call) => {
      if (call.name === "write") rig.api.stop(5, "no output");
    });
    expect(rig.run().code).toBe(5);
    expect(rig.output()).toBe("");
  });
});
