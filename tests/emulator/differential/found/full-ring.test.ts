import { plugin } from "@qpp/core";
import { type InstructionEvents, machine as machineContract } from "@qpp/emulator/contract";
import { describe, expect, test } from "vitest";
import { attach, createRecorded } from "../../../conformance/witness/machine.js";
import {
  assemble,
  exit,
  type Item,
  label,
  li,
  op,
  programFile,
  syscall,
  T0,
  to,
} from "../../machine/assemble.js";

/** A hot loop, and behind it a straight line that is interpreted. */
const imageOf = (rounds: number, inLoop: readonly Item[]): Uint8Array =>
  programFile(
    assemble([
      ...li(T0, rounds),
      label("loop"),
      ...inLoop,
      op("addi", { rd: T0, rs1: T0, imm: -1 }),
      to("loop", "bne", { rs1: T0, rs2: 0 }),
      ...Array.from({ length: 40 }, (_, i) => op("addi", { rd: T0, rs1: T0, imm: i })),
      ...exit(0),
    ]).bytes,
  );

/** Pcs of all instructions, as batches tell them. */
async function batched(
  translate: boolean,
  image: Uint8Array,
  capacity: number,
  also: (instructions: InstructionEvents) => void,
): Promise<readonly number[]> {
  const recorded = createRecorded({ path: "loop", image, machine: { translate, translateAfter: 1 } });
  const pcs: number[] = [];
  await attach(
    recorded,
    plugin("batches", {
      requires: { machine: machineContract },
      install({ machine: { instructions } }) {
        also(instructions);
        instructions.executed.batch(
          (batch) => {
            expect(batch.length).toBeLessThanOrEqual(capacity);
            for (let i = 0; i < batch.length; i++) pcs.push(batch.instruction(i).pc);
          },
          { capacity },
        );
      },
    }),
  );
  while (recorded.machine.exit === undefined) recorded.machine.runSlice(512);
  return pcs;
}

async function sameBothWays(
  image: Uint8Array,
  capacity: number,
  also: (instructions: InstructionEvents) => void,
): Promise<void> {
  expect(await batched(true, image, capacity, also)).toEqual(await batched(false, image, capacity, also));
}

/** So many that the region leaves the ring in every state. */
const ROUNDS = [600, 601, 602, 603, 604, 605];
const CAPACITIES = [8, 9, 10, 11, 12, 13];

describe("a ring is never written to past its end", () => {
  // The interpreter drains a ring that it has made full, and never one that it finds full.
  test.each(ROUNDS)("when a region leaves for the interpreter after %i rounds", async (rounds) => {
    await sameBothWays(imageOf(rounds, []), 10, () => {});
  });

  // That the ring is looked at at the beginning of a block was forgotten where a callback comes before its first
  // record. Each round enters a region anew. Skipped until `allocate` has a block's rings live at its beginning.
  test.each(CAPACITIES)("when a callback comes before its first record, capacity %i", async (capacity) => {
    const image = imageOf(300, syscall("getpid"));
    await sameBothWays(image, capacity, ({ executed }) => void executed.register(() => {}));
  });
});
