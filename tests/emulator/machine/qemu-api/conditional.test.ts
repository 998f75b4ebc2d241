import type { Condition } from "@qpp/emulator/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONDITIONS, HOLDS } from "../holds.js";
import { createRig, guest } from "../rig.js";

describe("register_vcpu_tb_exec_cond_cb, register_vcpu_insn_exec_cond_cb", () => {
  it("call where the condition holds over the entry as it is then: every condition, around the border", async () => {
    const rig = await createRig(guest("count-loop"));
    const { api } = rig;
    const entry = api.scoreboards.create(3).entry(1);
    const inMix = api.instructions.where((i) => i.symbol === "mix" && i.isReturn);
    // Counts down by one through 0 to the largest number: conditions are over unsigned numbers.
    entry.set(0, 500);
    const calls = new Map<Condition, number>(CONDITIONS.map((c) => [c, 0]));
    for (const condition of CONDITIONS) {
      inMix.executed.when(entry, condition, 490).register((cpu) => {
        expect(cpu.registers.readNumber("pc")).toBe(cpu.pc);
        calls.set(condition, (calls.get(condition) ?? 0) + 1);
      });
    }
    inMix.executed.inline("add", entry, -1);
    rig.run();
    const values = Array.from({ length: 1000 }, (_, i) => BigInt.asUintN(64, 500n - BigInt(i)));
    const expected = CONDITIONS.map((c) => [c, values.filter((v) => HOLDS[c](v, 490n)).length]);
    expect([...calls]).toEqual(expected);
  });

  it("compare unsigned 64-bit numbers, in translated code and on system calls alike", async () => {
    const numbers = fc.oneof(
      fc.constantFrom(-1, -(2 ** 53) + 1, 0, 1, 2 ** 31, 2 ** 32, 2 ** 52),
      fc.integer({ min: -3, max: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(numbers, numbers), { minLength: 1, maxLength: 8 }),
        async (pairs) => {
          const rig = await createRig(guest("exit-code"));
          const { api } = rig;
          const scoreboard = api.scoreboards.create(pairs.length);
          const got: string[] = [];
          const expected: string[] = [];
          pairs.forEach(([value, limit], i) => {
            const entry = scoreboard.entry(i);
            entry.set(0, value);
            for (const condition of CONDITIONS) {
              const note = (where: string) => () => got.push(`${where} ${i} ${condition}`);
              api.syscalls.entered.when(entry, condition, limit).register(note("syscall"));
              api.instructions
                .where((insn) => insn.name === "ecall")
                .executed.when(entry, condition, limit)
                .register(note("insn"));
              const holds = HOLDS[condition](
                BigInt.asUintN(64, BigInt(value)),
                BigInt.asUintN(64, BigInt(limit)),
              );
              if (holds) expected.push(`insn ${i} ${condition}`);
            }
          });
          rig.run();
          expect(got).toEqual([...expected, ...expected.map((line) => line.replace("insn", "syscall"))]);
        },
      ),
      { numRuns: 20 },
    );
  });
});
