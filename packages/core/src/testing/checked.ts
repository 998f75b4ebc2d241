import type { FabricSetup, Observation, RealFabric, Step } from "./fabric.js";
import { createFabricModel } from "./model/model.js";
import { createRealFabric } from "./real.js";
import type { ContainerFactory } from "./test-container.js";

/** The real fabric did something else than the model. */
export class FabricMismatchError extends Error {
  /** The step that they disagree about. */
  readonly step: Step;

  constructor(step: Step, model: Observation, real: Observation) {
    const part = PARTS.find((each) => text(model[each]) !== text(real[each])) ?? "state";
    const [expected, got] = part === "trace" ? fromFirstDifference(model, real) : [model[part], real[part]];
    super(
      `after ${text(step)} the ${part} is not what it should be\n` +
        `  expected ${text(expected)}\n  got      ${text(got)}`,
    );
    this.name = "FabricMismatchError";
    this.step = step;
  }
}

const PARTS = ["outcome", "trace"] as const;

const text = (value: unknown): string => JSON.stringify(value) ?? "undefined";

/** What the traces say from where they differ. */
function fromFirstDifference(
  { trace: expected }: Observation,
  { trace: got }: Observation,
): readonly [unknown, unknown] {
  const differing = expected.findIndex((entry, i) => text(entry) !== text(got[i]));
  const first = differing === -1 ? expected.length : differing;
  return [expected.slice(first), got.slice(first)];
}

/**
 * A real wiring and the model of it: each step is done to both. This is what the scripts of counterexamples are made of.
 *
 * @param create makes the container that is put to the test
 * @throws FabricMismatchError from `perform`, when the two do not agree on what the step comes to, on what happens meanwhile
 *   and in what order, or on how things are afterwards
 */
export function createCheckedFabric(setup: FabricSetup, create?: ContainerFactory): RealFabric {
  const model = createFabricModel(setup);
  const real = createRealFabric(setup, create);
  return {
    setup,
    async perform(step) {
      const expected = model.perform(step);
      const got = await real.perform(step);
      if (text(expected) !== text(got)) throw new FabricMismatchError(step, expected, got);
      return got;
    },
  };
}
