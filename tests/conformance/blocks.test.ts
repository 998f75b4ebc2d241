import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instructionNamed } from "../../packages/emulator/src/isa/riscv/table.js";
import { buildElf } from "../emulator/elf/build-elf.js";
import { peer } from "../peers.js";
import { createWriter } from "./program/assembler.js";
import { buildImage } from "./program/image.js";
import { CODE_ADDRESS } from "./program/layout.js";
import { sequences } from "./program/sequence.js";
import { GUESTS, guest } from "./witness/guests.js";
import type { Guest } from "./witness/machine.js";
import { QEMU, type QemuOptions } from "./witness/qemu.js";
import { type Trace, traceHere, traceQemu } from "./witness/trace.js";

/** First address that only a kernel's choice leads to: where it puts mappings and static PIEs differs. */
const PLACED_BY_KERNEL = 0x4000_0000;

/** Addresses that the kernel chose, relative to the lowest of them. */
function comparable({ pcs }: Trace): readonly number[] {
  const placed = pcs.filter((pc) => pc >= PLACED_BY_KERNEL);
  const lowest = placed.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return pcs.map((pc) => (pc >= PLACED_BY_KERNEL ? PLACED_BY_KERNEL + pc - lowest : pc));
}

/**
 * Holds executed blocks and instructions against QEMU's.
 * @param faulting 1 if the last instruction faults: QEMU's log has it, but it is not executed.
 */
async function sameAsQemu(here: Guest, there: QemuOptions, faulting: 0 | 1 = 0): Promise<void> {
  const ours = await traceHere(here);
  const blocks = await traceQemu("block", there);
  const instructions = await traceQemu("instruction", there);
  expect(ours.code).toBe(blocks.code);
  expect(comparable(ours)).toEqual(comparable(blocks));
  expect(ours.executed).toBe(instructions.pcs.length - faulting);
  expect(ours.counted).toEqual({ blocks: blocks.pcs.length, instructions: instructions.pcs.length });
}

describe.skipIf(!peer(QEMU))(`executed blocks and instructions (needs ${QEMU})`, () => {
  test.each([
    ["count-loop", [], 0],
    ["count-loop", ["a", "b"], 0],
    ["count-calls", [], 0],
    ["exit-code", ["3"], 0],
    ["spawn-signal", [], 0],
    ["unknown-syscall", [], 0],
    ["static-pie", ["x"], 0],
    ["selfmod", [], 0],
    ["segv", [], 1],
    ["segv-exec", [], 0],
    ["illegal", [], 1],
    ["illegal", ["16"], 1],
  ] as const)("%s %j", async (name, args, faulting) => {
    const here = guest(name, args);
    await sameAsQemu(here, { program: here.path, args, cwd: GUESTS }, faulting);
  });

  test("a straight line longer than a block may be", async () => {
    const writer = createWriter(CODE_ADDRESS);
    for (let i = 0; i < 5000; i++) writer.put(instructionNamed("addi"), { rd: 5, rs1: 5, imm: i & 7 });
    writer.put(instructionNamed("addi"), { rd: 17, rs1: 0, imm: 93 });
    writer.put(instructionNamed("ecall"), {});
    const elf = buildElf({ segments: [{ address: CODE_ADDRESS, flags: 5, bytes: writer.finish().bytes }] });
    await sameAsQemu({ path: "line", image: elf }, { program: elf });
  });

  test("random programs", async () => {
    const image = buildImage(fc.sample(sequences(60), { seed: 40, numRuns: 600 }));
    await sameAsQemu({ path: "random", image: image.elf }, { program: image.elf });
  });
});
