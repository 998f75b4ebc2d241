import { scenarios } from "@qpp/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numRuns } from "../num-runs.js";
import { entries, isQuiet, play, runsOf } from "./scenario.js";

describe("the sequences", () => {
  it("do all that they are meant to", async () => {
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    for (const scenario of fc.sample(scenarios(), { numRuns: 400, seed: 1 })) {
      const moments = await play(scenario);
      for (const [i, { step, outcome, trace }] of moments.entries()) {
        count(`${step.kind} ${typeof outcome === "string" && !/^p\d/.test(outcome) ? outcome : "done"}`);
        for (const { calls, within } of runsOf(trace)) {
          if (calls.length > 1) count(isQuiet(moments, i) ? "quiet run" : "changing run");
          for (const { kind } of within) count(`${kind} in a run`);
        }
        if (step.kind === "run" && entries(trace, "install").length > 0) count("load after a run");
        if (step.kind === "run" && trace.at(-1)?.kind === "fault") count("fault after a run");
        for (const { lane } of entries(trace, "call")) count(`call ${lane}`);
      }
    }
    const rare = [
      "listen added",
      "listen QPP_CAPACITY",
      "listen QPP_PLUGIN_GONE",
      "listen closed",
      "call QPP_PLUGIN_GONE",
      "quiet run",
      "changing run",
      "run in a run",
      "fault in a run",
      "dispose in a run",
      "complete in a run",
      "load after a run",
      "fault after a run",
      "call operator",
    ];
    expect(rare.filter((what) => (seen.get(what) ?? 0) < 5)).toEqual([]);
  });
});

describe("the fabric", () => {
  it("does the same again, entry for entry", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios(), async (scenario) => {
        expect(await play(scenario)).toEqual(await play(scenario));
      }),
      { numRuns: numRuns(200) },
    );
  });
});
