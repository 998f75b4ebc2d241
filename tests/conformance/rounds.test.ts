import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instructionNamed } from "../../packages/emulator/src/isa/riscv/table.js";
import { plain } from "./program/atoms.js";
import { DIGEST, DUMP_SIZE } from "./program/dump.js";
import { buildImage, type Rounds } from "./program/image.js";
import { ARENA, operands, type Sequence, sequences, sequencesOf } from "./program/sequence.js";
import { createRecorded, INTERPRETED } from "./witness/machine.js";

/** What each sequence has left behind after its last round, without the digest; the digests; executed instructions. */
function run(list: readonly Sequence[], rounds: Rounds) {
  const image = buildImage(list, rounds);
  const recorded = createRecorded({ path: "rounds", image: image.elf, machine: INTERPRETED });
  recorded.machine.run();
  const { stdout, code } = recorded.observed();
  expect(code).toBe(0);
  const dumps = list.map((_, i) => Buffer.from(stdout.subarray(i * DUMP_SIZE, (i + 1) * DUMP_SIZE)));
  return {
    left: dumps.map((dump) => dump.subarray(0, DIGEST - ARENA.first).toString("hex")),
    digests: dumps.map((dump) => dump.readBigUInt64LE(DIGEST - ARENA.first)),
    insns: recorded.machine.executed - image.harness,
  };
}

const some = fc.sample(sequences(30), { seed: 11, numRuns: 8 });

describe("sequences in rounds", () => {
  test.each([1, 2, 7])("%i rounds: counts the sequence's own instructions, and none else", (count) => {
    const nops = sequencesOf(
      fc.constant(Array.from({ length: 5 }, () => plain(instructionNamed("fence"), nothing))),
    );
    const list = fc.sample(nops, { seed: 3, numRuns: 4 }).map((sequence) => ({ ...sequence, repeat: 1 }));
    expect(run(list, { count, from: 0, seed: 1 }).insns).toBe(count * 4 * 5);
  });

  test("a round leaves behind the same, whatever came before it", () => {
    const all = run(some, { count: 6, from: 0, seed: 9 });
    const last = run(some, { count: 1, from: 5, seed: 9 });
    expect(last.left).toEqual(all.left);
    const others = run(some, { count: 1, from: 4, seed: 9 });
    expect(others.left).not.toEqual(all.left);
  });

  test("the digest tells of every round", () => {
    const digests = [1, 2, 3].map((count) => run(some, { count, from: 0, seed: 9 }).digests);
    for (const i of some.keys()) expect(new Set(digests.map((list) => list[i])).size).toBe(3);
    const twoOthers = run(some, { count: 2, from: 1, seed: 9 });
    const lastTwo = run(some, { count: 3, from: 0, seed: 9 });
    expect(twoOthers.left).toEqual(lastTwo.left);
    for (const i of some.keys()) expect(twoOthers.digests[i]).not.toBe(lastTwo.digests[i]);
  });

  test("another seed, other rounds", () => {
    const [one, other] = [9, 10].map((seed) => run(some, { count: 2, from: 0, seed }));
    expect(one?.left).not.toEqual(other?.left);
  });
});

const [nothing = fail()] = fc.sample(operands, { seed: 1, numRuns: 1 });
function fail(): never {
  throw new Error("no operands were drawn");
}
