import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, list, takes } from "../arguments.js";
import { counting } from "../counting.js";
import { insn } from "./contract.js";
import { countMatches, type Match, traceMatches } from "./matches.js";
import { countSizes } from "./sizes.js";

/** Counts instructions: QEMU's `insn` plugin. */
export default plugin(insn, {
  description: "Counts executed instructions; by size, or those whose disassembly begins with a text",
  requires: { machine },
  args: takes({
    inline: flag("Count inside the translated code, not by a callback for each instruction", true),
    sizes: flag("Count translated instructions by their size"),
    match: list("Count instructions whose disassembly begins with this; may be given more than once"),
    trace: flag("Say so each time a matched instruction is executed"),
  }),
  install({ machine, args, log, report, summary }) {
    const count = counting(machine.instructions.executed, args.inline);
    const sizes = args.sizes ? countSizes(machine) : undefined;
    const matches = args.match.map((prefix) =>
      args.trace ? traceMatches(machine, prefix, log) : countMatches(machine, prefix),
    );
    report(() => ({
      insns: count.value,
      ...(sizes && { sizes: Object.fromEntries(sizes) }),
      ...(matches.length > 0 && { matches: matches.map((match) => match.result()) }),
    }));
    summary(() =>
      [sizes ? sizesText(sizes) : `total insns: ${count.value}`, ...matches.map(matchText)].join("\n"),
    );
    return { insns: () => count.value };
  },
});

function sizesText(sizes: ReadonlyMap<number, number>): string {
  return [...sizes].map(([size, insns]) => `len ${size} bytes: ${insns} insns`).join("\n");
}

function matchText(match: Match): string {
  const { match: prefix, hits, instructions } = match.result();
  const lines = instructions.map(({ pc, text, hits }) => `  ${pc}: ${text} (hits ${hits})`);
  return [`Match: ${prefix}, hits ${hits}`, ...lines].join("\n");
}
