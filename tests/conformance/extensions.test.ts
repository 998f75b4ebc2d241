import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode } from "../../packages/emulator/src/isa/riscv/encoding.js";
import { OPTIONAL_EXTENSIONS } from "../../packages/emulator/src/isa/riscv/extensions.js";
import { INTEGER_REGISTERS } from "../../packages/emulator/src/isa/riscv/registers.js";
import { instructionNamed, instructions } from "../../packages/emulator/src/isa/riscv/table.js";
import { buildElf } from "../emulator/elf/build-elf.js";
import { createWriter } from "./program/assembler.js";
import { plain } from "./program/atoms.js";
import { DUMP_SIZE, nameInDump } from "./program/dump.js";
import { buildImage, type Image, initialRegisters } from "./program/image.js";
import { CODE_ADDRESS } from "./program/layout.js";
import { operands, sequencesOf } from "./program/sequence.js";
import { createRecorded, INTERPRETED, TRANSLATED } from "./witness/machine.js";

const WAYS = [
  { way: "interpreted", machine: INTERPRETED },
  { way: "translated", machine: TRANSLATED },
] as const;

describe.each(WAYS)("what RV64GC does not have, $way", ({ machine }) => {
  const one = OPTIONAL_EXTENSIONS.flatMap((name) => instructions.find((i) => i.extension === name) ?? []);

  test.each(one)("$name is illegal, and an instruction once $extension is asked for", (row) => {
    const writer = createWriter(CODE_ADDRESS);
    writer.put(row, { rd: 5, rs1: 6, rs2: 7 });
    writer.put(instructionNamed("addi"), { rd: 17, imm: 93 });
    writer.put(instructionNamed("ecall"), {});
    const image = buildElf({ segments: [{ address: CODE_ADDRESS, flags: 5, bytes: writer.finish().bytes }] });
    const guest = { path: "extension", image };

    const others = OPTIONAL_EXTENSIONS.filter((name) => name !== row.extension);
    for (const extensions of [undefined, [], others]) {
      const without = createRecorded({ ...guest, machine: { ...machine, extensions } });
      expect(without.machine.run()).toMatchObject({ signal: "SIGILL" });
      const bits = encode(row.encoding, { rd: 5, rs1: 6, rs2: 7 });
      expect(without.reports.join("\n")).toContain(`.4byte 0x${bits.toString(16)}`);
    }
    const asked = OPTIONAL_EXTENSIONS.filter((name) => name === row.extension);
    const withIt = createRecorded({ ...guest, machine: { ...machine, extensions: asked } });
    expect(withIt.machine.run()).toMatchObject({ code: 0, signal: undefined });
  });
});

/** Instructions of Zicond one after the other, as the manual has them. */
function afterwards(image: Image, executed: readonly Executed[]): ReadonlyMap<string, bigint> {
  const [placed] = image.placed;
  if (placed === undefined) throw new Error("the image has no sequence");
  const registers = new Map(initialRegisters(image, placed));
  const value = (register: number): bigint => registers.get(INTEGER_REGISTERS[register] ?? "") ?? 0n;
  for (const { name, rd, rs1, rs2 } of executed) {
    const zero = (value(rs2) === 0n) === (name === "czero.eqz");
    const result = zero ? 0n : value(rs1);
    if (rd !== 0) registers.set(INTEGER_REGISTERS[rd] ?? "", result);
  }
  return registers;
}

interface Executed {
  readonly name: string;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
}

/** QEMU 7.2 does not know them. */
describe.each(WAYS)("Zicond against a model, $way", ({ machine }) => {
  test("random sequences leave the same registers", () => {
    const executed: Executed[] = [];
    const drawn = fc.tuple(fc.constantFrom("czero.eqz", "czero.nez"), operands).map(([name, values]) => ({
      emit(asm: Parameters<ReturnType<typeof plain>["emit"]>[0]) {
        plain(instructionNamed(name), values).emit(asm);
        executed.push({ ...values, name, rd: asm.free(values.rd) });
      },
    }));
    const arbitrary = sequencesOf(fc.array(drawn, { minLength: 1, maxLength: 40, size: "max" }));
    fc.assert(
      fc.property(arbitrary, (sequence) => {
        executed.length = 0;
        const image = buildImage([{ ...sequence, repeat: 1 }]);
        // Atoms are written twice: to find out where they are, and where they belong.
        const expected = afterwards(image, executed.slice(executed.length / 2));
        const ours = createRecorded({
          path: "zicond",
          image: image.elf,
          machine: { ...machine, extensions: ["Zicond"] },
        });
        ours.machine.run();
        const { stdout } = ours.observed();
        const view = new DataView(stdout.buffer, stdout.byteOffset);
        for (let at = 0; at < DUMP_SIZE; at += 8) {
          const [, number] = /^x(\d+)$/.exec(nameInDump(at)) ?? [];
          if (number === undefined) continue;
          expect(view.getBigUint64(at, true)).toBe(expected.get(INTEGER_REGISTERS[Number(number)] ?? ""));
        }
      }),
      { numRuns: 8 },
    );
  });
});
