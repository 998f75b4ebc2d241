import type { FabricSetup, Step } from "./fabric.js";

/**
 * A module that does steps to a wiring and holds each against the model; it can be saved as a `.mjs` file and run. It throws
 * where the two disagree.
 */
export function scriptOf(setup: FabricSetup, steps: readonly Step[]): string {
  return [
    'import { createCheckedFabric } from "@qpp/core/testing";',
    "",
    `const fabric = createCheckedFabric(${JSON.stringify(setup)});`,
    ...steps.map((step) => `await fabric.perform(${JSON.stringify(step)});`),
    "",
  ].join("\n");
}
