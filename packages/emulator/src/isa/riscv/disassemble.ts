import { type Alias, aliases } from "./aliases.js";
import { decode, instructionLength } from "./decode.js";
import { extract, type Field } from "./encoding.js";
import { type Extensions, RV64GC } from "./extensions.js";
import type { Decoded, OperandKind } from "./instruction.js";
import { csrName, FLOAT_REGISTERS, INTEGER_REGISTERS } from "./registers.js";

/** How to write instructions. */
export interface DisassemblyOptions {
  /** Write `ret`, `li`, `mv` and so on, as objdump does by default. */
  readonly aliases?: boolean;
  /** What the processor has beyond RV64GC: other bits are no instruction. Nothing unless told. */
  readonly extensions?: Extensions;
}

const ROUNDING_MODES: readonly string[] = ["rne", "rtz", "rdn", "rup", "rmm", "unknown", "unknown", "dyn"];
const DYNAMIC = 7;

/**
 * Text of an instruction at address `pc`, as `riscv64-linux-gnu-objdump -d -M no-aliases` (binutils 2.40) writes
 * it, with one space after the mnemonic and without symbols and comments. Bits that are no instruction give
 * `.2byte` or `.4byte`. What objdump 2.40 does not know though it is legal (a fence with reserved fields,
 * `fcvt.d.w` with a rounding mode) is written out.
 *
 * ```ts
 * disassemble(0x00008067, 0x10000);                    // "jalr zero,0(ra)"
 * disassemble(0x00008067, 0x10000, { aliases: true }); // "ret"
 * ```
 */
export function disassemble(code: Decoded | number, pc: number, options: DisassemblyOptions = {}): string {
  const decoded = typeof code === "number" ? decode(code, options.extensions ?? RV64GC) : code;
  if (decoded === undefined) return data(code as number, options);
  const alias = options.aliases ? findAlias(decoded) : undefined;
  const mnemonic = alias?.name ?? ownName(decoded);
  const operands = alias?.operands ?? decoded.compressed?.operands ?? decoded.instruction.operands;
  const text = operands.map((kind) => operandText(kind, decoded, pc)).filter((operand) => operand !== "");
  return text.length === 0 ? mnemonic : `${mnemonic} ${text.join(",")}`;
}

function data(bits: number, { aliases }: DisassemblyOptions): string {
  if (instructionLength(bits) === 4) return `.4byte 0x${(bits >>> 0).toString(16)}`;
  const low = bits & 0xffff;
  if (low === 0) return aliases ? "unimp" : "c.unimp";
  return `.2byte 0x${low.toString(16)}`;
}

function ownName({ instruction, compressed, bits }: Decoded): string {
  if (compressed !== undefined) return compressed.name;
  const field = (name: Field): number => extract(instruction.encoding, name, bits);
  if (instruction.extension !== "A") return instruction.name;
  const order = `${field("aq") ? "aq" : ""}${field("rl") ? "rl" : ""}`;
  return order === "" ? instruction.name : `${instruction.name}.${order}`;
}

const WITHOUT_EXPANSION_NAME: ReadonlySet<string> = new Set(["c.slli64", "c.srli64", "c.srai64"]);
const HINT_WITHOUT_RD: ReadonlySet<string> = new Set(["c.li", "c.lui", "c.slli", "c.mv", "c.add"]);

function findAlias(d: Decoded): Alias | undefined {
  const { instruction, compressed } = d;
  const first = (name: string): Alias | undefined => aliases.get(name)?.find((a) => a.applies(d));
  if (compressed === undefined) return first(instruction.name);
  const { name } = compressed;
  if (WITHOUT_EXPANSION_NAME.has(name) || (d.rd === 0 && HINT_WITHOUT_RD.has(name))) return undefined;
  const asExpansion: Alias = {
    name: instruction.name,
    operands: instruction.operands,
    applies: () => true,
  };
  return first(name) ?? first(instruction.name) ?? asExpansion;
}

function operandText(kind: OperandKind, d: Decoded, pc: number): string {
  switch (kind) {
    case "rd":
      return integer(d.rd);
    case "rs1":
      return integer(d.rs1);
    case "rs2":
      return integer(d.rs2);
    case "fd":
      return float(d.rd);
    case "fs1":
      return float(d.rs1);
    case "fs2":
      return float(d.rs2);
    case "fs3":
      return float(d.rs3);
    case "rm":
      return d.rm === DYNAMIC ? "" : roundingMode(d.rm);
    case "rmUnlessZero":
      return d.rm === 0 ? "" : roundingMode(d.rm);
    case "imm12":
      return String(d.imm);
    case "upper20":
      return `0x${(d.imm >>> 12).toString(16)}`;
    case "shamt6":
    case "shamt5":
      return `0x${d.imm.toString(16)}`;
    case "uimm5":
      return String(d.rs1);
    case "csr":
      return csrName(d.imm);
    case "branchTarget":
    case "jumpTarget":
      return `0x${BigInt.asUintN(64, BigInt(pc + d.imm)).toString(16)}`;
    case "loadAddress":
    case "storeAddress":
      return `${d.imm}(${integer(d.rs1)})`;
    case "atomicAddress":
      return `(${integer(d.rs1)})`;
    case "fence":
      return `${fenceSet("pred", d)},${fenceSet("succ", d)}`;
  }
}

// The fields of a register and of a rounding mode cannot be out of range.
const integer = (register: number): string => INTEGER_REGISTERS[register] ?? "";
const float = (register: number): string => FLOAT_REGISTERS[register] ?? "";
const roundingMode = (mode: number): string => ROUNDING_MODES[mode] ?? "";

function fenceSet(field: "pred" | "succ", { instruction, bits }: Decoded): string {
  const set = extract(instruction.encoding, field, bits);
  const letters = [..."iorw"].filter((_, i) => set & (8 >> i)).join("");
  return letters === "" ? "unknown" : letters;
}
