import { describe, expect, it } from "vitest";
import { createRig, guest } from "../rig.js";

describe("register_vcpu_tb_exec_inline_per_vcpu, register_vcpu_insn_exec_inline_per_vcpu", () => {
  it("add to an entry, and store in it, for each event", async () => {
    const rig = await createRig(guest("count-loop"));
    const { api } = rig;
    const scoreboard = api.scoreboards.create(4);
    const [blocks, insns, last, wrapped] = [0, 1, 2, 3].map((i) => scoreboard.entry(i));
    if (!blocks || !insns || !last || !wrapped) throw new Error("no entries");
    api.blocks.executed.inline("add", blocks, 3);
    api.instructions.executed.inline("add", insns, 1);
    api.instructions.where((i) => i.name === "mulh").executed.inline("store", last, 2 ** 50);
    api.instructions.where((i) => i.name === "rem").executed.inline("add", wrapped, -1);
    const seen: number[] = [];
    let events = 0;
    api.instructions.executed.register(() => {
      // The operation on this instruction is attached before, so it has been done.
      events++;
      if (events <= 3) seen.push(insns.get(0));
    });
    const count = api.blocks.executed.count();
    rig.run();
    expect(seen).toEqual([1, 2, 3]);
    expect(insns.get(0)).toBe(76196);
    expect(blocks.get(0)).toBe(3 * count.value);
    expect(last.get(0)).toBe(2 ** 50);
    expect(scoreboard.of(0)[3]).toBe(2n ** 64n - 1000n);
  });

  it("stop when they are unsubscribed", async () => {
    const rig = await createRig(guest("count-loop"));
    const entry = rig.api.scoreboards.create(1).entry(0);
    const inline = rig.api.instructions.executed.inline("add", entry, 1);
    rig.machine.runSlice(1000);
    inline.unsubscribe();
    const { executed } = rig.machine;
    rig.run();
    expect(entry.sum()).toBe(executed);
  });
});

describe("register_vcpu_mem_inline_per_vcpu", () => {
  it("counts loads and stores apart", async () => {
    const rig = await createRig(guest("count-loop"));
    const { api } = rig;
    const scoreboard = api.scoreboards.create(2);
    const [loads, stores] = [scoreboard.entry(0), scoreboard.entry(1)];
    api.memory.where((site) => site.isLoad).accessed.inline("add", loads, 1);
    api.memory.where((site) => site.isStore).accessed.inline("add", stores, 1);
    rig.run();
    // By hand from the source: plain, compressed, AMO, LR, SC (which is a load and a store, as in QEMU).
    expect(loads.sum()).toBe(1 + 1000 * (7 + 1 + 7 + 1 + 1));
    expect(stores.sum()).toBe(1000 * (4 + 1 + 7 + 1) + 16 + 1);
  });
});
