import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { createRig } from "../rig.js";
import { canCompile, compiled, NEEDS } from "./compiled.js";

describe.skipIf(!canCompile)(`a plugin that fails in a child process ${NEEDS}`, () => {
  it.each([
    ["interpreted", { translate: false }],
    ["translated", { translateAfter: 10 }],
  ])("is uninstalled, named, and all else goes on: %s", async (_how, options) => {
    const plain = await createRig(await compiled("processes"), options);
    plain.run();
    const calls = plugin("calls", {
      requires: { machine },
      install({ machine, report }) {
        const byPid: Record<number, number> = {};
        machine.syscalls.entered.register(() => {
          const { pid } = machine.process();
          byPid[pid] = (byPid[pid] ?? 0) + 1;
        });
        report(() => byPid);
      },
    });
    let heard = 0;
    const fragile = plugin("fragile", {
      requires: { machine },
      install({ machine, report }) {
        const first = machine.process().pid;
        machine.blocks.executed.register(() => {
          heard++;
          if (machine.process().pid !== first) throw new Error("a child");
        });
        report(() => heard);
      },
    });
    const rig = await createRig(await compiled("processes"), { ...options, plugins: [fragile, calls] });
    const exit = rig.run();
    expect(rig.faults).toHaveLength(1);
    expect(rig.faults[0]?.message).toMatch(/fragile.*machine\.blocks\.executed.*a child/);
    expect(exit.code).toBe(plain.run().code);
    expect(rig.output()).toBe(plain.output());
    expect(rig.machine.executed).toBe(plain.machine.executed);
    const results = rig.container.results();
    expect(results.get("fragile")?.result).toBe(heard);
    const pids = Object.keys(results.get("calls")?.result as object);
    expect(pids.length).toBeGreaterThan(2);
  });
});
