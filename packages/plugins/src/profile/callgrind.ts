import type { CallNode } from "./call-tree.js";

/** What one line of a function executed itself. */
export interface LineCost {
  readonly name: string;
  /** The object that the function is in; undefined for code that is in none. */
  readonly object: string | undefined;
  /** Source file of the function; undefined without debug information. */
  readonly home: string | undefined;
  /** Source file of the line: another one, if it was inlined from there. */
  readonly file: string | undefined;
  /** 0 if it is unknown. */
  readonly line: number;
  readonly insns: number;
}

/** What one function called of another one. */
interface CallCost {
  calls: number;
  insns: number;
}

/** A profile for callgrind_annotate and KCachegrind (Valgrind's manual, "Callgrind Format Specification"). */
export function callgrind(command: string, pid: number, lines: readonly LineCost[], root: CallNode): string {
  const total = lines.reduce((sum, { insns }) => sum + insns, 0);
  const functions = new Map<string, LineCost[]>();
  for (const each of lines) {
    const mine = functions.get(each.name) ?? [];
    functions.set(each.name, mine);
    mine.push(each);
  }
  const calls = callsOf(root);
  const parts = [...new Set([...functions.keys(), ...calls.keys()])].map((name) => {
    const mine = functions.get(name) ?? [];
    const called = [...(calls.get(name) ?? [])].flatMap(([callee, { calls: times, insns }]) => {
      const [first] = functions.get(callee) ?? [];
      return [
        `cob=${first?.object ?? UNKNOWN}`,
        `cfi=${first?.home ?? UNKNOWN}`,
        `cfn=${callee}`,
        `calls=${times} ${first?.line ?? 0}`,
        `${mine[0]?.line ?? 0} ${insns}`,
      ];
    });
    const [home = { object: undefined, home: undefined }] = mine;
    return [
      `ob=${home.object ?? UNKNOWN}`,
      `fl=${home.home ?? UNKNOWN}`,
      `fn=${name}`,
      ...ownLines(mine, home.home ?? UNKNOWN),
      ...called,
      "",
    ].join("\n");
  });
  return [
    "# callgrind format",
    "version: 1",
    "creator: qpp",
    `pid: ${pid}`,
    `cmd: ${command}`,
    "positions: line",
    "events: Ir",
    `summary: ${total}`,
    "",
    ...parts,
    `totals: ${total}`,
    "",
  ].join("\n");
}

const UNKNOWN = "???";

/** Costs by line; what was inlined from another file says so. */
function ownLines(costs: readonly LineCost[], home: string): string[] {
  let present = home;
  return costs.flatMap(({ file = home, line, insns }) => {
    const change = file === present ? [] : [`${file === home ? "fe" : "fi"}=${file}`];
    present = file;
    return [...change, `${line} ${insns}`];
  });
}

/** Calls between functions, with all that was executed in them, from the paths on which they happened. */
function callsOf(root: CallNode): ReadonlyMap<string, ReadonlyMap<string, CallCost>> {
  const found = new Map<string, Map<string, CallCost>>();
  /** Inner nodes come after outer ones. */
  const order: CallNode[] = [root];
  for (const node of order) order.push(...node.children.values());
  const totals = new Map<CallNode, number>();
  for (const node of order.reverse()) {
    const total =
      node.self + [...node.children.values()].reduce((sum, child) => sum + (totals.get(child) ?? 0), 0);
    totals.set(node, total);
    const { parent } = node;
    if (parent === undefined || parent === root) continue;
    const from = found.get(parent.name) ?? new Map<string, CallCost>();
    found.set(parent.name, from);
    const cost = from.get(node.name) ?? { calls: 0, insns: 0 };
    from.set(node.name, cost);
    cost.calls += node.calls;
    cost.insns += total;
  }
  return found;
}
