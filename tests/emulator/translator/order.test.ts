import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Order, type OrderedNode, order } from "../../../packages/emulator/src/translator/order.js";
import {
  dominates,
  type Graph,
  graphs,
  nodeOf,
  pcOf,
  reachable,
  reducibleGraphs,
  regionOf,
} from "./graph.js";

/** The edges that an order has kept, as a graph. */
function kept({ nodes }: Order, size: number): Graph {
  const graph: number[][] = Array.from({ length: size }, () => []);
  for (const { pc, inside } of nodes) graph[nodeOf(pc)]?.push(...[...inside].map(nodeOf));
  return graph;
}

const positions = ({ nodes }: Order) => new Map(nodes.map(({ pc, position }) => [nodeOf(pc), position]));

function forAll(check: (graph: Graph, ordered: Order) => void, from = graphs(14)): void {
  fc.assert(
    fc.property(from, (graph) => check(graph, order(regionOf(graph)))),
    { numRuns: 500 },
  );
}

describe("the order of a region", () => {
  it("has every node that is reached, once, at its position", () => {
    forAll((graph, ordered) => {
      expect(new Set(ordered.nodes.map(({ pc }) => nodeOf(pc)))).toEqual(reachable(graph));
      ordered.nodes.forEach((node, at) => {
        expect(node.position).toBe(at);
        expect(ordered.at(node.pc)).toBe(node);
      });
      expect(ordered.nodes[0]?.pc).toBe(pcOf(0));
      expect(ordered.at(pcOf(graph.length))).toBeUndefined();
    });
  });

  it("has each node after another one that leads to it, and edges lead back to dominators only", () => {
    forAll((graph, ordered) => {
      const inside = kept(ordered, graph.length);
      const at = positions(ordered);
      const reached = new Set([0]);
      for (const { pc } of ordered.nodes) {
        expect(reached).toContain(nodeOf(pc));
        for (const to of inside[nodeOf(pc)] ?? []) {
          reached.add(to);
          const isBack = (at.get(to) ?? 0) <= (at.get(nodeOf(pc)) ?? 0);
          expect(isBack).toBe(dominates(inside, to, nodeOf(pc)));
        }
      }
    });
  });

  it("loses only edges that lead back to what does not dominate their source", () => {
    forAll((graph, ordered) => {
      const inside = kept(ordered, graph.length);
      const at = positions(ordered);
      for (const from of reachable(graph)) {
        for (const to of graph[from] ?? []) {
          if (to === graph.length || inside[from]?.includes(to)) continue;
          expect(dominates(graph, to, from)).toBe(false);
          expect(at.get(to)).toBeLessThanOrEqual(at.get(from) ?? 0);
        }
        for (const to of inside[from] ?? []) expect(graph[from]).toContain(to);
      }
    });
  });

  it("loses nothing if the region is reducible", () => {
    forAll((graph, ordered) => {
      const inside = kept(ordered, graph.length);
      for (const from of reachable(graph)) {
        const wanted = (graph[from] ?? []).filter((to) => to !== graph.length);
        expect(new Set(inside[from])).toEqual(new Set(wanted));
      }
    }, reducibleGraphs(14));
  });

  it("knows loops and merges", () => {
    forAll((graph, ordered) => {
      const inside = kept(ordered, graph.length);
      const at = positions(ordered);
      for (const node of ordered.nodes) {
        const self = nodeOf(node.pc);
        const sources = [...at.keys()].filter((from) => inside[from]?.includes(self));
        const back = sources.filter((from) => (at.get(from) ?? 0) >= node.position);
        expect(node.isLoop).toBe(back.length > 0);
        expect(node.isMerge).toBe(sources.length - back.length > 1);
      }
    });
  });

  it("has a tree of dominators that is the one by definition", () => {
    forAll((graph, ordered) => {
      const inside = kept(ordered, graph.length);
      const seen: number[] = [];
      const walk = (node: OrderedNode, above: ReadonlySet<number>): void => {
        const self = nodeOf(node.pc);
        seen.push(self);
        const all = new Set([...above, self]);
        const wanted = [...reachable(graph)].filter((other) => dominates(inside, other, self));
        expect(all).toEqual(new Set(wanted));
        const below = node.dominated.map(({ position }) => position);
        expect(below).toEqual([...below].sort((a, b) => a - b));
        for (const each of node.dominated) walk(each, all);
      };
      const [head] = ordered.nodes;
      if (head !== undefined) walk(head, new Set());
      expect(seen.sort()).toEqual([...reachable(graph)].sort());
    });
  });

  it("takes a loop with two entries apart: one of them leaves", () => {
    const ordered = order(regionOf([[1, 2], [2], [1, 3]]));
    expect(ordered.nodes.map(({ isLoop }) => isLoop)).toEqual([false, false, false]);
    const edges = kept(ordered, 3);
    expect(edges[0]?.toSorted()).toEqual([1, 2]);
    expect([edges[1]?.length ?? 0, edges[2]?.length ?? 0].toSorted()).toEqual([0, 1]);
  });
});
