import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRig, type Guest, guest, program } from "../rig.js";
import { type Attached, type Attachment, attach, attachments, ENTRIES } from "./attachment.js";
import { type Expected, expectedOf } from "./model.js";
import { randomProgram } from "./random-program.js";
import { type Reference, referenceOf } from "./reference.js";

/** Runs a program with consumers that come and go, and gives what they saw. */
async function observe(
  of: Guest,
  { insns, output, exit }: Reference,
  consumers: readonly Attachment[],
  slice: number | undefined,
): Promise<Expected> {
  const rig = await createRig(of);
  const board = rig.api.scoreboards.create(ENTRIES);
  const entries = Array.from({ length: ENTRIES }, (_, i) => board.entry(i));
  const log: string[] = [];
  const made: (Attached | undefined)[] = consumers.map(() => undefined);
  const change = (moment: number): void => {
    consumers.forEach((consumer, id) => {
      if (consumer.from === moment) made[id] = attach(rig.api, consumer, entries, id, log);
      if (consumer.until === moment) made[id]?.detach();
    });
  };
  let moment = 0;
  const moments = new Set(consumers.flatMap(({ from, until }) => [from, until]));
  if (consumers.some(({ from, until }) => from > 0 || until < Number.POSITIVE_INFINITY)) {
    // The first of all listeners: what it takes off is not called for the same instruction.
    rig.api.instructions.executed.register(() => {
      moment++;
      if (moments.has(moment)) change(moment);
    });
  }
  change(0);
  expect(rig.run(slice)).toEqual(exit);
  expect(rig.faults).toEqual([]);
  expect([rig.machine.executed, rig.output()]).toEqual([insns, output]);
  const seen = made.map((each) => each?.seen() ?? { events: [], count: 0, table: new Map() });
  return { seen, log, entries: [...board.of(0)] };
}

const slices = fc.option(fc.integer({ min: 0, max: 1500 }), { nil: undefined });

describe("all lanes", () => {
  it("see the same events in the same order, for any selections, batch capacities and slices", async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, attachments(0), slices, async (items, consumers, slice) => {
        const of = program(items);
        const reference = await referenceOf(of);
        expect(await observe(of, reference, consumers, slice)).toEqual(
          expectedOf(reference.events, consumers),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("take part from the block after they are attached, until they are detached", async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, attachments(400), slices, async (items, consumers, slice) => {
        const of = program(items);
        const reference = await referenceOf(of);
        expect(await observe(of, reference, consumers, slice)).toEqual(
          expectedOf(reference.events, consumers),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("agree on a program that rewrites its own code", async () => {
    const of = guest("selfmod");
    const reference = await referenceOf(of);
    const all = { modulus: 1, remainder: 0, flag: undefined };
    const always = { selection: all, from: 0, until: Number.POSITIVE_INFINITY };
    const consumers = (["block", "instruction", "access"] as const).flatMap((kind): Attachment[] => [
      { kind, lane: { lane: "direct" }, ...always },
      { kind, lane: { lane: "rx" }, ...always },
      { kind, lane: { lane: "batch", capacity: 100 }, ...always },
      { kind, lane: { lane: "count" }, ...always },
      { kind, lane: { lane: "countBy", keys: 3 }, ...always },
      { kind, lane: { lane: "inline", operation: "add", entry: 1, value: 1 }, ...always },
    ]);
    expect(await observe(of, reference, consumers, undefined)).toEqual(
      expectedOf(reference.events, consumers),
    );
    expect(reference.output).toBe("first 41\nsecond -42\nsum 499500\n");
  });
});
