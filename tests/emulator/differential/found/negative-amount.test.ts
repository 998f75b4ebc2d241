import { machine as machineContract } from "@qpp/emulator/contract";
import { expect, test } from "vitest";
import { attach, createRecorded } from "../../../conformance/witness/machine.js";
import { A0, assemble, DATA, label, li, op, programFile, T0, to } from "../../machine/assemble.js";

/** A hot loop that stores word after word, until there is no page: the region is left there in the middle of its block. */
const image = programFile(
  assemble([
    ...li(A0, DATA),
    label("loop"),
    op("addi", { rd: T0, rs1: T0, imm: -1 }),
    op("sd", { rs1: A0, rs2: T0, imm: 0 }),
    op("addi", { rd: A0, rs1: A0, imm: 8 }),
    to("loop", "jal", { rd: 0 }),
  ]).bytes,
);

/** The entry that each of these amounts was added to, each time a block was executed. */
async function sums(translate: boolean, amounts: readonly number[]): Promise<readonly bigint[]> {
  const recorded = createRecorded({ path: "loop", image, machine: { translate, translateAfter: 1 } });
  const machine = (await attach(recorded)).use(machineContract);
  const board = machine.scoreboards.create(amounts.length);
  amounts.forEach((amount, i) => {
    machine.blocks.executed.inline("add", board.entry(i), amount);
  });
  while (recorded.machine.exit === undefined) recorded.machine.runSlice(512);
  expect(recorded.machine.exit.signal).toBe("SIGSEGV");
  return [...board.of(0)];
}

// Skipped until side exits add what is negative, too.
test("amounts of either sign are added where a region is left in the middle of a block", async () => {
  const amounts = [1, -1, -3, 7];
  expect(await sums(true, amounts)).toEqual(await sums(false, amounts));
});
