import type { BodyBuilder } from "../wasm/body.js";
import type { Label } from "../wasm/statement.js";
import type { Order, OrderedNode } from "./order.js";

/** What a node's code consists of. */
export interface NodeWriter {
  /** At a loop's beginning, where edges back lead to as well. */
  loopHead(node: OrderedNode): void;
  /** The node, and how it goes on: `go` writes down that execution goes on at a successor within the region. */
  node(node: OrderedNode, go: (to: number) => void): void;
}

/**
 * Writes a region as structured control flow (Ramsey: Beyond Relooper): a loop for each node that edges lead back to, a
 * block around whatever comes before a node that several edges lead forward to, and everything else in place.
 *
 * ```
 *      A            loop A
 *     / \             block D
 *    B   C              A  if  B  br D  else  C  br D
 *     \ /             end
 *      D → A          D  br A
 * ```
 */
export function writeStructured(b: BodyBuilder, order: Order, writer: NodeWriter): void {
  const loops = new Map<OrderedNode, Label>();
  const merges = new Map<OrderedNode, Label>();

  function tree(node: OrderedNode): void {
    if (!node.isLoop) {
      within(node, mergesBelow(node));
      return;
    }
    b.loop((again) => {
      loops.set(node, again);
      writer.loopHead(node);
      within(node, mergesBelow(node));
    });
  }

  /** Merge nodes that it dominates, the last first: that one's code is the outermost. */
  function mergesBelow(node: OrderedNode): OrderedNode[] {
    return node.dominated.filter((n) => n.isMerge).toReversed();
  }

  function within(node: OrderedNode, [last, ...others]: readonly OrderedNode[]): void {
    if (last === undefined) {
      writer.node(node, (pc) => go(node, pc));
      return;
    }
    b.block((leave) => {
      merges.set(last, leave);
      within(node, others);
    });
    tree(last);
  }

  function go(from: OrderedNode, pc: number): void {
    const to = order.at(pc);
    if (to === undefined) throw new Error(`no node at 0x${pc.toString(16)}`);
    const label = to.position <= from.position ? loops.get(to) : merges.get(to);
    if (label !== undefined) b.br(label);
    else tree(to);
  }

  const [head] = order.nodes;
  if (head !== undefined) tree(head);
}
