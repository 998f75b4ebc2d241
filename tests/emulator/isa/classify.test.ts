import { expect, test } from "vitest";
import { isBranch, isCall, isJump, isReturn } from "../../../packages/emulator/src/isa/riscv/classify.js";
import { decode } from "../../../packages/emulator/src/isa/riscv/decode.js";
import { encode, type Fields } from "../../../packages/emulator/src/isa/riscv/encoding.js";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";

const KINDS = { branch: isBranch, jump: isJump, call: isCall, return: isReturn };

function kindsOf(bits: number): string[] {
  const decoded = decode(bits);
  if (decoded === undefined) throw new Error(`${bits.toString(16)} is illegal`);
  return Object.entries(KINDS).flatMap(([name, is]) => (is(decoded) ? [name] : []));
}

function kinds(name: string, fields: Fields): string[] {
  return kindsOf(encode(instructionNamed(name).encoding, fields));
}

const [ra, t0, a0] = [1, 5, 10];

test.each([
  ["beq", {}, ["branch"]],
  ["addi", { rd: ra, rs1: ra }, []],
  ["ecall", {}, []],
  ["jal", {}, ["jump"]],
  ["jal", { rd: a0 }, ["jump"]],
  ["jal", { rd: ra }, ["jump", "call"]],
  ["jal", { rd: t0 }, ["jump", "call"]],
  ["jalr", { rs1: a0 }, ["jump"]],
  ["jalr", { rs1: ra }, ["jump", "return"]],
  ["jalr", { rs1: t0 }, ["jump", "return"]],
  ["jalr", { rd: a0, rs1: ra }, ["jump", "return"]],
  ["jalr", { rd: ra, rs1: a0 }, ["jump", "call"]],
  ["jalr", { rd: ra, rs1: ra }, ["jump", "call"]],
  ["jalr", { rd: ra, rs1: t0 }, ["jump", "call"]],
] satisfies [string, Fields, string[]][])("%s %o is %o", (name, fields, expected) => {
  expect(kinds(name, fields)).toEqual(expected);
});

test("compressed forms are what their expansions are", () => {
  expect(kindsOf(0x8082)).toEqual(["jump", "return"]);
  expect(kindsOf(0x9502)).toEqual(["jump", "call"]);
  expect(kindsOf(0x8502)).toEqual(["jump"]);
  expect(kindsOf(0xbffd)).toEqual(["jump"]);
  expect(kindsOf(0xfffd)).toEqual(["branch"]);
});
