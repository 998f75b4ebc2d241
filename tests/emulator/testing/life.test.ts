import { type Container, type Plugin, plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import insn from "@qpp/plugins/insn";
import { describe, expect, it } from "vitest";
import { createRig, guest } from "../machine/rig.js";

// Plugins come and go while a real guest runs.

/** Counts instructions on three lanes, and calls `at` at each of them. */
function counting(name: string, at: (count: number) => void = () => {}): Plugin {
  return plugin(name, {
    requires: { machine },
    install({ machine, report }) {
      const counts = { inline: machine.instructions.executed.count(), direct: 0, batch: 0, rx: 0 };
      machine.instructions.executed.register(() => at(++counts.direct));
      machine.instructions.executed.batch(({ length }) => {
        counts.batch += length;
      });
      machine.syscalls.entered.subscribe(() => counts.rx++);
      report(() => ({ ...counts, inline: counts.inline.value }));
    },
  });
}

const load = async (container: Container, each: Plugin): Promise<void> => {
  expect((await container.load([{ plugin: each }])).refused).toEqual([]);
};

describe("while a guest runs", () => {
  it("a plugin that is loaded sees all from the next block on", async () => {
    const rig = await createRig(guest("count-loop"), { plugins: [insn] });
    expect(rig.machine.runSlice(20_000)).toBeUndefined();
    const before = rig.machine.executed;
    await load(rig.container, counting("late"));
    rig.run();
    const rest = rig.machine.executed - before;
    expect(rig.container.results().get("late")?.result).toMatchObject({
      inline: rest,
      direct: rest,
      batch: rest,
    });
    expect(rig.container.results().get("insn")?.result).toEqual({ insns: rig.machine.executed });
  });

  it.each(["itself", "another"])(
    "a plugin that is uninstalled by %s keeps what it had; others lose nothing",
    async (who) => {
      const rig = await createRig(guest("count-loop"), { plugins: [insn] });
      const leave = (count: number): void => void (count === 5000 && rig.container.uninstall("leaving"));
      await load(rig.container, counting("leaving", who === "itself" ? leave : undefined));
      await load(rig.container, counting("other", who === "another" ? leave : undefined));
      rig.run();
      const { executed } = rig.machine;
      const results = rig.container.results();
      expect(results.get("leaving")?.result).toMatchObject({ direct: 5000, rx: 0 });
      expect(results.get("leaving")).not.toHaveProperty("fault");
      expect(results.get("other")?.result).toMatchObject({
        inline: executed,
        direct: executed,
        batch: executed,
      });
      expect(results.get("insn")?.result).toEqual({ insns: executed });
    },
  );

  it("a plugin that fails costs the others nothing, and is told with what it had", async () => {
    const rig = await createRig(guest("count-loop"), { plugins: [insn] });
    const fail = (count: number): void => {
      if (count === 5000) throw new Error("enough");
    };
    await load(rig.container, counting("failing", fail));
    await load(rig.container, counting("other"));
    rig.run();
    const { executed } = rig.machine;
    const results = rig.container.results();
    expect(results.get("failing")).toMatchObject({
      result: { direct: 5000 },
      fault: { plugin: "failing", lost: ["failing"], cause: { message: "enough" } },
    });
    expect(results.get("other")?.result).toMatchObject({
      inline: executed,
      direct: executed,
      batch: executed,
    });
    expect(results.get("insn")?.result).toEqual({ insns: executed });
  });
});
