import { type I32, type I64, i32, i64, type Operand } from "../../wasm/expr.js";
import { type AccessBytes, type Emitter, Exception } from "./emitter.js";
import type { OperandKind } from "./instruction.js";
import { type Row, rowsOf } from "./row.js";

// Unprivileged manual, "RV32I Base Integer Instruction Set" and "RV64I Base Integer Instruction Set".

const row = rowsOf("I");

type Compute = (a: Operand<"i64">, b: Operand<"i64">) => I64;
type Compare = (a: Operand<"i64">, b: Operand<"i64">) => I32;

const REGISTERS: readonly OperandKind[] = ["rd", "rs1", "rs2"];

function register(name: string, funct7: string, funct3: string, compute: Compute): Row {
  return row(name, `${funct7} rs2 rs1 ${funct3} rd 0110011`, REGISTERS, (e) =>
    e.setRd(compute(e.rs1, e.rs2)),
  );
}

function registerWord(name: string, funct7: string, funct3: string, compute: Compute): Row {
  return row(name, `${funct7} rs2 rs1 ${funct3} rd 0111011`, REGISTERS, (e) =>
    e.setRd(compute(e.rs1, e.rs2)),
  );
}

function immediate(name: string, funct3: string, compute: Compute): Row {
  return row(name, `imm[11:0] rs1 ${funct3} rd 0010011`, ["rd", "rs1", "imm12"], (e) =>
    e.setRd(compute(e.rs1, e.imm)),
  );
}

function shift(name: string, funct6: string, funct3: string, compute: Compute): Row {
  return row(name, `${funct6} uimm[5:0] rs1 ${funct3} rd 0010011`, ["rd", "rs1", "shamt6"], (e) =>
    e.setRd(compute(e.rs1, e.imm)),
  );
}

function shiftWord(name: string, funct7: string, funct3: string, compute: Compute): Row {
  return row(name, `${funct7} uimm[4:0] rs1 ${funct3} rd 0011011`, ["rd", "rs1", "shamt5"], (e) =>
    e.setRd(compute(e.rs1, e.imm)),
  );
}

function load(name: string, funct3: string, bytes: AccessBytes, signed: boolean): Row {
  return row(
    name,
    `imm[11:0] rs1 ${funct3} rd 0000011`,
    ["rd", "loadAddress"],
    (e) => e.setRd(e.readMemory(bytes, signed, i64.add(e.rs1, e.imm))),
    { memory: { bytes, signed, load: true, store: false } },
  );
}

function store(name: string, funct3: string, bytes: AccessBytes): Row {
  return row(
    name,
    `imm[11:5] rs2 rs1 ${funct3} imm[4:0] 0100011`,
    ["rs2", "storeAddress"],
    (e) => e.writeMemory(bytes, i64.add(e.rs1, e.imm), e.rs2),
    { memory: { bytes, signed: false, load: false, store: true } },
  );
}

function branch(name: string, funct3: string, compare: Compare): Row {
  return row(
    name,
    `imm[12|10:5] rs2 rs1 ${funct3} imm[4:1|11] 1100011`,
    ["rs1", "rs2", "branchTarget"],
    (e) => e.branch(compare(e.rs1, e.rs2)),
    { flow: "branch" },
  );
}

const setIf =
  (compare: Compare): Compute =>
  (a, b) =>
    i64.extend_i32_u(compare(a, b));

/** Low 32 bits of the result, sign-extended. */
const word =
  (compute: Compute): Compute =>
  (a, b) =>
    i64.extend32_s(compute(a, b));

/** Shifts the low 32 bits; WebAssembly takes the amount modulo 32, as RISC-V does. */
const wordShift =
  (compute: (a: Operand<"i32">, b: Operand<"i32">) => I32): Compute =>
  (a, b) =>
    i64.extend_i32_s(compute(i32.wrap_i64(a), i32.wrap_i64(b)));

const nothing = (): void => {};

function linkAndJumpTo(e: Emitter): void {
  // rd may be rs1: the target comes first.
  const target = e.let(i64.and(i64.add(e.rs1, e.imm), -2));
  e.setRd(e.next);
  e.jumpIndirect(target);
}

/** The base integer instructions. */
export const rv64i: readonly Row[] = [
  row("lui", "imm[31:12] rd 0110111", ["rd", "upper20"], (e) => e.setRd(e.imm)),
  row("auipc", "imm[31:12] rd 0010111", ["rd", "upper20"], (e) => e.setRd(i64.add(e.pc, e.imm))),
  row(
    "jal",
    "imm[20|10:1|11|19:12] rd 1101111",
    ["rd", "jumpTarget"],
    (e) => {
      e.setRd(e.next);
      e.jump();
    },
    { flow: "jump" },
  ),
  row("jalr", "imm[11:0] rs1 000 rd 1100111", ["rd", "loadAddress"], linkAndJumpTo, {
    flow: "jump-indirect",
  }),

  branch("beq", "000", i64.eq),
  branch("bne", "001", i64.ne),
  branch("blt", "100", i64.lt_s),
  branch("bge", "101", i64.ge_s),
  branch("bltu", "110", i64.lt_u),
  branch("bgeu", "111", i64.ge_u),

  load("lb", "000", 1, true),
  load("lh", "001", 2, true),
  load("lw", "010", 4, true),
  load("ld", "011", 8, true),
  load("lbu", "100", 1, false),
  load("lhu", "101", 2, false),
  load("lwu", "110", 4, false),
  store("sb", "000", 1),
  store("sh", "001", 2),
  store("sw", "010", 4),
  store("sd", "011", 8),

  immediate("addi", "000", i64.add),
  immediate("slti", "010", setIf(i64.lt_s)),
  immediate("sltiu", "011", setIf(i64.lt_u)),
  immediate("xori", "100", i64.xor),
  immediate("ori", "110", i64.or),
  immediate("andi", "111", i64.and),
  shift("slli", "000000", "001", i64.shl),
  shift("srli", "000000", "101", i64.shr_u),
  shift("srai", "010000", "101", i64.shr_s),

  register("add", "0000000", "000", i64.add),
  register("sub", "0100000", "000", i64.sub),
  register("sll", "0000000", "001", i64.shl),
  register("slt", "0000000", "010", setIf(i64.lt_s)),
  register("sltu", "0000000", "011", setIf(i64.lt_u)),
  register("xor", "0000000", "100", i64.xor),
  register("srl", "0000000", "101", i64.shr_u),
  register("sra", "0100000", "101", i64.shr_s),
  register("or", "0000000", "110", i64.or),
  register("and", "0000000", "111", i64.and),

  row("addiw", "imm[11:0] rs1 000 rd 0011011", ["rd", "rs1", "imm12"], (e) =>
    e.setRd(i64.extend32_s(i64.add(e.rs1, e.imm))),
  ),
  shiftWord("slliw", "0000000", "001", wordShift(i32.shl)),
  shiftWord("srliw", "0000000", "101", wordShift(i32.shr_u)),
  shiftWord("sraiw", "0100000", "101", wordShift(i32.shr_s)),
  registerWord("addw", "0000000", "000", word(i64.add)),
  registerWord("subw", "0100000", "000", word(i64.sub)),
  registerWord("sllw", "0000000", "001", wordShift(i32.shl)),
  registerWord("srlw", "0000000", "101", wordShift(i32.shr_u)),
  registerWord("sraw", "0100000", "101", wordShift(i32.shr_s)),

  // Every access of a hart is in order here, so a fence has nothing to do. Its fields fm, rs1 and rd are
  // reserved, and ignored as the manual asks.
  row("fence.tso", "1000 0011 0011 00000 000 00000 0001111", [], nothing),
  row("fence", "---- pred succ ----- 000 ----- 0001111", ["fence"], nothing),
  row("ecall", "000000000000 00000 000 00000 1110011", [], (e) => e.raise(Exception.ECALL), {
    flow: "system",
  }),
  row("ebreak", "000000000001 00000 000 00000 1110011", [], (e) => e.raise(Exception.BREAKPOINT), {
    flow: "system",
  }),
];
