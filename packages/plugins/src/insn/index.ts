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
    const vcpus = () =>
      Array.from({ length: machine.vcpus.count }, (_, vcpu) => ({ vcpu, insns: count.ofVcpu(vcpu) }));
    report(() => ({
      insns: count.value,
      ...(machine.vcpus.count > 1 && { vcpus: vcpus() }),
      ...(sizes && { sizes: Object.fromEntries(sizes) }),
      ...(matches.length > 0 && { matches: matches.map((match) => match.result()) }),
    }));
    summary(() =>
      [sizes ? sizesText(sizes) : countText(count.value, vcpus()), ...matches.map(matchText)].join("\n"),
    );
    return { insns: () => count.value };
  },
});

/** A line for each vCPU, if there are several, and one for the sum. */
function countText(total: number, vcpus: readonly { vcpu: number; insns: number }[]): string {
  const each = vcpus.map(({ vcpu, insns }) => `cpu ${vcpu} insns: ${insns}`);
  return [...(vcpus.length > 1 ? each : []), `total insns: ${total}`].join("\n");
}

function sizesText(sizes: ReadonlyMap<number, number>): string {
  return [...sizes].map(([size, insns]) => `len ${size} bytes: ${insns} insns`).join("\n");
}

function matchText(match: Match): string {
  const { match: prefix, hits, instructions } = match.result();
  const lines = instructions.map(({ pc, text, hits }) => `  ${pc}: ${text} (hits ${hits})`);
  return [`Match: ${prefix}, hits ${hits}`, ...lines].join("\n");
}
