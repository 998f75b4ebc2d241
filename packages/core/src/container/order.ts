/** A node of the graph of requirements: a name, and the names it requires. Names outside the graph are no concern here. */
export interface Node {
  readonly name: string;
  readonly requires: readonly string[];
}

/** What {@link order} finds. */
export interface Order<T extends Node> {
  /** Those that can be loaded, each after all it requires. */
  readonly sorted: readonly T[];
  /** Those on a circle, or requiring one, directly or not. */
  readonly stuck: readonly T[];
}

/**
 * Topological order in layers: first what requires nothing, then what requires only that, and so on; by name within a layer.
 * So the order depends on the plugins alone, not on the order in which they were given.
 */
export function order<T extends Node>(nodes: readonly T[]): Order<T> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const waitingFor = new Map<T, number>();
  const dependents = new Map<T, T[]>();
  for (const node of nodes) {
    const required = new Set(node.requires.flatMap((name) => byName.get(name) ?? []));
    waitingFor.set(node, required.size);
    for (const target of required) {
      const list = dependents.get(target);
      if (list) list.push(node);
      else dependents.set(target, [node]);
    }
  }
  const sorted: T[] = [];
  let layer = nodes.filter((node) => waitingFor.get(node) === 0);
  while (layer.length > 0) {
    layer.sort(byNameOf);
    sorted.push(...layer);
    const next: T[] = [];
    for (const node of layer) {
      waitingFor.delete(node);
      for (const dependent of dependents.get(node) ?? []) {
        const left = (waitingFor.get(dependent) ?? 0) - 1;
        waitingFor.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    layer = next;
  }
  return { sorted, stuck: [...waitingFor.keys()].sort(byNameOf) };
}

/**
 * One circle among nodes that are stuck: each requires the next, the last one the first. It starts with the node whose name
 * comes first. `nodes` must hold a circle, as `stuck` of {@link order} does unless it is empty.
 */
export function findCycle<T extends Node>(nodes: readonly T[]): readonly T[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const path: T[] = [];
  const position = new Map<T, number>();
  let node = nodes[0];
  while (node !== undefined && !position.has(node)) {
    position.set(node, path.length);
    path.push(node);
    node = node.requires.flatMap((name) => byName.get(name) ?? [])[0];
  }
  const cycle = node === undefined ? [] : path.slice(position.get(node));
  const start = cycle.indexOf([...cycle].sort(byNameOf)[0] as T);
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

/** Compares names as plain text, the same in every locale. */
export function byNameOf(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
