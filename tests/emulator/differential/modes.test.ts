import { describe, expect, test } from "vitest";
import type { TrialOptions } from "./trial.js";
import { attempt, trials, tryAll } from "./trial.js";

const SEED = 2026;
/** Milliseconds: the work of a few seconds, on a machine that does much else. */
const TIMEOUT = 240_000;

async function same(options: TrialOptions, count: number): Promise<void> {
  const amount = { seed: SEED, trials: count, patience: 20_000 };
  const { trials: done, insns } = await tryAll(trials(options), attempt, amount);
  expect(done).toBe(count);
  expect(insns).toBeGreaterThan(count * 1000);
}

describe("translated and interpreted, random programs with control flow are the same", () => {
  test(
    "when they run to their end",
    () => same({ comparable: false, consumers: false, stopped: false }, 15),
    TIMEOUT,
  );

  test(
    "when they are stopped after any number of instructions",
    () => same({ comparable: false, consumers: false, stopped: true }, 20),
    TIMEOUT,
  );

  test(
    "when they are watched by consumers that come and go",
    () => same({ comparable: false, consumers: true, stopped: false }, 15),
    TIMEOUT,
  );
});
