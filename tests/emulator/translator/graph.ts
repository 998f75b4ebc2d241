import fc from "fast-check";
import type { Region, RegionNode, Terminator } from "../../../packages/emulator/src/translator/region.js";

/** A control flow graph: the successors of each node, by number; node 0 is the head, other numbers are outside. */
export type Graph = readonly (readonly number[])[];

/** Where a node's block is. */
export const pcOf = (node: number): number => 0x1_0000 + 16 * node;
/** The node at a pc. */
export const nodeOf = (pc: number): number => (pc - 0x1_0000) / 16;

/** Graphs of up to this many nodes; some of them may not be reached. Edges to the number of nodes lead outside. */
export function graphs(most: number): fc.Arbitrary<Graph> {
  return fc
    .integer({ min: 1, max: most })
    .chain((size) =>
      fc.array(fc.array(fc.nat({ max: size }), { maxLength: 4 }), { minLength: size, maxLength: size }),
    );
}

/** Reducible graphs of up to this many nodes: edges that lead back lead to what dominates their source. */
export function reducibleGraphs(most: number): fc.Arbitrary<Graph> {
  return graphs(most).map((graph) => {
    const position = new Map(depthFirst(graph).map((node, at) => [node, at]));
    return graph.map((successors, node) =>
      successors.filter((to) => {
        const [from, target] = [position.get(node), position.get(to)];
        if (from === undefined || target === undefined || target > from) return true;
        return dominates(graph, to, node);
      }),
    );
  });
}

/** Nodes in reverse postorder. */
function depthFirst(graph: Graph): number[] {
  const seen = new Set<number>();
  const postorder: number[] = [];
  const visit = (node: number): void => {
    if (seen.has(node) || graph[node] === undefined) return;
    seen.add(node);
    for (const to of graph[node]) visit(to);
    postorder.push(node);
  };
  visit(0);
  return postorder.reverse();
}

/** Nodes that are reached from the head without passing through `without`. */
export function reachable(graph: Graph, without = -1): ReadonlySet<number> {
  const found = new Set<number>(without === 0 ? [] : [0]);
  for (const node of found) {
    for (const to of graph[node] ?? []) if (to !== without && graph[to] !== undefined) found.add(to);
  }
  return found;
}

/** Whether every way from the head to `below` leads over `above`, by definition. */
export function dominates(graph: Graph, above: number, below: number): boolean {
  return above === below || !reachable(graph, above).has(below);
}

/** How a block with these successors ends. */
function terminatorOf(successors: readonly number[]): Terminator {
  const [first, second] = successors.map(pcOf);
  if (first === undefined) return { kind: "return" };
  if (second === undefined) return { kind: "jump", target: first };
  if (successors.length === 2) return { kind: "branch", taken: first, next: second };
  return { kind: "computed", targets: successors.map(pcOf) };
}

/** A region with this control flow; its blocks have one instruction each, which nobody may look at. */
export function regionOf(
  graph: Graph,
  terminate: (node: number) => Terminator | undefined = () => undefined,
): Region {
  const nodes = new Map<number, RegionNode>();
  graph.forEach((successors, node) => {
    const pc = pcOf(node);
    const block = {
      pc,
      start: 0,
      end: 0,
      insns: 1,
      instructions: [],
      endPc: pc + 4,
      plan: undefined,
      linked: false,
    };
    nodes.set(pc, { pc, block, terminator: terminate(node) ?? terminatorOf(successors) });
  });
  return { head: pcOf(0), nodes, insns: graph.length };
}
