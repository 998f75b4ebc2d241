import type { Arithmetic } from "../../softfloat/arithmetic.js";
import type { BitsType } from "../../softfloat/format.js";
import { type Expr, type I64, i32, i64, type Operand } from "../../wasm/expr.js";
import type { Func } from "../../wasm/func.js";
import type { Emitter } from "./emitter.js";
import type { OperandKind } from "./instruction.js";
import { type Row, rowsOf, type WriteRow } from "./row.js";

// Unprivileged manual, "F" and "D" Standard Extensions: both have the same instructions, one for each width.

type WithMode<T extends BitsType, P extends readonly BitsType[]> = Func<readonly [...P, "i32"], T>;

type Binary<T extends BitsType> = (a: Operand<T>, b: Operand<T>) => Expr<T>;

/** How the instructions of a format differ from those of another. */
export interface Format<T extends BitsType> {
  readonly extension: "F" | "D";
  /** "s" or "d": the end of the mnemonics. */
  readonly suffix: string;
  /** The field fmt of the encodings. */
  readonly fmt: string;
  readonly bytes: 4 | 8;
  /** Field funct3 of loads and stores. */
  readonly width: string;
  readonly ops: { readonly and: Binary<T>; readonly or: Binary<T>; readonly xor: Binary<T> };
  /** The bit of the sign. */
  readonly sign: bigint;
  readonly arithmetic: Arithmetic<T>;
  /** The number in a register. */
  readonly unbox: (e: Emitter, register: I64) => Expr<T>;
  /** What a register holds for a number. */
  readonly box: (value: Expr<T>) => I64;
}

const FUSED: readonly OperandKind[] = ["fd", "fs1", "fs2", "fs3", "rm"];
const BINARY: readonly OperandKind[] = ["fd", "fs1", "fs2"];

/** The singles that a register holds are NaN-boxed: all ones above. */
const BOX = 0xffffffff00000000n;
const CANONICAL_NAN = 0x7fc00000;

/** The single in a register; the canonical NaN if it is not NaN-boxed (manual, "NaN Boxing of Narrower Values"). */
export function unboxSingle(e: Emitter, register: I64): Expr<"i32"> {
  const known = e.knownSingle(register);
  if (known !== undefined) return known;
  const bits = e.let(register);
  return i32.select(i64.ge_u(bits, BOX), i32.wrap_i64(bits), CANONICAL_NAN);
}

/** NaN-boxes a single. */
export function boxSingle(bits: Expr<"i32">): I64 {
  return i64.or(i64.extend_i32_u(bits), BOX);
}

/** The rows that both formats have. */
export function floatRows<T extends BitsType>(format: Format<T>): readonly Row[] {
  const { suffix, fmt, bytes, width, ops, sign, arithmetic, unbox, box } = format;
  const row: WriteRow = rowsOf(format.extension);
  const memory = { bytes, signed: false } as const;

  const flip = (value: Expr<T>): Expr<T> => ops.xor(value, sign);
  const same = (value: Expr<T>): Expr<T> => value;

  const fused = (name: string, opcode: string, product: typeof flip, addend: typeof flip): Row =>
    row(`${name}.${suffix}`, `rs3 ${fmt} rs2 rs1 rm rd ${opcode}`, FUSED, (e) => {
      const mode = e.roundingMode();
      const a = product(unbox(e, e.fs1));
      const b = unbox(e, e.fs2);
      const c = addend(unbox(e, e.fs3));
      e.setFd(box(e.call(arithmetic.fma, a, b, c, mode)));
    });

  const binary = (name: string, funct5: string, operation: WithMode<T, [T, T]>): Row =>
    row(`${name}.${suffix}`, `${funct5} ${fmt} rs2 rs1 rm rd 1010011`, [...BINARY, "rm"], (e) => {
      const mode = e.roundingMode();
      e.setFd(box(e.call(operation, unbox(e, e.fs1), unbox(e, e.fs2), mode)));
    });

  const injectSign = (name: string, funct3: string, signOf: (a: Expr<T>, b: Expr<T>) => Expr<T>): Row =>
    row(`${name}.${suffix}`, `00100 ${fmt} rs2 rs1 ${funct3} rd 1010011`, BINARY, (e) => {
      const a = unbox(e, e.fs1);
      const b = unbox(e, e.fs2);
      e.setFd(box(ops.or(ops.and(a, ~sign), ops.and(signOf(a, b), sign))));
    });

  const choose = (name: string, funct3: string, operation: Func<readonly [T, T], T>): Row =>
    row(`${name}.${suffix}`, `00101 ${fmt} rs2 rs1 ${funct3} rd 1010011`, BINARY, (e) =>
      e.setFd(box(e.call(operation, unbox(e, e.fs1), unbox(e, e.fs2)))),
    );

  const compare = (name: string, funct3: string, operation: Func<readonly [T, T], "i32">): Row =>
    row(`${name}.${suffix}`, `10100 ${fmt} rs2 rs1 ${funct3} rd 1010011`, ["rd", "fs1", "fs2"], (e) =>
      e.setRd(i64.extend_i32_u(e.call(operation, unbox(e, e.fs1), unbox(e, e.fs2)))),
    );

  const toInteger = (type: string, code: string, operation: WithMode<"i64", [T]>): Row =>
    row(`fcvt.${type}.${suffix}`, `11000 ${fmt} ${code} rs1 rm rd 1010011`, ["rd", "fs1", "rm"], (e) => {
      const mode = e.roundingMode();
      e.setRd(e.call(operation, unbox(e, e.fs1), mode));
    });

  const fromInteger = (type: string, code: string, operation: WithMode<T, ["i64"]>): Row => {
    // A double holds every 32-bit integer, so assemblers leave the mode out and mean 0.
    const exact = bytes === 8 && !type.startsWith("l");
    const mode = exact ? "rmUnlessZero" : "rm";
    return row(
      `fcvt.${suffix}.${type}`,
      `11010 ${fmt} ${code} rs1 rm rd 1010011`,
      ["fd", "rs1", mode],
      (e) => {
        const mode = e.roundingMode();
        e.setFd(box(e.call(operation, e.rs1, mode)));
      },
    );
  };

  const letter = bytes === 4 ? "w" : "d";
  return [
    row(
      `fl${letter}`,
      `imm[11:0] rs1 ${width} rd 0000111`,
      ["fd", "loadAddress"],
      (e) => {
        const bits = e.readMemory(bytes, false, i64.add(e.rs1, e.imm));
        e.setFd(bytes === 4 ? i64.or(bits, BOX) : bits);
      },
      { memory: { ...memory, load: true, store: false } },
    ),
    row(
      `fs${letter}`,
      `imm[11:5] rs2 rs1 ${width} imm[4:0] 0100111`,
      ["fs2", "storeAddress"],
      (e) => e.writeMemory(bytes, i64.add(e.rs1, e.imm), e.fs2),
      { memory: { ...memory, load: false, store: true } },
    ),

    fused("fmadd", "1000011", same, same),
    fused("fmsub", "1000111", same, flip),
    fused("fnmsub", "1001011", flip, same),
    fused("fnmadd", "1001111", flip, flip),

    binary("fadd", "00000", arithmetic.add),
    binary("fsub", "00001", arithmetic.sub),
    binary("fmul", "00010", arithmetic.mul),
    binary("fdiv", "00011", arithmetic.div),
    row(`fsqrt.${suffix}`, `01011 ${fmt} 00000 rs1 rm rd 1010011`, ["fd", "fs1", "rm"], (e) => {
      const mode = e.roundingMode();
      e.setFd(box(e.call(arithmetic.sqrt, unbox(e, e.fs1), mode)));
    }),

    injectSign("fsgnj", "000", (_a, b) => b),
    injectSign("fsgnjn", "001", (_a, b) => flip(b)),
    injectSign("fsgnjx", "010", ops.xor),
    choose("fmin", "000", arithmetic.min),
    choose("fmax", "001", arithmetic.max),

    compare("feq", "010", arithmetic.eq),
    compare("flt", "001", arithmetic.lt),
    compare("fle", "000", arithmetic.le),
    row(`fclass.${suffix}`, `11100 ${fmt} 00000 rs1 001 rd 1010011`, ["rd", "fs1"], (e) =>
      e.setRd(i64.extend_i32_u(e.call(arithmetic.classify, unbox(e, e.fs1)))),
    ),

    toInteger("w", "00000", arithmetic.toI32),
    toInteger("wu", "00001", arithmetic.toU32),
    toInteger("l", "00010", arithmetic.toI64),
    toInteger("lu", "00011", arithmetic.toU64),
    fromInteger("w", "00000", arithmetic.fromI32),
    fromInteger("wu", "00001", arithmetic.fromU32),
    fromInteger("l", "00010", arithmetic.fromI64),
    fromInteger("lu", "00011", arithmetic.fromU64),
  ];
}
