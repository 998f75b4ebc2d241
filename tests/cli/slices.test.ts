import type { GuestExit } from "@qpp/emulator/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextSlice, runInSlices } from "../../packages/cli/src/run/slices.js";

const END: GuestExit = { code: 3, signal: undefined, stopped: undefined };

describe("running in slices", () => {
  it("goes on to the end, and lets the event loop turn between slices", async () => {
    let turns = 0;
    let left = 5;
    const order: string[] = [];
    const timer = setInterval(() => turns++, 0);
    const machine = {
      executed: 0,
      runSlice(insns: number): GuestExit | undefined {
        expect(insns).toBeGreaterThan(0);
        this.executed += insns;
        order.push("slice");
        const until = performance.now() + 3;
        while (performance.now() < until);
        return --left === 0 ? END : undefined;
      },
    };
    expect(await runInSlices(machine, () => order.push("between"))).toBe(END);
    clearInterval(timer);
    expect(order.join()).toBe("slice,between,slice,between,slice,between,slice,between,slice");
    expect(turns).toBeGreaterThan(0);
  });

  it("shows nothing between slices in which the guest waited, and does not take them for fast ones", async () => {
    const slices: number[] = [];
    let shown = 0;
    const machine = {
      executed: 0,
      runSlice(insns: number): GuestExit | undefined {
        slices.push(insns);
        this.executed += 10;
        return slices.length === 20 ? END : undefined;
      },
    };
    expect(await runInSlices(machine, () => shown++)).toBe(END);
    expect(shown).toBe(0);
    expect(new Set(slices).size).toBe(1);
  });

  it("makes slices that take about 50 ms, without jumping", () => {
    expect(nextSlice(1_000_000, 100)).toBe(500_000);
    expect(nextSlice(1_000_000, 25)).toBe(2_000_000);
    expect(nextSlice(1_000_000, 0.01)).toBe(4_000_000);
    expect(nextSlice(20_000, 10_000)).toBe(10_000);
  });

  it("comes to 50 ms from any start at any steady speed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10_000, max: 1_000_000_000 }),
        fc.double({ min: 300, max: 10_000_000, noNaN: true }),
        (start, insnsPerMillisecond) => {
          let slice = start;
          for (let i = 0; i < 20; i++) slice = nextSlice(slice, slice / insnsPerMillisecond);
          const milliseconds = slice / insnsPerMillisecond;
          expect(milliseconds).toBeGreaterThan(45);
          expect(milliseconds).toBeLessThan(55);
        },
      ),
    );
  });
});
