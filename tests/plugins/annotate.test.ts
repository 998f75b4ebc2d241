import { plugin } from "@qpp/core";
import { type Instruction, machine } from "@qpp/emulator/contract";
import { type AnnotatedFunction, annotate } from "@qpp/plugins/annotate/contract";
import { expect, test } from "vitest";
import { guest } from "../emulator/machine/rig.js";
import { resultOf, rigWith } from "./real.js";

test.each([["count-calls"], ["selfmod"], ["segv"]])(
  "%s: counts are those of a callback for each",
  async (name) => {
    const rig = await rigWith(guest(name), { symbols: {}, annotate: { limit: "0" } });
    const counts = new Map<string, number>();
    let functions = (): readonly AnnotatedFunction[] => [];
    const witness = plugin("witness", {
      requires: { machine, annotate },
      install({ machine, annotate }) {
        ({ functions } = annotate);
        machine.instructions.executed.register((_cpu, { pc, text }: Instruction) => {
          const key = `${pc} ${text}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        });
      },
    });
    await rig.container.load([{ plugin: witness }]);
    rig.run();
    const all = functions();
    const listed = all.flatMap(({ instructions }) => instructions);
    const executed = listed.filter(({ count }) => count > 0);
    expect(new Map(executed.map(({ pc, text, count }) => [`${pc} ${text}`, count]))).toEqual(counts);
    expect(all.reduce((sum, { insns }) => sum + insns, 0)).toBe(
      [...counts.values()].reduce((sum, count) => sum + count, 0),
    );
    const result = resultOf(rig, "annotate") as { functions: { name: string; insns: number }[] };
    expect(result.functions.map(({ name, insns }) => [name, insns])).toEqual(
      all.map(({ name, insns }) => [name, insns]),
    );
  },
);
