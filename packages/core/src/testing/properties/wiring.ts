import fc from "fast-check";
import type { LoadRequest } from "../../container/candidates.js";
import type { Container, ContainerOptions } from "../../container/container.js";
import { PluginGoneError } from "../../errors.js";
import { isPlugin, type Plugin } from "../../plugin.js";
import { createTestContainer, type TestContainer } from "../test-container.js";

/** The plugins of one run, and how something happens to them. */
export interface Stage<Step> {
  /** Those that are tested, and the fakes they need; with arguments, where they take some. */
  readonly plugins: readonly (Plugin | LoadRequest)[];
  /** Makes one thing happen, once they are loaded. */
  play(step: Step, container: Container): void | Promise<void>;
  /** Something that plugins may hold on to outside of the wiring, such as the number of listeners of an emitter. */
  gauge?(): unknown;
}

/** Plugins, and what may happen to them: what a property is about. */
export interface Wiring<Step> {
  /** Makes everything anew, for each run. */
  make(): Stage<Step>;
  /** What may happen, one thing after the other: `fc.array(…)` of what can happen at any time, or a machine's stream. */
  readonly steps: fc.Arbitrary<readonly Step[]>;
  /** For the container, if it needs any; `resolve`, for example. */
  readonly options?: Omit<ContainerOptions, "host">;
}

/** fast-check's parameters: `numRuns`, `seed` and so on. */
export type RunParameters = Pick<
  fc.Parameters<unknown>,
  "endOnFailure" | "numRuns" | "path" | "seed" | "verbose"
>;

/** What plugins have to show after a run, by plugin, in a form that can be compared. */
export type Account = ReadonlyMap<string, string>;

const requestOf = (each: Plugin | LoadRequest): LoadRequest => (isPlugin(each) ? { plugin: each } : each);

export const requestsOf = ({ plugins }: Stage<never>): readonly LoadRequest[] => plugins.map(requestOf);

/** Plays steps in turn. What a step cannot do because a plugin is gone is left undone. */
export async function playAll<Step>(
  stage: Stage<Step>,
  steps: readonly Step[],
  { container }: TestContainer,
): Promise<void> {
  for (const step of steps) {
    try {
      await stage.play(step, container);
    } catch (cause) {
      if (!(cause instanceof PluginGoneError)) throw cause;
    }
  }
  // Rejected promises are told before the next task.
  await Promise.resolve();
}

/**
 * Loads a stage as it is.
 *
 * @throws QppError if one of its plugins cannot be loaded: a property of plugins that are not there would hold of anything
 */
export async function begin<Step>(
  stage: Stage<Step>,
  options: Wiring<Step>["options"],
): Promise<TestContainer> {
  const test = createTestContainer(options);
  const { refused } = await test.container.load(requestsOf(stage));
  if (refused[0]) throw refused[0].error;
  return test;
}

/** What each plugin of a stage has to show: whether it is loaded, result, summary, what it said, its faults. */
export function accountOf(stage: Stage<never>, { container, said, faults }: TestContainer): Account {
  const results = container.results();
  const summaries = container.summaries();
  const names = requestsOf(stage).map(({ plugin }) => plugin.name);
  return new Map(
    names.map((name) => {
      const account = {
        loaded: container.get(name) !== undefined,
        result: results.get(name)?.result,
        summary: summaries.get(name),
        said: said.filter(([who]) => who === name).map(([, ...values]) => values),
        faults: faults.filter(({ plugin }) => plugin === name).map(({ message }) => message),
      };
      return [name, fc.stringify(sorted(account))];
    }),
  );
}

/** What a plugin has to show as its result, in the form of an {@link Account}. */
export const resultText = (result: unknown): string => fc.stringify(sorted(result));

/** Equal objects are equal texts, whatever the order of their keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const entries = Object.entries(value).map(([key, each]) => [key, sorted(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Compares what plugins have to show.
 *
 * @throws Error naming the first plugin that has something else to show
 */
export function expectSame(expected: Account, got: Account, when: string): void {
  for (const [name, text] of expected) {
    const other = got.get(name);
    if (other === text) continue;
    throw new Error(
      `plugin "${name}" has something else to show ${when}\n  expected ${text}\n  got      ${other}`,
    );
  }
}
