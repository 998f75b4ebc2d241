import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRig, type Guest, type RigOptions } from "../rig.js";
import { canCompile, compiled, NEEDS } from "./compiled.js";
import { type Recording, record } from "./recording.js";

/** Everything, and what the guest left behind. */
interface Run extends Recording {
  readonly output: string;
  readonly code: number;
  readonly executed: number;
}

async function runOf(of: Guest, options: RigOptions = {}, slice?: () => number): Promise<Run> {
  const rig = await createRig(of, options);
  const recorded = record(rig);
  let exit = slice === undefined ? rig.machine.run() : rig.machine.runSlice(slice());
  while (exit === undefined) exit = rig.machine.runSlice(slice?.() ?? 0);
  expect(rig.faults).toEqual([]);
  return { ...recorded(), output: rig.output(), code: exit.code, executed: rig.machine.executed };
}

const PROGRAMS = ["threads", "processes"] as const;
/** Who did what when differs from seed to seed. */
const settled = (output: string): readonly string[] =>
  output
    .split("\n")
    .map((line) => (/^[012]+$/.test(line) ? [...line].sort().join("") : line))
    .sort();
const RUNS = 10;
const MINUTE = 60_000;

describe.skipIf(!canCompile).each(PROGRAMS)(`the events of %s ${NEEDS}`, (name) => {
  it(
    `are the same in ${RUNS} runs`,
    async () => {
      const of = await compiled(name);
      const first = await runOf(of);
      expect(first.events).toBeGreaterThan(400_000);
      for (let i = 1; i < RUNS; i++) expect(await runOf(of)).toEqual(first);
    },
    2 * MINUTE,
  );

  it.each<[string, RigOptions]>([
    ["interpreted", { translate: false }],
    ["translated early", { translateAfter: 3 }],
    ["translated late", { translateAfter: 200 }],
    ["thrown away now and then", { translateAfter: 20, translatedBytes: 20_000 }],
  ])(
    "are the same when all code is %s",
    async (_how, options) => {
      const of = await compiled(name);
      expect(await runOf(of, options)).toEqual(await runOf(of));
    },
    MINUTE,
  );

  it(
    "are the same in slices of any size",
    async () => {
      const of = await compiled(name);
      const whole = await runOf(of);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.nat(200_000)), {
            minLength: 1,
            maxLength: 9,
          }),
          async (sizes) => {
            let i = 0;
            const slice = (): number => sizes[i++ % sizes.length] ?? 0;
            expect(await runOf(of, {}, slice)).toEqual(whole);
          },
        ),
        { numRuns: 4 },
      );
    },
    MINUTE,
  );

  it(
    "are others with another seed, and the guest's results are the same",
    async () => {
      const of = await compiled(name);
      const one = await runOf(of, { seed: 1 });
      const two = await runOf(of, { seed: 2 });
      expect(two.digest).not.toBe(one.digest);
      expect(settled(two.output)).toEqual(settled(one.output));
    },
    MINUTE,
  );
});
