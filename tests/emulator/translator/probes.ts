import fc from "fast-check";
import type { BlockInstruction, BlockPlan, Probe } from "../../../packages/emulator/src/interpreter/plan.js";

/** Offsets of cells, more than a region keeps in variables. */
const cell = fc.integer({ min: 0, max: 9 }).map((at) => 8 * at);
const fewCells = fc.integer({ min: 0, max: 2 }).map((at) => 8 * at);
const value = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const site = fc.nat({ max: 1000 });

/** Addresses of rings. */
const RINGS = [0xd100_0000, 0xd110_0000] as const;

/** Probes of all kinds; with few cells, or with more than a region keeps in variables. */
export function probes(few: boolean): fc.Arbitrary<Probe> {
  const cells = few ? fewCells : cell;
  return fc.oneof(
    fc.record({ kind: fc.constant("count"), cell: cells }),
    fc.record({ kind: fc.constantFrom("add", "store"), cell: cells, value }),
    fc.record({ kind: fc.constant("call"), site, writes: fc.boolean() }),
    fc.record({
      kind: fc.constant("call-if"),
      condition: fc.constantFrom("eq", "ne", "lt", "le", "gt", "ge"),
      cell: cells,
      value,
      site,
      writes: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("batch"),
      ring: fc.constantFrom(...RINGS),
      record: site,
      values: fc.constantFrom("none", "narrow", "wide"),
    }),
  );
}

/** Plans for a block of these instructions: accesses have probes only where there are accesses. */
export function plansFor(
  instructions: readonly BlockInstruction[],
  probe: fc.Arbitrary<Probe>,
): fc.Arbitrary<BlockPlan> {
  const some = fc.array(probe, { maxLength: 2 });
  const lists = (
    has: (instruction: BlockInstruction) => boolean,
  ): fc.Arbitrary<(readonly Probe[] | undefined)[]> =>
    fc.tuple(
      ...instructions.map((instruction) =>
        has(instruction) ? fc.option(some, { nil: undefined, freq: 3 }) : fc.constant(undefined),
      ),
    );
  return fc.record({
    block: some,
    before: lists(() => true),
    loads: lists(({ decoded }) => decoded?.instruction.memory?.load ?? false),
    stores: lists(({ decoded }) => decoded?.instruction.memory?.store ?? false),
  });
}
