import type { Profile } from "../src/report/data.js";

/** A call path of a profile. */
export interface FlameNode {
  readonly name: string;
  readonly depth: number;
  /** Instructions executed in it and in what it called. */
  total: number;
  /** Instructions executed in the function itself. */
  self: number;
  readonly parent: FlameNode | undefined;
  readonly children: FlameNode[];
}

/** The tree of all call paths; children by name, as flame graphs have them. */
export function flameTree({ frames, stacks }: Profile): FlameNode {
  const root: FlameNode = { name: "all", depth: 0, total: 0, self: 0, parent: undefined, children: [] };
  const known = new Map<FlameNode, Map<number, FlameNode>>();
  const childOf = (parent: FlameNode, frame: number): FlameNode => {
    const children = known.get(parent) ?? new Map<number, FlameNode>();
    known.set(parent, children);
    let child = children.get(frame);
    if (child === undefined) {
      const name = frames[frame] ?? "?";
      child = { name, depth: parent.depth + 1, total: 0, self: 0, parent, children: [] };
      children.set(frame, child);
      parent.children.push(child);
    }
    return child;
  };
  for (const [path, insns] of stacks) {
    let node = root;
    node.total += insns;
    for (const frame of path) {
      node = childOf(node, frame);
      node.total += insns;
    }
    node.self += insns;
  }
  sortByName(root);
  return root;
}

function sortByName(root: FlameNode): void {
  const left = [root];
  for (let node = left.pop(); node; node = left.pop()) {
    node.children.sort((a, b) => (a.name < b.name ? -1 : 1));
    left.push(...node.children);
  }
}

/** Where a node is drawn, in shares of the width. */
export interface FlameBox {
  readonly node: FlameNode;
  readonly left: number;
  readonly width: number;
  readonly row: number;
}

/** The boxes of a tree zoomed to `focus`: its ancestors in full width, and below it all that is wide enough to be seen. */
export function flameBoxes(focus: FlameNode, narrowest: number): readonly FlameBox[] {
  const boxes: FlameBox[] = [];
  for (let node = focus.parent; node; node = node.parent)
    boxes.unshift({ node, left: 0, width: 1, row: node.depth });
  const left: FlameBox[] = [{ node: focus, left: 0, width: 1, row: focus.depth }];
  for (let box = left.pop(); box; box = left.pop()) {
    boxes.push(box);
    let at = box.left;
    for (const node of box.node.children) {
      const width = node.total / (focus.total || 1);
      if (width >= narrowest) left.push({ node, left: at, width, row: node.depth });
      at += width;
    }
  }
  return boxes;
}
