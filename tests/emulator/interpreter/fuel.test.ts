import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFuel, type Fuel } from "../../../packages/emulator/src/interpreter/fuel.js";
import { createGuestMemory } from "../../../packages/emulator/src/memory/guest-memory.js";
import { FUEL } from "../../../packages/emulator/src/memory/layout.js";

const memory = createGuestMemory();

/** What the interpreter does when it enters a block: true if there was fuel for it. */
function enterBlock(insns: number): boolean {
  const left = memory.view.getBigInt64(FUEL, true) - BigInt(insns);
  if (left < 0n) return false;
  memory.view.setBigInt64(FUEL, left, true);
  return true;
}

type Step = readonly ["limit" | "enter" | "refund" | "hold" | "release", number];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom("limit", "enter", "refund", "hold", "release"),
  fc.oneof(fc.nat(20), fc.constantFrom(2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER)),
);

function apply(fuel: Fuel, [what, n]: Step): void {
  if (what === "limit") fuel.limit(n);
  else if (what === "refund") fuel.refund(n);
  else fuel[what === "hold" ? "hold" : "release"]();
}

describe("fuel", () => {
  it("counts what blocks took, and never lets them take more than the limit, held or not", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const fuel = createFuel(memory);
        let used = 0;
        let limit = 0;
        let held = false;
        for (const [what, n] of steps) {
          if (what === "enter") {
            const entered = enterBlock(n);
            // A held interpreter enters no block; nobody asks it to enter an empty one.
            if (n > 0) expect(entered).toBe(!held && used + n <= limit);
            if (entered) used += n;
          } else if (what === "refund") {
            const back = Math.min(n, used);
            fuel.refund(back);
            used -= back;
          } else {
            apply(fuel, [what, n]);
            if (what === "limit") limit = Math.max(n, used);
            held = what === "hold";
          }
          expect(fuel.used).toBe(used);
          expect(fuel.left).toBe(Math.max(0, limit - used));
        }
      }),
    );
  });

  it("takes off what is spent, as it gives back what is not", () => {
    const fuel = createFuel(memory);
    fuel.limit(100);
    expect(enterBlock(10)).toBe(true);
    fuel.refund(4);
    fuel.spend(3);
    expect([fuel.used, fuel.left]).toEqual([9, 91]);
    fuel.hold();
    fuel.spend(1);
    fuel.release();
    expect([fuel.used, fuel.left]).toEqual([10, 90]);
  });
});
