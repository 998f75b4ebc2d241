import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Order, order } from "../../../packages/emulator/src/translator/order.js";
import { writeStructured } from "../../../packages/emulator/src/translator/structure.js";
import { createBody } from "../../../packages/emulator/src/wasm/body.js";
import { i32 } from "../../../packages/emulator/src/wasm/expr.js";
import type {} from "../../../packages/emulator/src/wasm/webassembly.js";
import { run } from "../wasm/run.js";
import { type Graph, graphs, nodeOf, reducibleGraphs, regionOf } from "./graph.js";

/** Most nodes of a path. */
const LENGTH = 60;
/** Where the decisions are: one for each node of the path, and where in the memory the path is written. */
const DECISIONS = 1024;

/** Ways on from a node: inside the region, or out of it if there is no such way or it is one more. */
const choice = (ways: readonly number[], decision: number): number | undefined =>
  ways[decision % (ways.length + 1)];

/** The path by walking the graph. */
function walk(ordered: Order, decisions: readonly number[]): number[] {
  const path: number[] = [];
  for (let node = ordered.nodes[0]; node !== undefined && path.length < LENGTH; ) {
    const decision = decisions[path.length] ?? 0;
    path.push(nodeOf(node.pc));
    const to = choice([...node.inside], decision);
    node = to === undefined ? undefined : ordered.at(to);
  }
  return path;
}

/** The path by running the region's structured code; and at how many loop heads it came by. */
function execute(ordered: Order, decisions: readonly number[]): { path: number[]; heads: number[] } {
  const b = createBody([]);
  const length = b.local("i32");
  const heads = b.local("i32");
  const decision = b.local("i32");
  b.set(length, 0);
  b.set(heads, 2 * DECISIONS);
  writeStructured(b, ordered, {
    loopHead(node) {
      b.store(heads, i32.const(nodeOf(node.pc)), 0, 8);
      b.set(heads, i32.add(heads, 1));
    },
    node(node, go) {
      b.if(i32.eq(length, LENGTH), () => b.return(length));
      b.set(decision, i32.load8_u(length, DECISIONS));
      b.store(length, i32.const(nodeOf(node.pc)), 0, 8);
      b.set(length, i32.add(length, 1));
      const ways = [...node.inside];
      b.set(decision, i32.rem_u(decision, ways.length + 1));
      ways.forEach((to, at) => {
        b.if(i32.eq(decision, at), () => go(to));
      });
      b.return(length);
    },
  });
  b.unreachable();
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(decisions, DECISIONS);
  bytes.fill(255, 2 * DECISIONS);
  const func = { name: "path", params: [], result: "i32", locals: b.locals, body: b.statements } as const;
  const count = Number(run({ path: func }, {}, memory).path());
  const seen = bytes.subarray(2 * DECISIONS, bytes.indexOf(255, 2 * DECISIONS));
  return { path: [...bytes.subarray(0, count)], heads: [...seen] };
}

function sameWay(from: fc.Arbitrary<Graph>): void {
  const decisions = fc.array(fc.nat({ max: 254 }), { minLength: LENGTH, maxLength: LENGTH });
  fc.assert(
    fc.property(from, decisions, (graph, decided) => {
      const ordered = order(regionOf(graph));
      const { path, heads } = execute(ordered, decided);
      expect(path).toEqual(walk(ordered, decided));
      const isLoop = new Set(ordered.nodes.filter((n) => n.isLoop).map(({ pc }) => nodeOf(pc)));
      // The last one is reached once more where the path is cut off.
      expect(heads.slice(0, path.filter((n) => isLoop.has(n)).length)).toEqual(
        path.filter((n) => isLoop.has(n)),
      );
    }),
    { numRuns: 300 },
  );
}

describe("structured control flow", () => {
  it("goes the way of a reducible region's blocks", () => sameWay(reducibleGraphs(20)));

  it("goes the way of what is left of any region", () => sameWay(graphs(12)));

  it("nests no deeper than the region's loops, merges and branches ask for", () => {
    const chain: Graph = Array.from({ length: 250 }, (_, at) => [at + 1, at + 2]);
    const decisions = Array.from({ length: LENGTH }, (_, at) => at % 3);
    const ordered = order(regionOf(chain));
    expect(execute(ordered, decisions).path).toEqual(walk(ordered, decisions));
  });
});
