import { createCheckedFabric, scenarios } from "@qpp/core/testing";
import fc from "fast-check";
import { test } from "vitest";

test("the fabric does what its model does, whatever is done to it", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios(), (scenario) => scenario.play(createCheckedFabric)),
    { numRuns: 2500 },
  );
});

test("so it does where plugins are missing, go in circles, clash and throw", async () => {
  await fc.assert(
    fc.asyncProperty(
      scenarios({ cycles: true, missing: true, clashes: true, throwing: true, maxSteps: 20 }),
      (scenario) => scenario.play(createCheckedFabric),
    ),
    { numRuns: 1500 },
  );
});
