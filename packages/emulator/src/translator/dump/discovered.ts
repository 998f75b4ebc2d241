import { disassemble } from "../../isa/riscv/disassemble.js";
import type { Region, RegionNode } from "../region.js";
import type { Translation } from "../translation.js";
import { heading, place, type SymbolAt } from "./places.js";

/** The region's blocks with their instructions, and how each ends. */
export function discoveredText(translation: Translation, symbolAt: SymbolAt): string {
  const { region } = translation.order;
  const blocks = [...region.nodes.values()].map((node) => blockText(node, region, symbolAt));
  return `${[heading(translation, symbolAt), ...blocks].join("\n\n")}\n`;
}

function blockText({ pc, block, terminator }: RegionNode, region: Region, symbolAt: SymbolAt): string {
  const to = (target: number): string =>
    `${place(target, symbolAt)}${region.nodes.has(target) ? "" : " (outside)"}`;
  const instructions = block.instructions.map((instruction) => {
    const text = disassemble(instruction.decoded ?? instruction.bits, instruction.pc, { aliases: true });
    return `    ${instruction.pc.toString(16)}  ${text}`;
  });
  const end = (): string => {
    switch (terminator.kind) {
      case "fall":
        return `goes on at ${to(terminator.next)}`;
      case "branch":
        return `branches to ${to(terminator.taken)}, or goes on at ${to(terminator.next)}`;
      case "jump":
        return `jumps to ${to(terminator.target)}`;
      case "call":
        return `calls ${place(terminator.target, symbolAt)}, goes on at ${to(terminator.next)}`;
      case "call-indirect":
        return `calls through a register, goes on at ${to(terminator.next)}`;
      case "return":
        return "returns";
      case "computed": {
        const { targets } = terminator;
        return `jumps through a register, so far to ${targets.length === 0 ? "nowhere" : targets.map(to).join(", ")}`;
      }
      case "trap":
        return "leaves for the host";
    }
  };
  return [`  ${place(pc, symbolAt)}`, ...instructions, `    ${end()}`].join("\n");
}
