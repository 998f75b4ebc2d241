import { type Region, type RegionNode, successors } from "./region.js";

/** A node with its place in the region's control flow. */
export interface OrderedNode extends RegionNode {
  /** Position in reverse postorder; the head has 0. */
  readonly position: number;
  /** Successors within the region; whatever else the terminator names leaves the region. */
  readonly inside: ReadonlySet<number>;
  /** Some edge leads back to it. */
  readonly isLoop: boolean;
  /** It has several edges that lead forward to it, so that its code needs a label. */
  readonly isMerge: boolean;
  /** Nodes that it immediately dominates, in reverse postorder. */
  readonly dominated: readonly OrderedNode[];
}

/** A region whose control flow is reducible: every edge back leads to a node that dominates its source. */
export interface Order {
  readonly region: Region;
  /** All nodes in reverse postorder. */
  readonly nodes: readonly OrderedNode[];
  at(pc: number): OrderedNode | undefined;
}

/** Nodes in reverse postorder of a depth-first search. */
function reversePostorder(head: number, inside: ReadonlyMap<number, readonly number[]>): number[] {
  const seen = new Set<number>([head]);
  const postorder: number[] = [];
  const stack: { pc: number; next: number }[] = [{ pc: head, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const to = inside.get(top.pc)?.[top.next++];
    if (to === undefined) {
      postorder.push(top.pc);
      stack.pop();
    } else if (!seen.has(to)) {
      seen.add(to);
      stack.push({ pc: to, next: 0 });
    }
  }
  return postorder.reverse();
}

/**
 * Immediate dominators by position (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm). The head
 * dominates itself.
 */
function immediateDominators(predecessors: readonly (readonly number[])[]): number[] {
  const idom: number[] = predecessors.map(() => -1);
  idom[0] = 0;
  const intersect = (a: number, b: number): number => {
    let x = a;
    let y = b;
    while (x !== y) {
      while (x > y) x = idom[x] ?? 0;
      while (y > x) y = idom[y] ?? 0;
    }
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = 1; at < predecessors.length; at++) {
      let best = -1;
      for (const p of predecessors[at] ?? []) {
        if (idom[p] === -1) continue;
        best = best === -1 ? p : intersect(p, best);
      }
      if (best !== idom[at]) {
        idom[at] = best;
        changed = true;
      }
    }
  }
  return idom;
}

interface Flow {
  readonly sequence: readonly number[];
  readonly positions: ReadonlyMap<number, number>;
  readonly idom: readonly number[];
}

function flowOf(head: number, inside: ReadonlyMap<number, readonly number[]>): Flow {
  const sequence = reversePostorder(head, inside);
  const positions = new Map(sequence.map((pc, at) => [pc, at]));
  const predecessors: number[][] = sequence.map(() => []);
  sequence.forEach((pc, at) => {
    for (const to of inside.get(pc) ?? []) predecessors[positions.get(to) ?? 0]?.push(at);
  });
  return { sequence, positions, idom: immediateDominators(predecessors) };
}

function dominates({ idom }: Flow, above: number, below: number): boolean {
  let at = below;
  while (at > above) at = idom[at] ?? 0;
  return at === above;
}

/**
 * Orders a region. Edges that would make it irreducible leave the region instead: what they lead to is then entered
 * from outside, and becomes a region's head if that happens often.
 */
export function order(region: Region): Order {
  const inside = new Map<number, number[]>();
  for (const { pc, terminator } of region.nodes.values()) {
    inside.set(
      pc,
      [...new Set(successors(terminator))].filter((to) => region.nodes.has(to)),
    );
  }
  const first = flowOf(region.head, inside);
  let reducible = true;
  for (const [pc, targets] of inside) {
    const from = first.positions.get(pc);
    if (from === undefined) continue;
    const kept = targets.filter((to) => {
      const at = first.positions.get(to) ?? 0;
      return at > from || dominates(first, at, from);
    });
    if (kept.length < targets.length) {
      inside.set(pc, kept);
      reducible = false;
    }
  }
  const flow = reducible ? first : flowOf(region.head, inside);
  return assemble(region, inside, flow);
}

function assemble(region: Region, inside: ReadonlyMap<number, readonly number[]>, flow: Flow): Order {
  const { sequence, positions, idom } = flow;
  const forward = sequence.map(() => 0);
  const back = sequence.map(() => false);
  sequence.forEach((pc, at) => {
    for (const to of inside.get(pc) ?? []) {
      const target = positions.get(to) ?? 0;
      if (target <= at) back[target] = true;
      else forward[target] = (forward[target] ?? 0) + 1;
    }
  });
  const nodes: (OrderedNode & { readonly dominated: OrderedNode[] })[] = [];
  sequence.forEach((pc, position) => {
    const node = region.nodes.get(pc);
    if (node === undefined) return;
    nodes.push({
      ...node,
      position,
      inside: new Set(inside.get(pc) ?? []),
      isLoop: back[position] ?? false,
      isMerge: (forward[position] ?? 0) > 1,
      dominated: [],
    });
  });
  for (const node of nodes.slice(1)) nodes[idom[node.position] ?? 0]?.dominated.push(node);
  return {
    region,
    nodes,
    at(pc) {
      const position = positions.get(pc);
      return position === undefined ? undefined : nodes[position];
    },
  };
}
