import { plugin } from "@qpp/core";
import { stoptrigger as stoptriggerContract } from "@qpp/plugins/stoptrigger/contract";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { createRig, guest } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { load } from "./load.js";
import { resultOf, rigWith } from "./real.js";

const INSNS = 76196;
/** Address of every instruction that the guest executes. */
const trace: number[] = [];

describe("stoptrigger", () => {
  beforeAll(async () => {
    const rig = await createRig(guest("count-loop"));
    rig.api.instructions.executed.batch(({ length, pc }) => trace.push(...pc.subarray(0, length)));
    rig.run();
    expect(trace).toHaveLength(INSNS);
  });

  it("stops in front of the instruction after so many", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: INSNS - 1 }),
        fc.nat({ max: 255 }),
        fc.constantFrom(undefined, 0),
        async (icount, code, translateAfter) => {
          const args = { stoptrigger: { icount: `${icount}:${code}` } };
          const rig = await rigWith(guest("count-loop"), args, { translateAfter });
          const pc = `0x${trace[icount]?.toString(16)}`;
          const reason = `icount reached at ${pc}`;
          expect(rig.run()).toEqual({ code, signal: undefined, stopped: reason });
          expect(rig.machine.executed).toBe(icount);
          expect(rig.logged).toEqual([`stoptrigger ${reason}, exiting`]);
          expect(resultOf(rig, "stoptrigger")).toEqual({ stopped: { kind: "icount", vcpu: 0, pc, code } });
        },
      ),
      { numRuns: 12 },
    );
  });

  it("stops at the first of several addresses, with its code", async () => {
    const [first = 0, second = 0] = [trace[400], trace[40]];
    const addr = `${first}:41,0x${second.toString(16)}:42,0x10:43`;
    const rig = await rigWith(guest("count-loop"), { stoptrigger: { addr } });
    const at = trace.findIndex((pc) => pc === first || pc === second);
    expect(rig.run().code).toBe(trace[at] === first ? 41 : 42);
    expect(rig.machine.executed).toBe(at);
  });

  it("lets the guest end by itself if none is reached", async () => {
    const rig = await rigWith(guest("count-loop"), { stoptrigger: { icount: String(INSNS), addr: "2" } });
    expect(rig.run()).toEqual({ code: 0, signal: undefined, stopped: undefined });
    expect(resultOf(rig, "stoptrigger")).toEqual({ stopped: null });
    expect(rig.container.summaries().get("stoptrigger")).toBe("no trigger was reached");
  });

  it("tells other plugins while the guest's state can still be read", async () => {
    const seen: unknown[] = [];
    const rig = await rigWith(guest("count-loop"), { stoptrigger: { icount: "20" } });
    const listener = plugin("listener", {
      requires: { stoptrigger: stoptriggerContract },
      install({ stoptrigger }) {
        stoptrigger.triggered.register((trigger) =>
          seen.push(trigger, rig.api.vcpus.list[0]?.registers.readNumber("pc")),
        );
      },
    });
    await rig.container.load([{ plugin: listener }]);
    rig.run();
    expect(seen).toEqual([{ kind: "icount", vcpu: 0, pc: trace[20], code: 0 }, trace[20]]);
  });

  it.skipIf(!canCompile)(`counts each vCPU's instructions apart ${NEEDS}`, async () => {
    const rig = await rigWith(await compiled("threads"), { stoptrigger: { icount: "30000:9" } });
    const counts: number[] = [];
    rig.api.instructions.executed.batch(({ vcpu, length }) => {
      counts[vcpu] = (counts[vcpu] ?? 0) + length;
    });
    expect(rig.run().code).toBe(9);
    const { stopped } = resultOf(rig, "stoptrigger") as { stopped: { vcpu: number } };
    // The instruction that is not executed any more was told.
    expect([30000, 30001]).toContain(counts[stopped.vcpu]);
    expect(counts.filter((count) => count >= 30000)).toHaveLength(1);
  });

  it.each([
    [{}, "give icount=N[:CODE], addr=ADDRESS[:CODE], or both"],
    [{ icount: "0" }, '"0" is no value for it; it must be N or N:CODE'],
    [{ icount: "-5" }, '"-5" is no value for it'],
    [{ icount: "5:256" }, '"5:256" is no value for it'],
    [{ addr: "0x10,main" }, "it must be ADDRESS or ADDRESS:CODE"],
  ])("refuses %o", async (args, message) => {
    const { refused } = await load({ stoptrigger: args });
    expect(refused).toEqual([expect.stringContaining(message)]);
  });
});
