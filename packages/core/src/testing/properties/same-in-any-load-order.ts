import fc from "fast-check";
import type { LoadRequest } from "../../container/candidates.js";
import { createTestContainer, type TestContainer } from "../test-container.js";
import {
  accountOf,
  begin,
  expectSame,
  playAll,
  type RunParameters,
  requestsOf,
  type Wiring,
} from "./wiring.js";

/**
 * Holds that all plugins have the same to show, whatever happens, in whatever order they are loaded: one after the other, each
 * after those it uses. Finds plugins that rely on being called before or after one that they do not require: by changing
 * what both are told, or by state that they share behind the fabric's back.
 *
 * @throws Error with fast-check's counterexample: the steps, and the order of loading
 *
 * @example
 * ```ts
 * await sameInAnyLoadOrder({ make: () => ({ plugins: [fake.plugin, first, second], play }), steps: fc.array(fc.nat()) });
 * ```
 */
export async function sameInAnyLoadOrder<Step>(
  wiring: Wiring<Step>,
  parameters: RunParameters = {},
): Promise<void> {
  const names = requestsOf(wiring.make()).map(({ plugin }) => plugin.name);
  const orders = fc.shuffledSubarray(names, { minLength: names.length });
  await fc.assert(
    fc.asyncProperty(wiring.steps, orders, async (steps, order) => {
      const together = wiring.make();
      const expected = await begin(together, wiring.options);
      await playAll(together, steps, expected);
      const apart = wiring.make();
      const got = createTestContainer(wiring.options);
      const loaded = await loadInTurn(got, requestsOf(apart), order);
      await playAll(apart, steps, got);
      expectSame(accountOf(together, expected), accountOf(apart, got), `when loaded as ${loaded.join(", ")}`);
    }),
    parameters,
  );
}

/** Loads each alone, the next of the order whose requirements are there; those that cannot be there together, in the end. */
async function loadInTurn(
  { container }: TestContainer,
  requests: readonly LoadRequest[],
  order: readonly string[],
): Promise<readonly string[]> {
  const loaded: string[] = [];
  let waiting = order.flatMap((name) => requests.filter(({ plugin }) => plugin.name === name));
  for (;;) {
    const pending = new Set(waiting.map(({ plugin }) => plugin.name));
    const ready = waiting.find(({ plugin: { requires, optional } }) =>
      [...Object.values(requires), ...Object.values(optional)].every(({ name }) => !pending.has(name)),
    );
    if (ready === undefined) break;
    await container.load([ready]);
    loaded.push(ready.plugin.name);
    waiting = waiting.filter((each) => each !== ready);
  }
  await container.load(waiting);
  return [...loaded, ...waiting.map(({ plugin }) => plugin.name)];
}
