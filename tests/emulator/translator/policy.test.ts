import { describe, expect, it } from "vitest";
import { createRig, guest, type RigOptions } from "../machine/rig.js";

/** Runs a guest in short slices; gives what it wrote, how it ended, and how often each region was made. */
async function run(name: string, options: RigOptions, ...args: readonly string[]) {
  const made = new Map<number, number>();
  const rig = await createRig(guest(name, ...args), {
    ...options,
    observe: ({ order }) => made.set(order.region.head, (made.get(order.region.head) ?? 0) + 1),
  });
  const { code } = rig.run(20_000);
  return { output: rig.output(), code, executed: rig.machine.executed, made };
}

describe("translated code", () => {
  it("is given up when there is too much of it, and comes back", async () => {
    const kept = await run("qsort", { translateAfter: 20 }, "3000");
    const evicted = await run("qsort", { translateAfter: 20, translatedBytes: 1000 }, "3000");
    const total = (made: ReadonlyMap<number, number>): number =>
      [...made.values()].reduce((a, b) => a + b, 0);
    expect(total(kept.made)).toBeGreaterThan(5);
    expect(total(evicted.made)).toBeGreaterThan(total(kept.made));
    expect({ ...evicted, made: undefined }).toEqual({ ...kept, made: undefined });
  });

  it("stays where other code is written to", async () => {
    const { made, output } = await run("selfmod", { translateAfter: 20 });
    expect(output).toContain("sum 499500");
    const { made: again, executed } = await run("selfmod", { translateAfter: 1 });
    // A thousand writes to one function, which is a region each time; what calls it stays.
    expect(Math.max(...again.values())).toBeGreaterThan(900);
    expect([...again.values()].filter((times) => times > 10)).toHaveLength(1);
    expect([...made.values()].every((times) => times < 10)).toBe(true);
    expect(executed).toBe((await run("selfmod", {})).executed);
  });

  it("is made no faster than the guest has earned it", async () => {
    // As TRANSLATED_AT_ONCE and EARNED_BY of the translator say, for blocks that are hot after 101 executions.
    const earned = (executed: number): number => 2000 + executed / (20 * 100);
    let translated = 0;
    let most = Number.NEGATIVE_INFINITY;
    const rig = await createRig(guest("trees"), {
      translateAfter: 101,
      observe({ order }) {
        most = Math.max(most, translated - earned(rig.machine.executed));
        for (const { block } of order.region.nodes.values()) translated += block.insns;
      },
    });
    rig.run();
    expect(translated).toBeGreaterThan(2000);
    expect(most).toBeLessThan(0);
  });
});
