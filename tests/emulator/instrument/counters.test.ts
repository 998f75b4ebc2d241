import type { Instruction } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { createRig, guest } from "../machine/rig.js";

describe("a counter", () => {
  it("can be read at any time, and is exact there", async () => {
    const rig = await createRig(guest("count-loop"));
    const insns = rig.api.instructions.executed.count();
    const wrong: number[] = [];
    let events = 0;
    rig.api.instructions.executed.register(() => {
      events++;
      if (insns.value !== events) wrong.push(events);
    });
    rig.run();
    expect([wrong, insns.value, insns.ofVcpu(0)]).toEqual([[], 76196, 76196]);
  });

  it("keeps its value when it is detached, once and again, and when others take its cell", async () => {
    const rig = await createRig(guest("count-loop"));
    const { executed } = rig.api.instructions;
    const first = executed.count();
    rig.machine.runSlice(2000);
    first.detach();
    const { value } = first;
    expect(value).toBe(rig.machine.executed);
    rig.machine.runSlice(2000);
    const second = executed.count();
    rig.machine.runSlice(2000);
    first.detach();
    rig.run();
    expect([first.value, first.ofVcpu(0), first.ofVcpu(1)]).toEqual([value, value, 0]);
    expect(second.value).toBeLessThan(76196);
  });

  it("keeps its value when its plugin is uninstalled", async () => {
    const rig = await createRig(guest("count-loop"));
    const count = rig.api.instructions.executed.count();
    rig.machine.runSlice(3000);
    const { executed } = rig.machine;
    rig.container.uninstall("machine");
    expect(count.value).toBe(executed);
  });
});

describe("a table of counters", () => {
  it("sums up, by keys of any kind, in the order of their first translation", async () => {
    const rig = await createRig(guest("count-loop"));
    const { instructions } = rig.api;
    const bySymbol = instructions.executed.countBy((i) => i.symbol);
    const byInstruction = instructions.where((i) => i.symbol === "mix").executed.countBy((i) => i);
    const never = instructions.where((i) => i.name === "wfi").executed.countBy((i) => i.name);
    rig.run();
    expect([...bySymbol.entries()].map(([symbol]) => symbol)).toEqual(["_start", "iteration", "mix"]);
    expect([...bySymbol.entries()].reduce((sum, [, n]) => sum + n, 0)).toBe(76196);
    expect([bySymbol.get("mix"), bySymbol.get("nobody"), bySymbol.get(undefined)]).toEqual([7000, 0, 0]);
    const keys = [...byInstruction.entries()].map(([i]: [Instruction, number]) => i.name);
    expect(keys).toEqual(["srli", "xor", "slli", "sub", "rem", "add", "jalr"]);
    expect([...never.entries()]).toEqual([]);
  });

  it("keeps its counts over flushes, and when it is detached", async () => {
    const rig = await createRig(guest("count-loop"));
    const table = rig.api.instructions.executed.countBy((i) => i.name);
    while (rig.machine.executed < 40_000) {
      rig.machine.runSlice(5000);
      rig.api.flush();
    }
    table.detach();
    const { executed } = rig.machine;
    rig.run();
    table.detach();
    expect([...table.entries()].reduce((sum, [, n]) => sum + n, 0)).toBe(executed);
  });
});
