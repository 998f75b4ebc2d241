import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Digest, digest } from "./witness/digest.js";
import { GUESTS, guest } from "./witness/guests.js";
import type { Guest, Recorded } from "./witness/machine.js";

const GUEST_ARGUMENTS = [
  ["clock", []],
  ["json", ["data/broken.json"]],
  ["bytecode", ["100"]],
] as const;

const program = (name: string, args: readonly string[], seed = 1): Guest => ({
  ...guest(name, args),
  allow: [GUESTS],
  seed,
});

const whole = ({ machine }: Recorded): void => void machine.run();

/** Runs in slices of these sizes, over and over. */
const sliced =
  (sizes: readonly number[]) =>
  ({ machine }: Recorded): void => {
    for (let i = 0; machine.exit === undefined; i++) machine.runSlice(sizes[i % sizes.length] ?? 1);
  };

const text = ({ stdout }: Digest): string => new TextDecoder().decode(stdout);

describe.each(GUEST_ARGUMENTS)("%s %j", (name, args) => {
  test("two runs are the same, event for event", async () => {
    const first = await digest(program(name, args), whole);
    expect(first.events).toBeGreaterThan(10_000);
    expect(await digest(program(name, args), whole)).toEqual(first);
  });

  test("slices do not show", async () => {
    const expected = await digest(program(name, args), whole);
    const sizes = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 500_000 })),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(sizes, async (s) => {
        expect(await digest(program(name, args), sliced(s))).toEqual(expected);
      }),
      { numRuns: 6 },
    );
  });
});

test("another seed gives other randomness, and nothing else", async () => {
  const [one, other] = await Promise.all([1, 2].map((seed) => digest(program("clock", [], seed), whole)));
  expect.assert(one !== undefined && other !== undefined);
  expect(other.hash).not.toBe(one.hash);
  const lines = text(one).split("\n");
  const different = text(other)
    .split("\n")
    .filter((line, i) => line !== lines[i]);
  expect(different.map((line) => line.split(":")[0])).toEqual(["getrandom", "AT_RANDOM"]);
});
