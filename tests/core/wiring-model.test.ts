import { callback, contract, fn, type Plugin, plugin } from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bare, refusals } from "./plugins.js";

// Wirings, held against a model.

interface Shape {
  readonly requires: readonly number[];
  readonly optional: readonly number[];
}

const COUNT = 7;
const nameOf = (index: number): string => `p${index}`;

/** Any graph of requirements; or one without circles, where some are optional. */
const shapes: fc.Arbitrary<readonly Shape[]> = fc.oneof(
  fc.array(
    fc.record({
      requires: fc.uniqueArray(fc.nat({ max: COUNT - 1 }), { maxLength: 2 }),
      optional: fc.constant([]),
    }),
    {
      minLength: COUNT,
      maxLength: COUNT,
    },
  ),
  fc.tuple(
    ...Array.from({ length: COUNT }, (_, i) =>
      fc.record({
        requires: i === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat({ max: i - 1 }), { maxLength: 2 }),
        optional: i === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat({ max: i - 1 }), { maxLength: 2 }),
      }),
    ),
  ),
);

/** What should be loaded: the least set closed under "all that it requires is loaded, or in the set". */
function loadable(
  shape: readonly Shape[],
  requested: readonly number[],
  loaded: ReadonlySet<number>,
): Set<number> {
  const found = new Set<number>();
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const index of requested) {
      const { requires } = shape[index] as Shape;
      if (!loaded.has(index) && requires.every((each) => loaded.has(each) || found.has(each)))
        found.add(index);
    }
  }
  return found;
}

function dependentsOf(shape: readonly Shape[], index: number, loaded: ReadonlySet<number>): Set<number> {
  const found = new Set([index]);
  for (const each of found) {
    for (const other of loaded) if (shape[other]?.requires.includes(each)) found.add(other);
  }
  return found;
}

type Step =
  | { readonly kind: "load"; readonly which: readonly number[] }
  | { readonly kind: "uninstall" | "fault"; readonly which: number };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("load" as const),
      which: fc.uniqueArray(fc.nat({ max: COUNT - 1 }), { minLength: 1, maxLength: COUNT }),
    }),
    fc.record({
      kind: fc.constantFrom("uninstall" as const, "fault" as const),
      which: fc.nat({ max: COUNT - 1 }),
    }),
  ),
  { maxLength: 8 },
);

test("any wiring, loaded and taken apart in any way, holds exactly what it should", async () => {
  await fc.assert(
    fc.asyncProperty(shapes, steps, async (shape, sequence) => {
      const { container, faults } = createTestContainer();
      const events: string[] = [];
      const fail = new Map<string, () => void>();
      const contracts = shape.map((_, i) =>
        contract(nameOf(i), { callbacks: { on: callback<[]>() }, functions: { id: fn<() => number>() } }),
      );
      const under = (indexes: readonly number[], prefix: string) =>
        Object.fromEntries(
          indexes.map((each) => [`${prefix}${each}`, contracts[each] as (typeof contracts)[number]]),
        );
      const plugins = shape.map(({ requires, optional }, i) =>
        plugin(contracts[i] as (typeof contracts)[number], {
          requires: under(requires, "r"),
          optional: under(optional, "o"),
          install(context) {
            events.push(`+${i}`);
            for (const each of requires) {
              const required = context[`r${each}`];
              expect(required?.id()).toBe(each);
              required?.on.register(() => {});
              required?.on.subscribe();
            }
            context.onDispose(() => {
              events.push(`-${i}`);
              // What it requires is still there.
              for (const each of requires) expect(context[`r${each}`]?.id()).toBe(each);
            });
            context.callbacks.on.register(() => {
              throw new Error("asked to fail");
            });
            fail.set(nameOf(i), context.callbacks.on.run);
            context.report(() => i);
            return { id: () => i };
          },
        }),
      );
      let loaded = new Set<number>();
      let faultCount = 0;
      const ever = new Set<number>();
      for (const step of sequence) {
        events.length = 0;
        if (step.kind === "load") {
          const expected = loadable(shape, step.which, loaded);
          const report = await container.load(
            step.which.map((each) => ({ plugin: plugins[each] as Plugin })),
          );
          expect(new Set(report.loaded)).toEqual(new Set([...expected].map(nameOf)));
          expect(report.loaded.length + report.refused.length).toBe(step.which.length);
          expect(events).toEqual(report.loaded.map((name) => name.replace("p", "+")));
          for (const [at, name] of report.loaded.entries()) {
            const index = Number(name.slice(1));
            const { requires, optional } = shape[index] as Shape;
            for (const each of [...requires, ...optional.filter((other) => expected.has(other))]) {
              const position = report.loaded.indexOf(nameOf(each));
              expect(position < at && (position >= 0 || loaded.has(each))).toBe(true);
            }
          }
          for (const each of expected) ever.add(each);
          loaded = new Set([...loaded, ...expected]);
        } else {
          const gone = loaded.has(step.which) ? dependentsOf(shape, step.which, loaded) : new Set<number>();
          if (step.kind === "uninstall") {
            expect(container.uninstall(nameOf(step.which))).toBe(loaded.has(step.which));
          } else {
            fail.get(nameOf(step.which))?.();
            if (gone.size > 0) faultCount++;
          }
          expect(new Set(events)).toEqual(new Set([...gone].map((each) => `-${each}`)));
          expect(events).toHaveLength(gone.size);
          for (const each of gone) {
            for (const required of shape[each]?.requires ?? []) {
              if (gone.has(required))
                expect(events.indexOf(`-${each}`)).toBeLessThan(events.indexOf(`-${required}`));
            }
          }
          loaded = new Set([...loaded].filter((each) => !gone.has(each)));
        }
        const wiring = container.describe().plugins;
        expect(new Set(wiring.map(({ name }) => name))).toEqual(new Set([...loaded].map(nameOf)));
        for (const { name, callbacks } of wiring) {
          const index = Number(name.slice(1));
          const users = [...loaded].filter((each) => shape[each]?.requires.includes(index));
          expect(callbacks[0]?.size).toBe(1 + 2 * users.length);
        }
        expect(faults).toHaveLength(faultCount);
        const results = container.results();
        for (const each of ever) expect(results.get(nameOf(each))?.result).toBe(each);
      }
    }),
    { numRuns: 800 },
  );
});

test("the order of the requests does not matter", async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes.chain((shape) => {
        const all = shape.map((_, i) => i);
        return fc.tuple(fc.constant(shape), fc.shuffledSubarray(all, { minLength: COUNT, maxLength: COUNT }));
      }),
      async ([shape, order]) => {
        const plugins = shape.map(({ requires, optional }, i) =>
          bare(nameOf(i), requires.map(nameOf), { optional: optional.map(nameOf) }),
        );
        const loadedIn = async (indexes: readonly number[]) => {
          const report = await createTestContainer().container.load(
            indexes.map((each) => ({ plugin: plugins[each] as Plugin })),
          );
          return {
            loaded: report.loaded,
            refused: new Map(report.refused.map((each) => [each.plugin, each.error.code])),
          };
        };
        expect(await loadedIn(order)).toEqual(await loadedIn(shape.map((_, i) => i)));
      },
    ),
    { numRuns: 300 },
  );
});

test("every cycle that is named is one", async () => {
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const plugins = shape.map(({ requires }, i) => bare(nameOf(i), requires.map(nameOf)));
      const errors = await refusals(plugins);
      for (const [name, error] of Object.entries(errors)) {
        if (!("cycle" in error)) continue;
        const cycle = error.cycle as readonly string[];
        expect(cycle[0]).toBe(name);
        for (const [i, each] of cycle.entries()) {
          const next = cycle[(i + 1) % cycle.length] as string;
          expect(shape[Number(each.slice(1))]?.requires.map(nameOf)).toContain(next);
        }
      }
    }),
    { numRuns: 300 },
  );
});
