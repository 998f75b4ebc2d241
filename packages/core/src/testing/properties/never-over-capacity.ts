import fc from "fast-check";
import type { LoadRequest } from "../../container/candidates.js";
import { CapacityError } from "../../errors.js";
import { createTestContainer } from "../test-container.js";
import { playAll, type RunParameters, requestsOf, type Wiring } from "./wiring.js";

/** How tight it is to be. */
export interface CapacityParameters extends RunParameters {
  /** Every callback takes at most so many listeners, whatever its contract says; as the contract says unless told. */
  readonly capacity?: number;
}

/**
 * Holds that nobody is ever refused for want of room: whatever happens, no callback is asked to take more listeners than it
 * has room for. Finds plugins that listen again and again. With a `capacity` that is just enough it finds them soon.
 *
 * @throws Error with fast-check's counterexample: the steps
 *
 * @example
 * ```ts
 * await neverOverCapacity({ make: () => ({ plugins: [server, client], play }), steps: fc.array(fc.nat()) }, { capacity: 2 });
 * ```
 */
export async function neverOverCapacity<Step>(
  wiring: Wiring<Step>,
  { capacity = Number.POSITIVE_INFINITY, ...parameters }: CapacityParameters = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(wiring.steps, async (steps) => {
      const stage = wiring.make();
      const test = createTestContainer(wiring.options);
      const { refused } = await test.container.load(requestsOf(stage).map((each) => limited(each, capacity)));
      for (const { error } of refused) throw error.cause instanceof CapacityError ? error.cause : error;
      for (const step of steps) {
        await playAll(stage, [step], test);
        for (const { cause } of test.faults) if (cause instanceof CapacityError) throw cause;
      }
    }),
    parameters,
  );
}

function limited({ plugin, ...request }: LoadRequest, capacity: number): LoadRequest {
  const callbacks = Object.fromEntries(
    Object.entries(plugin.contract.callbacks).map(([name, spec]) => [
      name,
      { ...spec, capacity: Math.min(spec.capacity, capacity) },
    ]),
  );
  return { ...request, plugin: { ...plugin, contract: { ...plugin.contract, callbacks } } };
}
