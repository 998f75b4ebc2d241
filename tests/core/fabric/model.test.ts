import { createCheckedFabric, scenarios } from "@qpp/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { numRuns } from "../num-runs.js";

test("the fabric does what its model does, whatever is done to it", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios(), (scenario) => scenario.play(createCheckedFabric)),
    { numRuns: numRuns(2500) },
  );
});

test("so it does where plugins are missing, go in circles, clash and throw", async () => {
  await fc.assert(
    fc.asyncProperty(
      scenarios({ cycles: true, missing: true, clashes: true, throwing: true, maxSteps: 20 }),
      (scenario) => scenario.play(createCheckedFabric),
    ),
    { numRuns: numRuns(1500) },
  );
});

// Found by the properties above: it matters which of the two came first, because a name that is taken when it is asked for is
// refused, even if the plugin that had it is gone when the others are loaded.
test.each([
  ["a load, then a rejection", 0, ["load", "reject"]],
  ["a rejection, then a load", 1, ["reject", "load"]],
])("%s in one run are done in this order", async (_, installed, kinds) => {
  const fabric = createCheckedFabric({ graph: [{ name: "p0", requires: [], optional: [] }] });
  await fabric.perform({ kind: "load", plugins: [0] });
  for (const [fn, kind] of kinds.entries()) {
    await fabric.perform({ kind: "listen", plugin: "p0", on: "p0", fn, lane: "direct" });
    const action = kind === "load" ? { kind: "load" as const, plugins: [0] } : { kind: "reject" as const };
    await fabric.perform({ kind: "prime", plugin: "p0", fn, after: 0, action });
  }
  const { trace } = await fabric.perform({ kind: "run", on: "p0", times: 1 });
  expect(trace.filter(({ kind }) => kind === "install")).toHaveLength(installed);
});
