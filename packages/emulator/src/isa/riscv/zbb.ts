import { type I32, type I64, i32, i64, type Operand } from "../../wasm/expr.js";
import { type Func, func } from "../../wasm/func.js";
import { type Row, rowsOf } from "./row.js";

// Unprivileged manual, "Zbb: Extension for Basic Bit-Manipulation".

const row = rowsOf("Zbb");

type Compute = (a: I64, b: I64) => I64;

function register(name: string, funct7: string, funct3: string, compute: Compute): Row {
  return row(name, `${funct7} rs2 rs1 ${funct3} rd 0110011`, ["rd", "rs1", "rs2"], (e) =>
    e.setRd(compute(e.rs1, e.rs2)),
  );
}

function unary(name: string, pattern: string, compute: (x: I64) => I64): Row {
  return row(name, pattern, ["rd", "rs1"], (e) => e.setRd(compute(e.rs1)));
}

/** The one of two values for which the comparison holds. */
function choose(name: string, funct3: string, first: (a: Operand<"i64">, b: Operand<"i64">) => I32): Row {
  return row(name, `0000101 rs2 rs1 ${funct3} rd 0110011`, ["rd", "rs1", "rs2"], (e) => {
    const a = e.let(e.rs1);
    const b = e.let(e.rs2);
    e.setRd(i64.select(first(a, b), a, b));
  });
}

const not = (x: I64): I64 => i64.xor(x, -1);

/** What a WebAssembly instruction makes of the low words; sign-extended, which counts of bits do not notice. */
const word =
  (compute: (a: I32, b: I32) => I32): Compute =>
  (a, b) =>
    i64.extend_i32_s(compute(i32.wrap_i64(a), i32.wrap_i64(b)));
const unaryWord =
  (compute: (x: I32) => I32) =>
  (x: I64): I64 =>
    i64.extend_i32_s(compute(i32.wrap_i64(x)));

/** The eight bytes in opposite order: the words, then the halves of words, then the bytes of halves. */
const reverseBytes: Func<readonly ["i64"], "i64"> = func("reverseBytes", ["i64"], "i64", (b, [x]) => {
  const swapped = (value: I64, distance: number, low: bigint): I64 =>
    i64.or(i64.and(i64.shr_u(value, distance), low), i64.shl(i64.and(value, low), distance));
  const words = b.let(i64.rotl(x, 32));
  const halves = b.let(swapped(words, 16, 0x0000_ffff_0000_ffffn));
  b.return(swapped(halves, 8, 0x00ff_00ff_00ff_00ffn));
});

const SEVEN_BITS = 0x7f7f_7f7f_7f7f_7f7fn;
const LOWEST_BITS = 0x0101_0101_0101_0101n;

/** All ones in the place of each byte that is not zero. */
const combineBytes: Func<readonly ["i64"], "i64"> = func("combineBytes", ["i64"], "i64", (b, [x]) => {
  // Adding 127 to seven bits carries into the eighth if any of them is set, and never out of the byte.
  const highest = i64.or(i64.add(i64.and(x, SEVEN_BITS), SEVEN_BITS), x);
  b.return(i64.mul(i64.and(i64.shr_u(highest, 7), LOWEST_BITS), 0xff));
});

/** Logic with a complement, counts, minimum and maximum, extensions, rotations, and what is done byte by byte. */
export const zbb: readonly Row[] = [
  register("andn", "0100000", "111", (a, b) => i64.and(a, not(b))),
  register("orn", "0100000", "110", (a, b) => i64.or(a, not(b))),
  register("xnor", "0100000", "100", (a, b) => not(i64.xor(a, b))),

  unary("clz", "0110000 00000 rs1 001 rd 0010011", i64.clz),
  unary("ctz", "0110000 00001 rs1 001 rd 0010011", i64.ctz),
  unary("cpop", "0110000 00010 rs1 001 rd 0010011", i64.popcnt),
  unary("clzw", "0110000 00000 rs1 001 rd 0011011", unaryWord(i32.clz)),
  unary("ctzw", "0110000 00001 rs1 001 rd 0011011", unaryWord(i32.ctz)),
  unary("cpopw", "0110000 00010 rs1 001 rd 0011011", unaryWord(i32.popcnt)),

  choose("min", "100", i64.lt_s),
  choose("minu", "101", i64.lt_u),
  choose("max", "110", i64.gt_s),
  choose("maxu", "111", i64.gt_u),

  unary("sext.b", "0110000 00100 rs1 001 rd 0010011", i64.extend8_s),
  unary("sext.h", "0110000 00101 rs1 001 rd 0010011", i64.extend16_s),
  unary("zext.h", "0000100 00000 rs1 100 rd 0111011", (x) => i64.and(x, 0xffff)),

  register("rol", "0110000", "001", i64.rotl),
  register("ror", "0110000", "101", i64.rotr),
  row("rori", "011000 uimm[5:0] rs1 101 rd 0010011", ["rd", "rs1", "shamt6"], (e) =>
    e.setRd(i64.rotr(e.rs1, e.imm)),
  ),
  row("rolw", "0110000 rs2 rs1 001 rd 0111011", ["rd", "rs1", "rs2"], (e) =>
    e.setRd(word(i32.rotl)(e.rs1, e.rs2)),
  ),
  row("rorw", "0110000 rs2 rs1 101 rd 0111011", ["rd", "rs1", "rs2"], (e) =>
    e.setRd(word(i32.rotr)(e.rs1, e.rs2)),
  ),
  row("roriw", "0110000 uimm[4:0] rs1 101 rd 0011011", ["rd", "rs1", "shamt5"], (e) =>
    e.setRd(word(i32.rotr)(e.rs1, e.imm)),
  ),

  row("orc.b", "001010000111 rs1 101 rd 0010011", ["rd", "rs1"], (e) => e.setRd(e.call(combineBytes, e.rs1))),
  row("rev8", "011010111000 rs1 101 rd 0010011", ["rd", "rs1"], (e) => e.setRd(e.call(reverseBytes, e.rs1))),
];
