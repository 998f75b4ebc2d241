import fc from "fast-check";
import { watchTimers } from "./timers.js";
import { begin, playAll, type RunParameters, requestsOf, type Stage, type Wiring } from "./wiring.js";

/**
 * Holds that a plugin that is taken out is gone: after one of them is unloaded at some moment, it says nothing and fails at
 * nothing any more, whatever happens; and after all are unloaded, no timer is set that was set meanwhile, and `gauge`
 * of the stage says what it said before they were loaded.
 *
 * Timers are watched by standing in for `setTimeout`, `setInterval` and their counterparts during each run; do not run it at
 * the same time as other tests of one process.
 *
 * @throws Error with fast-check's counterexample: the steps, who is unloaded, and when
 *
 * @example
 * ```ts
 * await noLeakAfterUnload({
 *   make: () => ({ plugins: [watcher], play: (x) => stream.next(x), gauge: () => stream.observed }),
 *   steps: fc.array(fc.nat()),
 * });
 * ```
 */
export async function noLeakAfterUnload<Step>(
  wiring: Wiring<Step>,
  parameters: RunParameters = {},
): Promise<void> {
  const names = requestsOf(wiring.make()).map(({ plugin }) => plugin.name);
  await fc.assert(
    fc.asyncProperty(
      wiring.steps,
      fc.record({ unload: fc.constantFrom(...names), beforeStep: fc.nat({ max: 30 }) }),
      async (steps, { unload, beforeStep }) => {
        const timers = watchTimers();
        try {
          const stage = wiring.make();
          const before = fc.stringify(stage.gauge?.());
          await unloadAt(wiring, stage, steps, unload, Math.min(beforeStep, steps.length));
          const after = fc.stringify(stage.gauge?.());
          if (after !== before)
            throw new Error(
              `after all plugins are unloaded the gauge says ${after}; before it said ${before}`,
            );
          const pending = timers.pending();
          if (pending > 0) throw new Error(`after all plugins are unloaded ${pending} timers are still set`);
        } finally {
          timers.stop();
        }
      },
    ),
    parameters,
  );
}

async function unloadAt<Step>(
  wiring: Wiring<Step>,
  stage: Stage<Step>,
  steps: readonly Step[],
  unload: string,
  beforeStep: number,
): Promise<void> {
  const test = await begin(stage, wiring.options);
  const { container, said, faults } = test;
  const present = (): string[] => container.describe().plugins.map(({ name }) => name);
  await playAll(stage, steps.slice(0, beforeStep), test);
  const all = present();
  container.uninstall(unload);
  const gone = new Set(all.filter((name) => !present().includes(name)));
  const [saidBefore, faultsBefore] = [said.length, faults.length];
  await playAll(stage, steps.slice(beforeStep), test);
  const voice = said.slice(saidBefore).find(([name]) => gone.has(String(name)));
  if (voice)
    throw new Error(`plugin "${voice[0]}" was unloaded, and still says ${fc.stringify(voice.slice(1))}`);
  const fault = faults.slice(faultsBefore).find(({ plugin }) => gone.has(plugin));
  if (fault) throw new Error(`plugin "${fault.plugin}" was unloaded, and still fails: ${fault.message}`);
  for (const name of present()) container.uninstall(name);
}
