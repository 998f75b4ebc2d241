/** A node of the graph of requirements: a name, and the names it requires. Names outside the graph are no concern here. */
export interface Node {
  readonly name: string;
  readonly requires: readonly string[];
}

/** What {@link order} finds. */
export interface Order<T extends Node> {
  /** Those that can be loaded, each after all it requires. */
  readonly sorted: readonly T[];
  /** Those on a circle, or requiring one, directly or not; in the order in which they were given. */
  readonly stuck: readonly T[];
}

/**
 * Topological order in layers: first what requires nothing, then what requires only that, and so on; by name within a layer.
 * So the order depends on the plugins alone, not on the order in which they were given.
 */
export function order<T extends Node>(nodes: readonly T[]): Order<T> {
  const all = nodes.map((node): Waiting<T> => ({ node, name: node.name, waitsFor: 0, dependents: [] }));
  const byName = new Map(all.map((each) => [each.name, each]));
  for (const each of all) {
    const required = new Set(each.node.requires.flatMap((name) => byName.get(name) ?? []));
    each.waitsFor = required.size;
    for (const { dependents } of required) dependents.push(each);
  }
  const sorted: T[] = [];
  let layer = all.filter(({ waitsFor }) => waitsFor === 0);
  while (layer.length > 0) {
    sorted.push(...layer.sort(byNameOf).map(({ node }) => node));
    layer = layer.flatMap(({ dependents }) => dependents.filter((each) => --each.waitsFor === 0));
  }
  return { sorted, stuck: all.filter(({ waitsFor }) => waitsFor > 0).map(({ node }) => node) };
}

interface Waiting<T> {
  readonly node: T;
  readonly name: string;
  readonly dependents: Waiting<T>[];
  /** How many nodes that it requires are not sorted yet. */
  waitsFor: number;
}

/**
 * One circle among nodes that are stuck: each requires the next, the last one the first. It starts with the node whose name
 * comes first. `nodes` must hold a circle, as `stuck` of {@link order} does unless it is empty.
 */
export function findCycle<T extends Node>(nodes: readonly T[]): readonly T[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const path = new Set(nodes.slice(0, 1));
  let next: readonly T[] = [];
  // A set's iterator also visits what is added meanwhile; it ends when what is added has been there before.
  for (const node of path) {
    next = node.requires.flatMap((name) => byName.get(name) ?? []).slice(0, 1);
    for (const each of next) path.add(each);
  }
  const walked = [...path];
  const cycle = walked.slice(walked.findIndex((node) => next.includes(node)));
  const start = cycle.indexOf(cycle.reduce((a, b) => (a.name < b.name ? a : b)));
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}

/**
 * Circles among nodes, no two of which share a step, until none would be left without those steps: what has to be undone,
 * where {@link order} only tells who is stuck. A node that requires itself is no concern here.
 */
export function findCycles(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const cycles: (readonly Node[])[] = [];
  const without = (node: Node, name: string | undefined): Node => ({
    name: node.name,
    requires: node.requires.filter((each) => each !== name),
  });
  let { stuck } = order(nodes.map((node) => without(node, node.name)));
  while (stuck.length > 0) {
    const cycle = findCycle(stuck);
    cycles.push(cycle);
    const next = new Map(cycle.map(({ name }, i) => [name, cycle[(i + 1) % cycle.length]?.name]));
    stuck = order(stuck.map((node) => without(node, next.get(node.name)))).stuck;
  }
  return cycles;
}

/** Compares names as plain text, the same in every locale. No two are the same. */
export function byNameOf(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
