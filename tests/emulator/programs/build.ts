import { FLOAT_REGISTERS, INTEGER_REGISTERS } from "../../../packages/emulator/src/isa/riscv/registers.js";
import { dumpRegisters, F0, FCSR, loadRegisters, X1 } from "../../conformance/program/dump.js";
import { drawOperand } from "../../conformance/program/operands.js";
import { createRandom } from "../../conformance/program/random.js";
import { buildElf } from "../elf/build-elf.js";
import { type Assembled, createAssembly, type Label } from "./assembly.js";
import { pad } from "./calls.js";
import { functionCell, markCell, RA, row, SP, type Whole, wordAddress } from "./context.js";
import {
  BUFFER_ADDRESS,
  BUFFER_SIZE,
  CELLS,
  CODE_ADDRESS,
  DATA_ADDRESS,
  DATA_SIZE,
  LAB,
  READ_ONLY,
  ROUNDS,
  SLOT,
  STACK_FILL,
  STACK_SIZE,
  STACK_TOP,
} from "./layout.js";
import { initialRoles, type Roles, rolesOf } from "./roles.js";
import type { Program } from "./statement.js";
import { labelsOf, slotsOf, writeFunction } from "./write.js";

/** A program as a file, and what is needed to show it. */
export interface Built {
  readonly program: Program;
  readonly elf: Uint8Array;
  readonly code: Uint8Array;
  /** Where functions, statements and the end are. */
  readonly names: ReadonlyMap<number, string>;
  /** What registers hold when the first function is entered, by ABI name. */
  readonly start: ReadonlyMap<string, bigint>;
}

const LINKS = [1, 5] as const;
const [A0, A1, A2, A7] = [10, 11, 12, 17];
const [SYS_WRITE, SYS_EXIT_GROUP] = [64, 94];
const [R, W, X] = [4, 2, 1];

/** Where the first function returns to, and what is behind: registers and memory are written, and all ends. */
function writeFinish({ asm, roles, finish, end }: Whole): void {
  asm.place(finish);
  pad({ asm }, A0);
  dumpRegisters(asm, roles.anchor);
  asm.put(row.addi, { rd: A0, rs1: 0, imm: 1 });
  asm.put(row.lui, { rd: A1, imm: CELLS });
  asm.put(row.lui, { rd: A2, imm: LAB - CELLS });
  asm.put(row.addi, { rd: A7, rs1: 0, imm: SYS_WRITE });
  asm.put(row.ecall, {});
  asm.put(row.addi, { rd: A0, rs1: 0, imm: 0 });
  asm.put(row.addi, { rd: A7, rs1: 0, imm: SYS_EXIT_GROUP });
  asm.put(row.ecall, {});
  asm.place(end);
}

/** Calls the first function so many times, each time with an empty stack. */
function writeStart({ asm, functions, entries, finish }: Whole, rounds: number): void {
  const link = functions[0]?.link ?? RA;
  const top = asm.label();
  asm.place(top);
  asm.put(row.lui, { rd: SP, imm: STACK_TOP });
  asm.jump(link, entries[0] ?? finish);
  pad({ asm }, A0);
  if (rounds < 2) return;
  // Both link registers are free here.
  asm.put(row.lui, { rd: 1, imm: CELLS });
  asm.put(row.ld, { rd: 5, rs1: 1, imm: ROUNDS - CELLS });
  asm.put(row.addi, { rd: 5, rs1: 5, imm: -1 });
  asm.put(row.sd, { rs1: 1, rs2: 5, imm: ROUNDS - CELLS });
  asm.branch(row.blt, { rs1: 0, rs2: 5 }, top);
}

/** Tables of four functions for each link register, at multiples of four words. */
function writeTables(whole: Omit<Whole, "tables">): ReadonlyMap<number, number> {
  const tables = new Map<number, number>();
  for (const link of LINKS) {
    const entries = whole.entries.filter((_, i) => whole.functions[i]?.link === link);
    if (entries.length === 0) continue;
    const indices = Array.from({ length: 4 }, (_, i) =>
      whole.asm.word((place) => BigInt(place(entries[i % entries.length] ?? whole.finish))),
    );
    tables.set(link, indices[0] ?? 0);
  }
  return tables;
}

function dataOf(
  whole: Whole,
  { words, at: place }: Assembled,
  { seed, fcsr, fuel, rounds }: Program,
): DataView {
  const data = new Uint32Array(DATA_SIZE / 4);
  const random = createRandom(seed);
  const word = (address: number): number => (address - DATA_ADDRESS) / 4;
  for (let a = CELLS + 0x1000; a < LAB; a += 8) drawOperand(random, "memory", data, word(a));
  for (let o = X1; o < F0; o += 8) drawOperand(random, "integer", data, word(SLOT + o));
  for (let o = F0; o < FCSR; o += 8) drawOperand(random, "float", data, word(SLOT + o));
  const view = new DataView(data.buffer);
  const put = (address: number, value: number): void =>
    view.setBigUint64(address - DATA_ADDRESS, BigInt(value), true);
  for (const [register, value] of initialRoles(whole.roles, fuel, STACK_TOP))
    put(SLOT + X1 + 8 * (register - 1), value);
  put(SLOT + FCSR, fcsr);
  put(ROUNDS, rounds);
  words.forEach((value, i) => {
    if (wordAddress(i) >= CELLS) throw new RangeError("a program has too many words of data");
    view.setBigUint64(wordAddress(i) - DATA_ADDRESS, value, true);
  });
  for (let cell = 0; cell < 4; cell++) {
    put(markCell(cell), STACK_TOP);
    put(markCell(cell) + 8, place(whole.finish));
    for (const link of LINKS) {
      const table = whole.tables.get(link);
      if (table !== undefined)
        view.setBigUint64(functionCell(link, cell) - DATA_ADDRESS, words[table + cell] ?? 0n, true);
    }
  }
  return view;
}

function startOf(data: DataView): ReadonlyMap<string, bigint> {
  const read = (offset: number): bigint => data.getBigUint64(SLOT + offset - DATA_ADDRESS, true);
  return new Map([
    ...INTEGER_REGISTERS.map((name, i): [string, bigint] => [name, i === 0 ? 0n : read(X1 + 8 * (i - 1))]),
    ...FLOAT_REGISTERS.map((name, i): [string, bigint] => [name, read(F0 + 8 * i)]),
    ["fcsr", read(FCSR)],
  ]);
}

function namesOf(
  { at: place }: Assembled,
  whole: Whole,
  labels: readonly (readonly Label[])[],
): ReadonlyMap<number, string> {
  const names = new Map<number, string>([[place(whole.finish), "finish"]]);
  labels.forEach((list, f) => {
    list.forEach((label, i) => {
      names.set(place(label), `f${f}.${i}`);
    });
  });
  whole.slots.forEach(({ label }, i) => {
    names.set(place(label), `${names.get(place(label)) ?? ""} slot ${i}`);
  });
  whole.entries.forEach((entry, f) => {
    names.set(place(entry), `f${f}`);
  });
  return names;
}

/** Builds a program. When its first function returns it writes registers and memory to standard output, and exits. */
export function build(program: Program): Built {
  const { functions } = program;
  const roles: Roles = rolesOf(program.roles);
  const asm = createAssembly(CODE_ADDRESS);
  const entries = functions.map(asm.label);
  const labels = functions.map((of) => labelsOf(asm.label, of));
  const slots = functions.flatMap((of, i) => [...slotsOf(asm.label, of, labels[i] ?? [])]);
  const bare = {
    asm,
    roles,
    functions,
    entries,
    slots,
    finish: asm.label(),
    end: asm.label(),
    writable: false,
    placedSlots: 0,
  };
  const whole: Whole = { ...bare, tables: writeTables(bare) };
  loadRegisters(asm, roles.anchor, SLOT);
  writeStart(whole, program.rounds);
  writeFinish(whole);
  functions.forEach((_, i) => {
    writeFunction(whole, i, labels[i] ?? []);
  });
  const assembled = asm.finish();
  const data = dataOf(whole, assembled, program);
  const fill = new BigUint64Array(STACK_FILL / 8).fill(BigInt(assembled.at(whole.finish)));
  const elf = buildElf({
    entry: CODE_ADDRESS,
    segments: [
      { address: CODE_ADDRESS, flags: whole.writable ? R | W | X : R | X, bytes: assembled.bytes },
      { address: BUFFER_ADDRESS, flags: R | W | X, bytes: new Uint8Array(8), memorySize: BUFFER_SIZE },
      { address: DATA_ADDRESS, flags: R | W, bytes: new Uint8Array(data.buffer) },
      { address: READ_ONLY, flags: R, bytes: new Uint8Array(4096) },
      { address: STACK_TOP - STACK_SIZE, flags: R | W, bytes: new Uint8Array(8), memorySize: STACK_SIZE },
      { address: STACK_TOP, flags: R | W, bytes: new Uint8Array(fill.buffer) },
    ],
  });
  return {
    program,
    elf,
    code: assembled.bytes,
    names: namesOf(assembled, whole, labels),
    start: startOf(data),
  };
}
