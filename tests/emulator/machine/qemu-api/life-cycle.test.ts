import { type Plugin, plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, takes } from "@qpp/plugins/arguments";
import { describe, expect, it } from "vitest";
import { createRig, guest, watcher } from "../rig.js";

const INSNS = 76196;

describe("install, uninstall, reset", () => {
  it("installs once, with arguments", async () => {
    const installed: unknown[] = [];
    const counting: Plugin = plugin("counting", {
      requires: { machine },
      args: takes({ inline: flag("a switch") }),
      install: ({ machine, args }) => {
        installed.push(args, machine.executed());
      },
    });
    const rig = await createRig(guest("exit-code"));
    await rig.container.load([{ plugin: counting, args: { inline: "yes" } }]);
    rig.run();
    expect(installed).toEqual([{ inline: true }, 0]);
  });

  it("stops all callbacks of a plugin at once when it is uninstalled in the middle of the run", async () => {
    let before = 0;
    let after = 0;
    let gone = false;
    const rig = await createRig(guest("count-loop"), {
      plugins: [
        watcher("early", (m) => {
          const note = (): void => {
            if (gone) after++;
            else before++;
          };
          m.instructions.executed.register(note);
          m.blocks.executed.subscribe(note);
          m.memory.accessed.batch(note, { capacity: 16 });
          m.syscalls.entered.register(note);
        }),
      ],
    });
    const total = rig.api.instructions.executed.count();
    rig.api.instructions.executed.register(() => {
      if (!gone && before > 1000) gone = rig.container.uninstall("early");
    });
    expect(rig.run().code).toBe(0);
    expect(before).toBeGreaterThan(1000);
    expect(after).toBe(0);
    expect(total.value).toBe(INSNS);
  });

  it("lets a plugin uninstall itself from its own callback", async () => {
    const seen: number[] = [];
    const rig = await createRig(guest("count-loop"), {
      plugins: [
        watcher("shy", (m) => {
          m.instructions.executed.register((cpu) => {
            seen.push(cpu.pc);
            if (seen.length === 100) rig.container.uninstall("shy");
          });
        }),
      ],
    });
    const total = rig.api.instructions.executed.count();
    expect(rig.run().code).toBe(0);
    expect(seen).toHaveLength(100);
    expect(total.value).toBe(INSNS);
    expect(rig.faults).toEqual([]);
  });

  it("resets: a plugin that is loaded again starts afresh", async () => {
    const counts: number[] = [];
    const counter = plugin("counter", {
      requires: { machine },
      install: ({ machine, report }) => {
        const insns = machine.instructions.executed.count();
        report(() => {
          counts.push(insns.value);
          return {};
        });
      },
    });
    const rig = await createRig(guest("count-loop"), { plugins: [counter] });
    rig.machine.runSlice(10_000);
    const first = rig.machine.executed;
    rig.container.uninstall("counter");
    await rig.container.load([{ plugin: counter }]);
    rig.run();
    rig.container.results();
    expect(counts).toEqual([first, INSNS - first]);
  });
});

describe("register_atexit_cb", () => {
  it("tells the end once, when every result can still be read", async () => {
    const told: unknown[] = [];
    const rig = await createRig(guest("exit-code", "7"), {
      plugins: [
        watcher("last", (m) => {
          const insns = m.instructions.executed.count();
          m.exited.register((code, exit) => {
            const symbol = m.program.symbolAt(m.program.entry)?.name;
            told.push({ code, exit, insns: insns.value, executed: m.executed(), symbol });
          });
        }),
      ],
    });
    rig.run();
    const { executed } = rig.machine;
    expect(executed).toBeGreaterThan(10);
    const exit = { code: 7, signal: undefined, stopped: undefined };
    expect(told).toEqual([{ code: 7, exit, insns: executed, executed, symbol: "_start" }]);
    rig.run();
    expect(told).toHaveLength(1);
  });

  it("comes after the last batches", async () => {
    const order: string[] = [];
    const rig = await createRig(guest("exit-code"), {
      plugins: [
        watcher("orderly", (m) => {
          m.exited.register(() => order.push("exited"));
          m.vcpus.exited.register(() => order.push("vcpu exited"));
          m.instructions.executed.batch((batch) => order.push(`insns ${batch.length}`));
          m.syscalls.entered.batch((batch) => order.push(`calls ${batch.length}`));
        }),
      ],
    });
    rig.run();
    expect(order).toEqual(["insns 10", "calls 1", "vcpu exited", "exited"]);
  });

  it("tells of an interrupted run, from outside and from a plugin's own code", async () => {
    const outside = await createRig(guest("count-loop"));
    const ends: unknown[] = [];
    outside.api.exited.register((code, { stopped }) => ends.push([code, stopped]));
    outside.machine.runSlice(5000);
    outside.machine.interrupt("interrupted", 130);
    expect(ends).toEqual([[130, "interrupted"]]);

    const inside = await createRig(guest("count-loop"));
    const order: string[] = [];
    inside.api.instructions.executed.register((cpu) => {
      order.push("insn");
      if (cpu.executed === 10) inside.machine.interrupt("interrupted", 130);
    });
    inside.api.exited.register(() => order.push("exited"));
    expect(inside.run()).toEqual({ code: 130, signal: undefined, stopped: "interrupted" });
    expect(order.indexOf("exited")).toBe(order.length - 1);
    expect(inside.machine.executed).toBe(order.length - 1);
  });
});

describe("register_flush_cb", () => {
  it("tells when translated code is thrown away, and has every block translated anew", async () => {
    const events: string[] = [];
    const rig = await createRig(guest("count-loop"));
    const { api } = rig;
    api.blocks.where((b) => b.symbol === "mix").translated.register(() => events.push("translated mix"));
    api.flushed.register(() => events.push("flushed"));
    let executions = 0;
    api.blocks
      .where((b) => b.symbol === "mix")
      .executed.register(() => {
        executions++;
        if (executions === 500) api.flush();
      });
    rig.run();
    expect(executions).toBe(1000);
    // The first one throws away nothing that was ever executed: plugins attached before the first block.
    expect(events).toEqual(["flushed", "translated mix", "flushed", "translated mix"]);
  });

  it("runs nothing meanwhile: no event of the guest comes before all listeners are done", async () => {
    const rig = await createRig(guest("selfmod"));
    let flushing = false;
    let flushes = 0;
    rig.api.flushed.register(() => {
      flushing = true;
    });
    rig.api.flushed.register(() => {
      flushing = false;
      flushes++;
    });
    let bad = 0;
    let executed = 0;
    rig.api.instructions.executed.register(() => {
      if (flushing) bad++;
      if (++executed % 10 === 0) rig.api.flush();
    });
    rig.run();
    expect(flushes).toBeGreaterThan(100);
    expect(bad).toBe(0);
  });
});
