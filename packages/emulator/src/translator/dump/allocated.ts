import { bitsOf, type ResourceSet, resourceName } from "../resources.js";
import type { Step } from "../steps.js";
import type { Translation } from "../translation.js";
import { heading, nodeTitle, place, type SymbolAt } from "./places.js";

/** What the region keeps in variables, and for each node what is in them when it begins and what is loaded again. */
export function allocatedText(translation: Translation, symbolAt: SymbolAt): string {
  const { order, allocation } = translation;
  const names = (set: ResourceSet): string =>
    [...bitsOf(set)].map((bit) => resourceName(allocation.resources, bit)).join(", ") || "nothing";
  const stepName = (step: Step): string =>
    step.kind === "probe"
      ? `the ${step.probe.kind} at ${place(step.pc, symbolAt)}`
      : place(step.instruction.pc, symbolAt);

  const nodes = order.nodes.map((node) => {
    const own = allocation.nodes[node.position];
    if (own === undefined) throw new Error(`no allocation for the block at 0x${node.pc.toString(16)}`);
    const lines = [
      `  ${nodeTitle(node, symbolAt)}`,
      `    live:  ${names(own.live)}`,
      `    dirty: ${names(own.dirty)}`,
    ];
    for (const [step, set] of own.reload) lines.push(`    reloaded after ${stepName(step)}: ${names(set)}`);
    return lines.join("\n");
  });
  const variables = `  in variables: ${names(allocation.used)}`;
  return `${[`${heading(translation, symbolAt)}\n${variables}`, ...nodes].join("\n\n")}\n`;
}
