import type { DiscontinuityKind } from "@qpp/emulator/contract";
import { block } from "@qpp/emulator/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guest } from "../emulator/machine/rig.js";
import { canCompile, compiled, NEEDS } from "../emulator/machine/threads/compiled.js";
import { type Loaded, load } from "./load.js";
import { resultOf, rigWith } from "./real.js";

/** Three instructions, then a jump. */
const body = block(0x1000, ["addi a0,a0,1", "ld a0,0(s0)", "addi a0,a0,1", "jal zero,0x2000"]);
const handler = block(0x2000, ["addi a0,a0,1", "jalr zero,0(ra)"]);

type Step = "block" | { readonly kind: DiscontinuityKind; readonly after: number; readonly off: number };

/** Plays steps: whole blocks, and discontinuities after so many instructions of one, to the handler, told wrongly by `off`. */
function play({ fake }: Loaded, steps: readonly Step[]): void {
  const begin = (count: number): void => {
    fake.emit({ kind: "block", vcpu: 0, block: body });
    for (const instruction of body.instructions.slice(0, count))
      fake.emit({ kind: "instruction", vcpu: 0, instruction });
  };
  for (const step of steps) {
    if (step === "block") {
      fake.execute(body);
      continue;
    }
    const { kind, after, off } = step;
    begin(after);
    // A fault is that of the instruction begun last; what comes from outside comes in front of the next one.
    const at = body.instructions[kind === "exception" ? after - 1 : after]?.pc ?? 0;
    fake.emit({
      kind: "discontinuity",
      vcpu: 0,
      type: kind,
      from: at + off,
      to: handler.pc,
      signal: "SIGUSR1",
    });
    fake.execute(handler);
  }
  fake.end(0);
}

const step = (offs: readonly number[]): fc.Arbitrary<Step> =>
  fc.oneof(
    fc.constant("block" as const),
    fc.record({
      kind: fc.constantFrom("interrupt" as const, "exception" as const),
      after: fc.integer({ min: 1, max: 3 }),
      off: fc.constantFrom(...offs),
    }),
  );

describe("discons", () => {
  it("finds no mismatch where sources and targets are told rightly", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step([0])), async (steps) => {
        const loaded = await load({ discons: {} });
        play(loaded, steps);
        expect(loaded.faults).toEqual([]);
        const broken = steps.filter((each) => each !== "block").length;
        expect(loaded.result("discons")).toEqual({
          discontinuities: broken,
          sources: broken,
          targets: broken,
          mismatches: 0,
        });
      }),
    );
  });

  it("finds and logs every wrong source with abort=off", async () => {
    // 64: nowhere near any instruction.
    await fc.assert(
      fc.asyncProperty(fc.array(step([0, 64])), async (steps) => {
        const loaded = await load({ discons: { abort: "off" } });
        play(loaded, steps);
        const wrong = steps.filter((each) => each !== "block" && each.off !== 0).length;
        expect(loaded.result("discons")).toHaveProperty("mismatches", wrong);
        expect(loaded.lines).toHaveLength(wrong);
        expect(loaded.faults).toEqual([]);
      }),
    );
  });

  it("is at fault at a wrong source, and at a wrong target", async () => {
    const source = await load({ discons: {} });
    play(source, [{ kind: "interrupt", after: 2, off: 4 }]);
    expect(source.faults).toEqual([
      expect.stringContaining("Discon source PC mismatch on VCPU 0: expected 0x1008, encountered 0x100c"),
    ]);
    const target = await load({ discons: {} });
    target.fake.execute(body);
    target.fake.emit({
      kind: "discontinuity",
      vcpu: 0,
      type: "exception",
      from: 0x2000,
      to: 0x3000,
      signal: "SIGSEGV",
    });
    target.fake.execute(handler);
    expect(target.faults).toEqual([
      expect.stringContaining("Discon target PC mismatch on VCPU 0: expected 0x3000, encountered 0x2000"),
    ]);
  });

  it("is at fault where a thread goes on after it has ended", async () => {
    const { fake, faults } = await load({ discons: {} });
    fake.emit({
      kind: "discontinuity",
      vcpu: 0,
      type: "interrupt",
      from: 0,
      to: undefined,
      signal: "SIGKILL",
    });
    fake.execute(body);
    expect(faults).toEqual([expect.stringContaining("expected nothing: the thread has ended")]);
  });

  it.each(["segv", "segv-exec", "illegal", "spawn-signal"])("holds for %s", async (program) => {
    const rig = await rigWith(guest(program), { discons: {} });
    rig.run();
    expect(rig.faults).toEqual([]);
    expect(resultOf(rig, "discons")).toMatchObject({ discontinuities: 1, mismatches: 0 });
  });

  it.skipIf(!canCompile)(`holds for processes with handlers, timers and faults ${NEEDS}`, async () => {
    const rig = await rigWith(await compiled("processes"), { discons: {} });
    rig.run();
    expect(rig.faults).toEqual([]);
    const { discontinuities, targets, mismatches } = resultOf(rig, "discons") as Record<string, number>;
    expect(discontinuities).toBeGreaterThan(5);
    expect(targets).toBeGreaterThan(5);
    expect(mismatches).toBe(0);
  });

  it("prints every instruction with trace-all=on", async () => {
    const { fake, lines } = await load({ discons: { "trace-all": "on" } });
    fake.execute(handler, 1);
    expect(lines).toEqual(["Exec insn at 0x2000 on VCPU 1", "Exec insn at 0x2004 on VCPU 1"]);
  });
});
