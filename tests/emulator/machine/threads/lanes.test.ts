import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRig, type Guest, type RigOptions } from "../rig.js";
import { canCompile, compiled, NEEDS } from "./compiled.js";
import { record } from "./recording.js";

/** Blocks by the vCPU that executed them. */
type ByVcpu = Record<number, number[]>;

const MINUTE = 60_000;
const MODES: readonly RigOptions[] = [{ translate: false }, { translateAfter: 10 }];

const put = (into: ByVcpu, vcpu: number, pc: number): void => {
  const list = into[vcpu] ?? [];
  list.push(pc);
  into[vcpu] = list;
};

/** Runs for so many instructions at most, or to the end. */
async function stateAfter(guest: Guest, options: RigOptions) {
  const rig = await createRig(guest, { maxInsns: undefined, ...options });
  const recorded = record(rig);
  const exit = rig.machine.run();
  expect(rig.faults).toEqual([]);
  return { ...recorded(), exit, executed: rig.machine.executed, output: rig.output() };
}

describe.skipIf(!canCompile)(`with threads that take turns ${NEEDS}`, () => {
  it.each(MODES)(
    "all lanes see the same blocks of each vCPU, in the same order: %o",
    async (options) => {
      const rig = await createRig(await compiled("threads"), options);
      const { blocks, vcpus, process } = rig.api;
      const first = process().pid;
      const direct: ByVcpu = {};
      const batched: ByVcpu = {};
      const streamed: ByVcpu = {};
      const counter = blocks.executed.count();
      blocks.executed.register((cpu, { pc }) => put(direct, cpu.index, pc));
      blocks.executed.batch((batch) => {
        for (let i = 0; i < batch.length; i++) put(batched, batch.vcpu, batch.pc[i] ?? -1);
      });
      blocks.executed.subscribe(({ cpu, block }) => put(streamed, cpu.index, block.pc));
      rig.run();
      expect(rig.faults).toEqual([]);
      expect(process().pid).toBe(first);
      expect(Object.keys(direct).length).toBeGreaterThan(2);
      expect(batched).toEqual(direct);
      expect(streamed).toEqual(direct);
      for (let vcpu = 0; vcpu < vcpus.count; vcpu++)
        expect(counter.ofVcpu(vcpu)).toBe(direct[vcpu]?.length ?? 0);
      expect(counter.value).toBe(Object.values(direct).reduce((sum, { length }) => sum + length, 0));
    },
    MINUTE,
  );

  it(
    "who comes and goes in the middle sees the same, interpreted and translated",
    async () => {
      const guest = await compiled("threads");
      const total = (await stateAfter(guest, {})).executed;
      await fc.assert(
        fc.asyncProperty(fc.nat(total), fc.nat(total), async (one, other) => {
          const [from, to] = one < other ? [one, other] : [other, one];
          const seen = [];
          for (const options of MODES) {
            const rig = await createRig(guest, options);
            const direct: ByVcpu = {};
            const batched: ByVcpu = {};
            while (
              rig.machine.executed < from &&
              rig.machine.runSlice(from - rig.machine.executed) === undefined
            );
            const begin = rig.machine.executed;
            const listening = rig.api.blocks.executed.register((cpu, { pc }) => put(direct, cpu.index, pc));
            const consuming = rig.api.blocks.executed.batch((batch) => {
              for (let i = 0; i < batch.length; i++) put(batched, batch.vcpu, batch.pc[i] ?? -1);
            });
            while (
              rig.machine.executed < to &&
              rig.machine.runSlice(to - rig.machine.executed) === undefined
            );
            listening.unsubscribe();
            consuming.unsubscribe();
            const end = rig.machine.executed;
            rig.run();
            expect(rig.faults).toEqual([]);
            expect(batched).toEqual(direct);
            seen.push({ begin, end, direct, executed: rig.machine.executed, output: rig.output() });
          }
          expect(seen[1]).toEqual(seen[0]);
          expect(seen[0]?.executed).toBe(total);
        }),
        { numRuns: 8 },
      );
    },
    3 * MINUTE,
  );

  it(
    "a run is stopped after any number of instructions of all of them, exactly, with the same behind it",
    async () => {
      const guest = await compiled("threads");
      const whole = await stateAfter(guest, {});
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: whole.executed - 1 }), async (maxInsns) => {
          const [interpreted, translated] = await Promise.all(
            MODES.map((options) => stateAfter(guest, { ...options, maxInsns })),
          );
          expect(interpreted?.executed).toBe(maxInsns);
          expect(interpreted?.exit).toMatchObject({ stopped: "max-insns" });
          expect(translated).toEqual(interpreted);
          expect(whole.output.startsWith(interpreted?.output ?? "?")).toBe(true);
        }),
        { numRuns: 10 },
      );
    },
    3 * MINUTE,
  );
});
