import fc from "fast-check";
import type { LoadRequest } from "../../container/candidates.js";
import { createTestContainer } from "../test-container.js";
import { createSaboteur, type SaboteurLane, sabotaged } from "./sabotage.js";
import {
  type Account,
  accountOf,
  begin,
  expectSame,
  playAll,
  type RunParameters,
  requestsOf,
  resultText,
  type Wiring,
} from "./wiring.js";

/**
 * Holds that a fault costs nobody anything who has nothing to do with it. Either one of the plugins fails at some moment: then
 * it and those that require it still have what they had by then, beside the fault, and all others have the same to show
 * as ever; those apart that any of the lost plugins uses, because they may count what is asked of them. Or a saboteur is among them, which listens to every callback and fails at some call: then all have
 * the same to show as without it.
 *
 * @throws Error with fast-check's counterexample: the steps, who fails, and when
 *
 * @example
 * ```ts
 * await nothingLostOnFault({ make: () => ({ plugins: [server, first, second], play }), steps: fc.array(fc.nat()) });
 * ```
 */
export async function nothingLostOnFault<Step>(
  wiring: Wiring<Step>,
  parameters: RunParameters = {},
): Promise<void> {
  const names = requestsOf(wiring.make()).map(({ plugin }) => plugin.name);
  const failing = fc.oneof(
    fc.record({ plugin: fc.constantFrom(...names), beforeStep: fc.nat({ max: 30 }) }),
    fc.record({
      saboteur: fc.constantFrom<SaboteurLane>("direct", "rx", "operator", "promise"),
      atCall: fc.integer({ min: 1, max: 60 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(wiring.steps, failing, async (steps, how) => {
      if ("saboteur" in how) await failAmong(wiring, steps, how.saboteur, how.atCall);
      else await failOne(wiring, steps, how.plugin, Math.min(how.beforeStep, steps.length));
    }),
    parameters,
  );
}

async function failAmong<Step>(
  wiring: Wiring<Step>,
  steps: readonly Step[],
  lane: SaboteurLane,
  atCall: number,
): Promise<void> {
  const expected = await undisturbed(wiring, steps);
  const stage = wiring.make();
  const plugins = requestsOf(stage).map(({ plugin }) => plugin);
  const test = createTestContainer(wiring.options);
  await test.container.load([...requestsOf(stage), { plugin: createSaboteur(plugins, lane, atCall) }]);
  await playAll(stage, steps, test);
  expectSame(expected, accountOf(stage, test), `when another plugin fails (${lane})`);
}

async function failOne<Step>(
  wiring: Wiring<Step>,
  steps: readonly Step[],
  name: string,
  beforeStep: number,
): Promise<void> {
  const stage = wiring.make();
  const requests = requestsOf(stage);
  const victims = requests.filter(({ plugin }) => plugin.name === name).map(sabotaged);
  const test = createTestContainer(wiring.options);
  await test.container.load(
    requests.map(
      (each) => victims.find(({ request }) => request.plugin.name === each.plugin.name)?.request ?? each,
    ),
  );
  await playAll(stage, steps.slice(0, beforeStep), test);
  const had = new Map([...test.container.results()].map(([who, { result }]) => [who, resultText(result)]));
  for (const { trip } of victims) trip();
  await playAll(stage, steps.slice(beforeStep), test);

  const touched = usedBy(requests, usersOf(requests, name, true));
  const expected = [...(await undisturbed(wiring, steps))].filter(([who]) => !touched.has(who));
  expectSame(new Map(expected), accountOf(stage, test), `when "${name}" fails`);
  for (const who of usersOf(requests, name, false)) {
    const text = resultText(test.container.results().get(who)?.result);
    const before = had.get(who) ?? resultText(undefined);
    if (text !== before)
      throw new Error(
        `plugin "${who}" went with "${name}", and its result is not what it had\n  expected ${before}\n  got      ${text}`,
      );
  }
}

async function undisturbed<Step>({ make, options }: Wiring<Step>, steps: readonly Step[]): Promise<Account> {
  const stage = make();
  const test = await begin(stage, options);
  await playAll(stage, steps, test);
  return accountOf(stage, test);
}

/** Plugins and all that they use, directly or not. */
function usedBy(requests: readonly LoadRequest[], users: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(users);
  for (const user of found) {
    for (const { plugin } of requests) {
      if (plugin.name !== user) continue;
      for (const { name } of [...Object.values(plugin.requires), ...Object.values(plugin.optional)])
        found.add(name);
    }
  }
  return found;
}

/** A plugin and all that require it, directly or not; those that take it as optional too, if `optional`. */
function usersOf(requests: readonly LoadRequest[], name: string, optional: boolean): ReadonlySet<string> {
  const found = new Set([name]);
  for (const used of found) {
    for (const { plugin } of requests) {
      const uses = [...Object.values(plugin.requires), ...(optional ? Object.values(plugin.optional) : [])];
      if (uses.some((contract) => contract.name === used)) found.add(plugin.name);
    }
  }
  return found;
}
