import fc from "fast-check";

/** One plugin of a graph, as plain data. */
export interface PluginShape {
  readonly name: string;
  /** Names of what it requires. */
  readonly requires: readonly string[];
  /** Names of what it takes if it is there. */
  readonly optional: readonly string[];
  /** Its `install` throws. */
  readonly throws?: boolean;
}

/** Plugins and who requires whom, as plain data. */
export type PluginGraph = readonly PluginShape[];

/** What {@link pluginGraphs} may put into a graph. All that is not asked for is left out, and then everything loads. */
export interface GraphOptions {
  /** How many plugins; 4 unless told. Their names are `p0`, `p1` and so on. */
  readonly size?: number;
  /** Optional requirements; there are some unless told. */
  readonly optional?: boolean;
  /** Plugins that require each other in circles, or themselves. */
  readonly cycles?: boolean;
  /** Requirements that no plugin of the graph fulfils, named `missing0` and `missing1`. */
  readonly missing?: boolean;
  /** Plugins of one name. */
  readonly clashes?: boolean;
  /** Plugins that throw while they are installed. */
  readonly throwing?: boolean;
}

const MOST_REQUIREMENTS = 2;

/**
 * Graphs of plugins: each requires some of those before it, and takes others of them as optional.
 *
 * @example
 * ```ts
 * fc.assert(fc.property(pluginGraphs({ cycles: true, missing: true }), (graph) => { … }));
 * ```
 */
export function pluginGraphs(options: GraphOptions = {}): fc.Arbitrary<PluginGraph> {
  const { size = 4, clashes = false } = options;
  const shapes = Array.from({ length: size }, (_, i) => shapeOf(i, size, options));
  // A clash is a plugin that takes the name of another one.
  const renamed: fc.Arbitrary<readonly (readonly [number, number])[]> = clashes
    ? fc.array(fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: size - 1 })), { maxLength: 2 })
    : fc.constant([]);
  return fc.tuple(fc.tuple(...shapes), renamed).map(([graph, clashing]) => {
    const names = new Map(clashing.map(([who, whose]) => [who, nameOf(whose)]));
    return graph.map((shape, i) => ({ ...shape, name: names.get(i) ?? shape.name }));
  });
}

function nameOf(index: number): string {
  return `p${index}`;
}

function shapeOf(index: number, size: number, options: GraphOptions): fc.Arbitrary<PluginShape> {
  const { optional = true, cycles = false, missing = false, throwing = false } = options;
  const known = Array.from({ length: cycles ? size : index }, (_, i) => nameOf(i));
  const all = missing ? [...known, "missing0", "missing1"] : known;
  const some = fc.subarray(all, { maxLength: Math.min(all.length, MOST_REQUIREMENTS) });
  const none: fc.Arbitrary<string[]> = fc.constant([]);
  const few = fc.oneof({ weight: 1, arbitrary: none }, { weight: 2, arbitrary: some });
  return fc
    .record({
      requires: few,
      optional: optional ? few : none,
      throws: throwing ? fc.integer({ min: 0, max: 7 }).map((n) => n === 7) : fc.constant(false),
    })
    .map(({ requires, optional: taken, throws }) => ({
      name: nameOf(index),
      requires,
      optional: taken.filter((name) => !requires.includes(name)),
      ...(throws && { throws }),
    }));
}
