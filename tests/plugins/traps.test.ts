import { plugin } from "@qpp/core";
import { traps as trapsContract } from "@qpp/plugins/traps/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guest } from "../emulator/machine/rig.js";
import { load } from "./load.js";
import { resultOf, rigWith } from "./real.js";

const none = { interrupts: 0, exceptions: 0, hostcalls: 0 };

describe("traps", () => {
  it.each([
    ["segv", { ...none, exceptions: 1 }],
    ["illegal", { ...none, exceptions: 1 }],
    ["spawn-signal", { ...none, interrupts: 1 }],
    ["count-loop", none],
  ])("counts those of %s", async (program, expected) => {
    const rig = await rigWith(guest(program), { traps: {} });
    rig.run();
    expect(resultOf(rig, "traps")).toEqual({ vcpus: [{ vcpu: 0, ...expected }] });
  });

  it("counts kinds apart, by vCPU, and has a line for each vCPU", async () => {
    const kind = fc.constantFrom("interrupt" as const, "exception" as const, "hostcall" as const);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 3 }), kind)), async (events) => {
        let seen: unknown;
        const reader = plugin("reader", {
          requires: { traps: trapsContract },
          install({ traps, report }) {
            report(() => {
              seen = traps.counts();
            });
          },
        });
        const { fake, result, summary } = await load({}, [reader]);
        const count = (vcpu: number, of: string): number =>
          events.filter(([on, kind]) => on === vcpu && kind === of).length;
        const vcpus = 1 + Math.max(0, ...events.map(([vcpu]) => vcpu));
        for (const [vcpu, type] of events) {
          fake.emit({ kind: "discontinuity", vcpu, type, from: 0, to: 0, signal: undefined });
        }
        const expected = Array.from({ length: vcpus }, (_, vcpu) => ({
          vcpu,
          interrupts: count(vcpu, "interrupt"),
          exceptions: count(vcpu, "exception"),
          hostcalls: count(vcpu, "hostcall"),
        }));
        expect(result("traps")).toEqual({ vcpus: expected });
        result("reader");
        expect(seen).toEqual(expected);
        expect(summary("traps")?.split("\n")).toHaveLength(1 + vcpus);
      }),
    );
  });
});
