import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { takes, wholeNumber } from "../arguments.js";
import { symbols } from "../symbols/contract.js";
import { hex, table } from "../text.js";
import { type AnnotatedFunction, annotate } from "./contract.js";
import { createSites, type Site } from "./sites.js";

/** Counts every instruction, and lists functions with disassembly, counts and source lines, as `perf annotate` does. */
export default plugin(annotate, {
  description: "Functions with disassembly, source lines, and how often each instruction was executed",
  requires: { machine, symbols },
  args: takes({
    limit: wholeNumber("How many functions to list in the table, 0 for all of them", {
      least: 0,
      most: 1_000_000_000,
      initial: 20,
    }),
  }),
  install({ machine, symbols, args, report, summary, save, saveTable }) {
    const counts = machine.instructions.executed.countBy(createSites(symbols));
    const functions = (): readonly AnnotatedFunction[] => byFunction(counts.entries());

    const listed = () => functions().slice(0, args.limit === 0 ? undefined : args.limit);
    report(() => ({
      functions: listed().map(({ name, object, insns }) => ({ name, object: object ?? null, insns })),
    }));
    summary(() => {
      const all = functions();
      const total = all.reduce((sum, { insns }) => sum + insns, 0);
      const rows = listed().map(({ insns, name, object = "" }) => [
        insns,
        `${((100 * insns) / total).toFixed(1)} %`,
        name,
        object.slice(object.lastIndexOf("/") + 1),
      ]);
      return `${all.length} functions executed\n${table(["insns", "share", "function", "object"], rows)}`;
    });
    save("annotate.json", () => JSON.stringify({ functions: functions().map(toJson) }));
    saveTable(
      "instructions",
      {
        pc: ["address", "Address of the instruction, in the process that translated it first"],
        text: ["text", "Disassembly"],
        count: ["integer", "How often it was executed"],
        function: ["text", "Function that holds it; ? for code that no symbol holds"],
        object: ["text", "Path of the program or library that it is in; null for code that is in none"],
        file: ["text", "Path of its source file as the compiler had it; null without debug information"],
        line: ["integer", "Line of the source, from 1; null where the compiler gives none"],
      },
      function* () {
        for (const { name, object, instructions } of functions()) {
          for (const instruction of instructions) yield { ...instruction, function: name, object };
        }
      },
    );
    return { functions };
  },
});

function byFunction(counted: Iterable<readonly [Site, number]>): readonly AnnotatedFunction[] {
  const groups = new Map<string, { readonly sites: { readonly site: Site; readonly count: number }[] }>();
  for (const [site, count] of counted) {
    const key = `${site.start} ${site.object} ${site.function}`;
    const group = groups.get(key) ?? { sites: [] };
    group.sites.push({ site, count });
    groups.set(key, group);
  }
  return [...groups.values()]
    .flatMap(({ sites }) => {
      const [first] = sites;
      if (first === undefined) return [];
      sites.sort((a, b) => a.site.pc - b.site.pc);
      return {
        name: first.site.function,
        object: first.site.object,
        insns: sites.reduce((sum, { count }) => sum + count, 0),
        instructions: sites.map(({ site: { pc, text, file, line }, count }) => ({
          pc,
          text,
          count,
          file,
          line,
        })),
      };
    })
    .sort((a, b) => b.insns - a.insns || (a.name < b.name ? -1 : 1));
}

function toJson({ name, object, insns, instructions }: AnnotatedFunction): unknown {
  return {
    name,
    object: object ?? null,
    insns,
    instructions: instructions.map(({ pc, text, count, file, line }) => [
      hex(pc),
      text,
      count,
      file ?? null,
      line ?? null,
    ]),
  };
}
