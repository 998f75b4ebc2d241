import fc from "fast-check";
import {
  accountOf,
  begin,
  expectSame,
  playAll,
  type RunParameters,
  type Stage,
  type Wiring,
} from "./wiring.js";

/** Plugins that can do their work in several ways, such as on several lanes. */
export interface LaneWiring<Lane, Step> extends Omit<Wiring<Step>, "make"> {
  /** The ways. The first is what the others are compared with. */
  readonly lanes: readonly [Lane, ...Lane[]];
  /** Makes everything anew, for each run, with the work done in this way. */
  make(lane: Lane): Stage<Step>;
}

/**
 * Holds that all plugins have the same to show, whatever happens, on whatever lane they listen. A lane is anything that
 * `make` understands: `direct` and `rx` of a callback; `count`, `batch`, `register` and `subscribe` of a machine's events; an
 * argument of the plugin.
 *
 * @throws Error with fast-check's counterexample: the steps, and the lane
 *
 * @example
 * ```ts
 * await sameOnEveryLane({
 *   lanes: ["on", "off"],
 *   make: (inline) => ({ plugins: [fake.plugin, { plugin: insn, args: { inline } }], play }),
 *   steps: machineStreams().map(({ events }) => events),
 * });
 * ```
 */
export async function sameOnEveryLane<const Lane, Step>(
  wiring: LaneWiring<Lane, Step>,
  parameters: RunParameters = {},
): Promise<void> {
  const [first, ...others] = wiring.lanes;
  const run = async (lane: Lane, steps: readonly Step[]) => {
    const stage = wiring.make(lane);
    const test = await begin(stage, wiring.options);
    await playAll(stage, steps, test);
    return accountOf(stage, test);
  };
  await fc.assert(
    fc.asyncProperty(wiring.steps, fc.constantFrom(...others), async (steps, lane) => {
      expectSame(await run(first, steps), await run(lane, steps), `on lane ${fc.stringify(lane)}`);
    }),
    parameters,
  );
}
