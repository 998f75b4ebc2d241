import type { OrderedNode } from "../order.js";
import { successors } from "../region.js";
import type { Translation } from "../translation.js";
import { heading, nodeTitle, place, type SymbolAt } from "./places.js";

/**
 * The region's nodes as a tree of dominators, each with its number in reverse postorder, whether it is a loop or a merge, and
 * where it goes on.
 */
export function orderedText(translation: Translation, symbolAt: SymbolAt): string {
  const { order } = translation;
  const lines = [heading(translation, symbolAt), ""];

  function tree(node: OrderedNode, indent: string): void {
    const all = successors(node.terminator);
    const inside = all.filter((to) => node.inside.has(to)).map((to) => order.at(to)?.position);
    const outside = all.filter((to) => !node.inside.has(to)).map((to) => place(to, symbolAt));
    const facts = [
      ...(node.isLoop ? ["loop"] : []),
      ...(node.isMerge ? ["merge"] : []),
      ...(inside.length > 0 ? [`goes on at ${inside.join(", ")}`] : []),
      ...(outside.length > 0 ? [`leaves for ${outside.join(", ")}`] : []),
      ...(all.length === 0 ? ["leaves"] : []),
    ];
    lines.push(`${indent}${nodeTitle(node, symbolAt)}: ${facts.join("; ")}`);
    for (const below of node.dominated) tree(below, `${indent}  `);
  }

  const [head] = order.nodes;
  if (head !== undefined) tree(head, "  ");
  return `${lines.join("\n")}\n`;
}
