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

/** Loads each alone, in this order, but after those it uses. */
async function loadInTurn(
  { container }: TestContainer,
  requests: readonly LoadRequest[],
  order: readonly string[],
): Promise<readonly string[]> {
  const waiting = new Map(requests.map((request) => [request.plugin.name, request]));
  const loaded: string[] = [];
  const load = async (name: string): Promise<void> => {
    const request = waiting.get(name);
    if (!request) return;
    waiting.delete(name);
    const { requires, optional } = request.plugin;
    for (const used of [...Object.values(requires), ...Object.values(optional)]) await load(used.name);
    await container.load([request]);
    loaded.push(name);
  };
  for (const name of order) await load(name);
  return loaded;
}
