import type { BlockInstruction } from "../interpreter/plan.js";
import { decode } from "../isa/riscv/decode.js";
import { disassemble } from "../isa/riscv/disassemble.js";
import { type Encoding, encode, type Field } from "../isa/riscv/encoding.js";
import { EVERY_EXTENSION } from "../isa/riscv/extensions.js";
import type { OperandKind } from "../isa/riscv/instruction.js";
import { csrName, FLOAT_REGISTERS, INTEGER_REGISTERS } from "../isa/riscv/registers.js";
import { compressedInstructions } from "../isa/riscv/rvc.js";
import { instructions } from "../isa/riscv/table.js";

type FieldValues = Partial<Record<Field, number>>;

const ROUNDING_MODES: readonly string[] = ["rne", "rtz", "rdn", "rup", "rmm", "", "", "dyn"];
const DYNAMIC = 7;

const rows = new Map<string, { readonly encoding: Encoding; readonly operands: readonly OperandKind[] }>(
  [...instructions, ...compressedInstructions].map((row) => [row.name, row]),
);

/**
 * The instruction that a disassembler writes so: `addi sp,sp,-16`, `c.ld a0,8(s0)`, `beq a0,a1,0x10040`.
 *
 * @param pc where it stands, for the targets of branches
 * @throws SyntaxError for what `objdump -M no-aliases` would not write
 */
export function assembleLine(text: string, pc: number): BlockInstruction {
  const wrong = (): SyntaxError =>
    new SyntaxError(
      `"${text}" is no instruction as objdump -M no-aliases writes it, such as "addi a0,a0,1"; aliases are not known`,
    );
  const [mnemonic = "", list = ""] = text.split(" ");
  const [, name = mnemonic, aq, rl] = /^(\w+\.[wd])\.(aq)?(rl)?$/.exec(mnemonic) ?? [];
  const row = rows.get(name);
  if (row === undefined) throw wrong();
  const fields: FieldValues = { aq: aq ? 1 : 0, rl: rl ? 1 : 0 };
  const operands = list === "" ? [] : list.split(",");
  for (const kind of row.operands) {
    if (kind === "fence") {
      fields.pred = fenceSet(operands.shift());
      fields.succ = fenceSet(operands.shift());
    } else setField(fields, kind, operands.shift(), pc);
  }
  const bits = encode(row.encoding, fields);
  if (disassemble(bits, pc, { extensions: EVERY_EXTENSION }) !== text) throw wrong();
  return { pc, bits, length: name.startsWith("c.") ? 2 : 4, decoded: decode(bits, EVERY_EXTENSION) };
}

function setField(fields: FieldValues, kind: OperandKind, operand: string | undefined, pc: number): void {
  const text = operand ?? "";
  switch (kind) {
    case "rd":
    case "rs1":
    case "rs2":
      fields[kind] = INTEGER_REGISTERS.indexOf(text);
      break;
    case "fd":
      fields.rd = FLOAT_REGISTERS.indexOf(text);
      break;
    case "fs1":
      fields.rs1 = FLOAT_REGISTERS.indexOf(text);
      break;
    case "fs2":
      fields.rs2 = FLOAT_REGISTERS.indexOf(text);
      break;
    case "fs3":
      fields.rs3 = FLOAT_REGISTERS.indexOf(text);
      break;
    case "rm":
      fields.rm = operand === undefined ? DYNAMIC : ROUNDING_MODES.indexOf(text);
      break;
    case "rmUnlessZero":
      fields.rm = operand === undefined ? 0 : ROUNDING_MODES.indexOf(text);
      break;
    case "imm12":
    case "shamt6":
    case "shamt5":
      fields.imm = Number(text);
      break;
    case "uimm5":
      fields.rs1 = Number(text);
      break;
    case "upper20":
      fields.imm = Number(text) << 12;
      break;
    case "csr":
      fields.imm = Array.from({ length: 4096 }, (_, number) => csrName(number)).indexOf(text);
      break;
    case "branchTarget":
    case "jumpTarget":
      fields.imm = Number(text) - pc;
      break;
    case "loadAddress":
    case "storeAddress":
    case "atomicAddress": {
      const [, offset = "", register = ""] = /^(-?\d*)\((\w+)\)$/.exec(text) ?? [];
      fields.imm = Number(offset);
      fields.rs1 = INTEGER_REGISTERS.indexOf(register);
      break;
    }
    case "fence":
      break;
  }
}

function fenceSet(letters = ""): number {
  return [..."iorw"].reduce((set, letter, i) => set + (letters.includes(letter) ? 8 >> i : 0), 0);
}
