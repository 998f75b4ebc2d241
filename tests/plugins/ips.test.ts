import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPacer } from "../../packages/plugins/src/ips/pacer.js";
import { A0, A1, A7, DATA, exit, label, li, op, syscall, T0, to } from "../emulator/machine/assemble.js";
import { guest, program } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { load } from "./load.js";
import { resultOf, rigWith } from "./real.js";

const CLOCK_MONOTONIC = 1;
const SECOND = 1_000_000_000;

/** Executes two instructions so many times, then asks what time it is. */
const busy = (times: number, before = syscall("getpid")) =>
  program([
    ...before,
    ...li(T0, times),
    label("again"),
    op("addi", { rd: T0, rs1: T0, imm: -1 }),
    to("again", "bne", { rs1: T0, rs2: 0 }),
    ...syscall("clock_gettime", CLOCK_MONOTONIC, DATA + 64),
    ...exit(0),
  ]);

interface Result {
  readonly ips: number;
  readonly ipq: number;
  readonly instructions: number;
  readonly seconds: number;
}

/** What the guest found: nanoseconds. */
function timeFound(rig: Awaited<ReturnType<typeof rigWith>>): number {
  const bytes = rig.api.memory.read(DATA + 64, 16);
  const view = new DataView((bytes ?? new Uint8Array(16)).slice().buffer);
  return Number(view.getBigUint64(0, true)) * SECOND + Number(view.getBigUint64(8, true));
}

describe("ips", () => {
  it("has the guest's clock show what its instructions take", async () => {
    const rig = await rigWith(guest("count-loop"), { ips: { ips: "1m", sleep: "off" } });
    rig.run();
    expect(resultOf(rig, "ips")).toEqual({ ips: 1e6, ipq: 1e5, instructions: 76196, seconds: 0.076196 });
  });

  it.each([
    ["1k", undefined, 100],
    ["20K", "7", 7],
    ["2m", "1000", 1000],
  ])("shows the guest the time at %s, exact to the quantum", async (ips, ipq, quantum) => {
    const args = { ips, sleep: "off", ...(ipq !== undefined && { ipq }) };
    const rig = await rigWith(busy(5000), { ips: args });
    const base = (await rigWith(busy(5000), { ips: { ips: "1g", ipq: "1", sleep: "off" } })) as typeof rig;
    rig.run();
    base.run();
    const nanoseconds = SECOND / (resultOf(rig, "ips") as Result).ips;
    // At 1 ns an instruction and with quanta of one, the time is the number of instructions.
    const instructions = timeFound(base);
    expect(instructions).toBeGreaterThan(10_000);
    expect(timeFound(rig)).toBeLessThanOrEqual(instructions * nanoseconds);
    expect(timeFound(rig)).toBeGreaterThan((instructions - quantum - 2) * nanoseconds);
  });

  it("goes on from the time that a sleep has reached", async () => {
    // struct timespec { 3 s, 0 ns }
    const sleep = [
      ...li(A1, DATA),
      ...li(A0, 3),
      op("sd", { rs1: A1, rs2: A0 }),
      ...li(A0, DATA),
      ...li(A1, 0),
      ...li(A7, 101),
      op("ecall"),
    ];
    const rig = await rigWith(busy(500, sleep), { ips: { ips: "1k", ipq: "10", sleep: "off" } });
    rig.run();
    const { seconds, instructions } = resultOf(rig, "ips") as Result;
    expect(seconds).toBeCloseTo(3 + instructions / 1000, 1);
  });

  it("has the run take as long", async () => {
    const rig = await rigWith(guest("count-loop"), { ips: { ips: "200k" } });
    const start = performance.now();
    rig.run();
    expect(performance.now() - start).toBeGreaterThan(76196 / 200 - 10);
    expect(resultOf(rig, "ips")).toHaveProperty("seconds", 0.38098);
  });

  it.skipIf(!canCompile)(`has vCPUs compute side by side ${NEEDS}`, async () => {
    const rig = await rigWith(await compiled("threads"), { ips: { ips: "1m", ipq: "100", sleep: "off" } });
    const counts: number[] = [];
    rig.api.instructions.executed.batch(({ vcpu, length }) => {
      counts[vcpu] = (counts[vcpu] ?? 0) + length;
    });
    rig.run();
    const { instructions, seconds } = resultOf(rig, "ips") as Result;
    expect(instructions).toBe(counts.reduce((sum, count) => sum + count, 0));
    expect(counts.length).toBeGreaterThan(2);
    expect(seconds * 1e6).toBeGreaterThanOrEqual(Math.max(...counts));
    expect(seconds * 1e6).toBeLessThan(instructions);
  });

  it("is refused where another plugin has the clock", async () => {
    const greedy = plugin("greedy", {
      requires: { machine },
      install({ machine }) {
        machine.clock.request();
      },
    });
    const { refused } = await load({ ips: {} }, [greedy]);
    expect(refused).toEqual([expect.stringMatching(/the guest's clock belongs to plugin "(greedy|ips)"/)]);
  });

  it.each([
    [{ ips: "0" }, '"0" is no value for it'],
    [{ ips: "10x" }, '"10x" is no value for it; it must be a whole number from 1 on, with k, m or g'],
    [{ ips: "9" }, "ips must be 10 at least, or ipq=… be given"],
    [{ ips: "99999999g" }, "is no value for it"],
  ])("refuses %o", async (args, message) => {
    const { refused } = await load({ ips: args });
    expect(refused).toEqual([expect.stringContaining(message)]);
  });
});

describe("a pacer", () => {
  it("gives each vCPU the time that its instructions and waits took, never less than before", () => {
    const step = fc.record({
      vcpu: fc.nat({ max: 2 }),
      instructions: fc.nat({ max: 10_000 }),
      slept: fc.option(fc.nat({ max: 1e9 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.array(step), (ips, steps) => {
        let clock = 0;
        const pacer = createPacer(ips, () => clock);
        const begun = new Map<number, { from: number; instructions: number }>();
        let total = 0;
        for (const { vcpu, instructions, slept } of steps) {
          const own = begun.get(vcpu) ?? { from: clock, instructions: 0 };
          if (!begun.has(vcpu)) pacer.started(vcpu);
          begun.set(vcpu, own);
          total += instructions;
          own.instructions += instructions;
          const exact = own.from + (own.instructions / ips) * SECOND;
          if (slept === undefined) {
            const time = pacer.executed(vcpu, instructions);
            expect(Math.abs(time - exact)).toBeLessThanOrEqual(1 + exact * 1e-12);
            clock = Math.max(clock, time);
          } else {
            clock += slept;
            pacer.waited(vcpu, instructions);
            begun.set(vcpu, { from: Math.max(Math.floor(exact), clock), instructions: 0 });
          }
        }
        expect(pacer.instructions()).toBe(total);
      }),
    );
  });
});
