import { plugin } from "@qpp/core";
import { type Block, machine } from "@qpp/emulator/contract";
import { block } from "@qpp/emulator/testing";
import { Subscription } from "rxjs";
import { describe, expect, it } from "vitest";
import { createChecks } from "../../packages/plugins/src/checks.js";
import { listen } from "../../packages/plugins/src/reset/listen.js";
import { guest } from "../emulator/machine/rig.js";
import { load } from "./load.js";
import { resultOf, rigWith } from "./real.js";

describe("reset", () => {
  it("listens, takes that back, listens anew, and takes that back", async () => {
    const rig = await rigWith(guest("count-loop"), { reset: {} });
    rig.run();
    expect(rig.faults).toEqual([]);
    expect(rig.logged).toEqual(["reset reset done", "reset uninstall done", "reset plugin exit"]);
    expect(resultOf(rig, "reset")).toMatchObject({
      phase: "uninstall",
      checks: { "told of a block's translation before its execution": 2, "phase at the end": 1 },
    });
  });

  it("is at fault where the guest ends before", async () => {
    const { fake, faults } = await load({ reset: {} });
    fake.execute(block(0x1000, ["addi a0,a0,1"]));
    fake.end(0);
    expect(faults).toEqual([
      expect.stringContaining("phase at the end: found reset, but it must be uninstall"),
    ]);
  });

  it("finds out that a listener that was taken back is called", async () => {
    const forgetful = plugin("forgetful", {
      requires: { machine },
      install({ machine }) {
        // Whatever is registered here stays.
        const executed = Object.create(machine.blocks.executed, {
          register: {
            value(listener: (cpu: never, block: Block) => void) {
              machine.blocks.executed.register((cpu, block) => listener(cpu as never, block));
              return new Subscription();
            },
          },
        });
        const { translated } = machine.blocks;
        const source = { ...machine, blocks: { ...machine.blocks, translated, executed } };
        listen(source, createChecks(), () => {});
      },
    });
    const { fake, faults } = await load({}, [forgetful]);
    fake.execute(block(0x1000, ["addi a0,a0,1"]));
    expect(faults).toEqual([]);
    fake.execute(block(0x1000, ["addi a0,a0,1"]));
    expect(faults).toEqual([expect.stringContaining("after the listener was taken back: found true")]);
  });
});
