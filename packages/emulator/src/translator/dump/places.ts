import type { OrderedNode } from "../order.js";
import type { Translation } from "../translation.js";

/** Finds the symbol that holds an address, as `machine.program.symbolAt` does. */
export type SymbolAt = (address: number) => { readonly name: string; readonly offset: number } | undefined;

/** An address, and what is there: `0x10428 <mix+4>`. */
export function place(address: number, symbolAt: SymbolAt): string {
  const hit = symbolAt(address);
  const number = `0x${address.toString(16)}`;
  if (hit === undefined) return number;
  return `${number} <${hit.name}${hit.offset === 0 ? "" : `+${hit.offset}`}>`;
}

/** How a stage's text begins. */
export function heading({ order }: Translation, symbolAt: SymbolAt): string {
  const { head, nodes, insns } = order.region;
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
  return `region ${place(head, symbolAt)}: ${count(nodes.size, "block")}, ${count(insns, "instruction")}`;
}

/** A node by its number and place. */
export function nodeTitle({ position, pc }: OrderedNode, symbolAt: SymbolAt): string {
  return `${position}  ${place(pc, symbolAt)}`;
}
