import { type Plugin, plugin } from "@qpp/core";
import { type Block, machine } from "@qpp/emulator/contract";
import { block, machineStreams } from "@qpp/emulator/testing";
import fc from "fast-check";
import { Subscription } from "rxjs";
import { describe, expect, it } from "vitest";
import { createChecks } from "../../packages/plugins/src/checks.js";
import { probe } from "../../packages/plugins/src/inline/probe.js";
import { guest } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { load } from "./load.js";
import { resultOf, rigWith } from "./real.js";

interface Result {
  readonly counts: Record<"tb" | "insn" | "mem", number>;
  readonly vcpus: readonly Record<"tb" | "insn" | "mem", number>[];
  readonly checks: Record<string, number>;
}

describe("inline", () => {
  it("finds all ways of counting equal, and says what it checked", async () => {
    const rig = await rigWith(guest("count-loop"), { inline: {} });
    rig.run();
    expect(rig.faults).toEqual([]);
    const { counts, vcpus, checks } = resultOf(rig, "inline") as Result;
    expect(counts).toEqual({ tb: 10518, insn: 76196, mem: 30018 });
    expect(vcpus).toEqual([counts]);
    expect(checks).toMatchObject({
      "insn: what was stored inline": 76196,
      "insn: count at a conditional callback": 761,
      "tb of a vCPU: conditional callbacks": 1,
      "mem: batches": 1,
    });
    expect(rig.container.summaries().get("inline")).toMatch(/^event {2}count\ntb {5}10518\n/);
  });

  it.skipIf(!canCompile)(`holds for threads and processes ${NEEDS}`, async () => {
    const rig = await rigWith(await compiled("processes"), { inline: {} });
    rig.run();
    expect(rig.faults).toEqual([]);
    const { counts, vcpus } = resultOf(rig, "inline") as Result;
    expect(vcpus.length).toBeGreaterThan(4);
    expect(counts.insn).toBe(vcpus.reduce((sum, { insn }) => sum + insn, 0));
  });

  it("holds for any stream that has events of all kinds", async () => {
    await fc.assert(
      fc.asyncProperty(machineStreams({ maxVcpus: 3 }), async (stream) => {
        const { fake, faults, result } = await load({ inline: {} });
        fake.play(stream);
        const has = (kind: string): boolean => stream.events.some((event) => event.kind === kind);
        if (["block", "instruction", "access"].every(has)) {
          expect(faults).toEqual([]);
          expect(result("inline")).toHaveProperty(
            "counts.mem",
            stream.events.filter(({ kind }) => kind === "access").length,
          );
        } else expect(faults).toEqual([expect.stringMatching(/there were some: found false/)]);
      }),
    );
  });

  it.each(["inline", "count", "batch", "when"] as const)("finds out that %s does nothing", async (broken) => {
    const nothing = {
      inline: () => new Subscription(),
      count: () => ({ value: 0, ofVcpu: () => 0, detach() {} }),
      batch: () => new Subscription(),
      when: () => ({ register: () => new Subscription() }),
    };
    const sabotaged: Plugin = plugin("sabotaged", {
      requires: { machine },
      install({ machine }) {
        const { executed } = machine.blocks;
        const lanes = {
          register: executed.register.bind(executed),
          inline: executed.inline.bind(executed),
          count: executed.count.bind(executed),
          countBy: executed.countBy.bind(executed),
          batch: executed.batch.bind(executed),
          when: executed.when.bind(executed),
          [broken]: nothing[broken],
        } as unknown as typeof executed;
        const { compare } = probe("tb", machine.scoreboards, createChecks(), {
          events: () => lanes,
          siteOf: (block: Block) => block,
          pcOf: () => 7 << 1,
        });
        machine.exited.register(() => compare(machine.vcpus.count));
      },
    });
    const { fake, faults } = await load({}, [sabotaged]);
    for (let i = 0; i < 150; i++) fake.execute(block(0x1000, ["addi a0,a0,1"]));
    fake.end(0);
    expect(faults).toEqual([expect.stringMatching(/^plugin "sabotaged" failed .*tb.*: found/)]);
  });
});
