import type { ProfiledPath } from "./contract.js";

/** A call path. */
export interface CallNode {
  readonly name: string;
  readonly parent: CallNode | undefined;
  /** By whatever tells functions apart. */
  readonly children: Map<number, CallNode>;
  /** Instructions executed by the function itself. */
  self: number;
  /** How often it was called so. */
  calls: number;
}

/** The root of a tree of call paths; it is no function. */
export function createRoot(): CallNode {
  return { name: "", parent: undefined, children: new Map(), self: 0, calls: 0 };
}

/** The path that goes on with another function; `nameOf` is asked once for each path. */
export function childOf(parent: CallNode, key: number, nameOf: (key: number) => string): CallNode {
  let child = parent.children.get(key);
  if (child === undefined) {
    child = { name: nameOf(key), parent, children: new Map(), self: 0, calls: 0 };
    parent.children.set(key, child);
  }
  return child;
}

/** Paths by names, those without instructions left out; what is the root's own has no path, and is in none. */
export function pathsOf(root: CallNode): readonly ProfiledPath[] {
  const found = new Map<string, { readonly path: readonly string[]; insns: number }>();
  const left: { readonly node: CallNode; readonly path: readonly string[] }[] = [{ node: root, path: [] }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { node, path } = next;
    if (node.self !== 0 && path.length > 0) {
      const key = path.join("\0");
      const known = found.get(key);
      if (known) known.insns += node.self;
      else found.set(key, { path, insns: node.self });
    }
    for (const child of node.children.values()) left.push({ node: child, path: [...path, child.name] });
  }
  return [...found.values()];
}

/** What functions executed: themselves, and with all that they called. */
export interface FunctionCost {
  readonly name: string;
  self: number;
  /** A function that calls itself counts once. */
  total: number;
}

/** Sums by function, the one that executed most itself first. */
export function costsOf(paths: readonly ProfiledPath[]): readonly FunctionCost[] {
  const costs = new Map<string, FunctionCost>();
  const costOf = (name: string): FunctionCost => {
    const cost = costs.get(name) ?? { name, self: 0, total: 0 };
    costs.set(name, cost);
    return cost;
  };
  for (const { path, insns } of paths) {
    for (const name of new Set(path)) costOf(name).total += insns;
    const innermost = path.at(-1);
    if (innermost !== undefined) costOf(innermost).self += insns;
  }
  return [...costs.values()].sort((a, b) => b.self - a.self || (a.name < b.name ? -1 : 1));
}
