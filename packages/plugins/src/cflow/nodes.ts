import type { Code, FlowInstruction } from "./code.js";
import type { FlowEdge, FlowNode } from "./contract.js";
import type { Flow } from "./flow.js";

/** A node whose destinations are being added up. */
interface Sum {
  readonly instruction: FlowInstruction;
  earlyExits: number;
  branches: number;
  readonly destinations: Map<number, number>;
}

/**
 * Adds up edges between passages by address: code may have been translated more than once. Those to what lies behind a block are
 * none of the flow's.
 */
export function nodesOf(flow: Flow, { instructions, passages }: Code): readonly FlowNode[] {
  const sums = new Map<number, Sum>();
  for (const { from, to, count } of flow.edges()) {
    const [source, target] = [passages[from], passages[to]];
    const instruction = source && instructions.get(source.last);
    if (!instruction || !target || target.start === source.behind) continue;
    const sum = sums.get(source.last) ?? { instruction, earlyExits: 0, branches: 0, destinations: new Map() };
    sums.set(source.last, sum);
    sum.branches += count;
    if (source.last !== source.end) sum.earlyExits += count;
    sum.destinations.set(target.start, (sum.destinations.get(target.start) ?? 0) + count);
  }
  return [...sums.values()]
    .map(({ instruction, earlyExits, branches, destinations }) => ({
      ...instruction,
      earlyExits,
      branches,
      destinations: Array.from(destinations, ([pc, count]) => ({ pc, count })),
    }))
    .sort(hottest);
}

/** All edges of the nodes, by their addresses. */
export function edgesOf(nodes: readonly FlowNode[]): readonly FlowEdge[] {
  return nodes
    .flatMap(({ pc, destinations }) => destinations.map((to) => ({ from: pc, to: to.pc, count: to.count })))
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

type Order = (a: FlowNode, b: FlowNode) => number;

const hottest: Order = (a, b) => b.branches - a.branches || a.pc - b.pc;

/** QEMU's orders, by its words for them. Of equal nodes the hottest comes first. */
export const ORDERS = {
  hottest,
  early: (a, b) => b.earlyExits - a.earlyExits || hottest(a, b),
  exceptions: (a, b) => b.destinations.length - a.destinations.length || hottest(a, b),
} as const satisfies Record<string, Order>;
