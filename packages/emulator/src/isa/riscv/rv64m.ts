import { type I64, i64 } from "../../wasm/expr.js";
import { type Func, func } from "../../wasm/func.js";
import type { Emitter } from "./emitter.js";
import { type Row, rowsOf } from "./row.js";

// Unprivileged manual, "M" Standard Extension for Integer Multiplication and Division.

const row = rowsOf("M");

const LOW_HALF = 0xffffffffn;

/** High 64 bits of the unsigned product, from four products of 32-bit halves. */
const mulhu: Func<readonly ["i64", "i64"], "i64"> = func("mulhu", ["i64", "i64"], "i64", (b, [x, y]) => {
  const xLow = b.let(i64.and(x, LOW_HALF));
  const xHigh = b.let(i64.shr_u(x, 32));
  const yLow = b.let(i64.and(y, LOW_HALF));
  const yHigh = b.let(i64.shr_u(y, 32));
  // Neither sum overflows: (2^32-1)^2 + 2 (2^32-1) = 2^64-1.
  const middle = b.let(i64.add(i64.mul(xHigh, yLow), i64.shr_u(i64.mul(xLow, yLow), 32)));
  const other = b.let(i64.add(i64.mul(xLow, yHigh), i64.and(middle, LOW_HALF)));
  b.return(i64.add(i64.mul(xHigh, yHigh), i64.add(i64.shr_u(middle, 32), i64.shr_u(other, 32))));
});

/** `y` if `x` is negative, else 0: what the unsigned product counts too much in its high half. */
const ifNegative = (x: I64, y: I64): I64 => i64.and(i64.shr_s(x, 63), y);

const mulh: Func<readonly ["i64", "i64"], "i64"> = func("mulh", ["i64", "i64"], "i64", (b, [x, y]) => {
  b.return(i64.sub(i64.sub(b.call(mulhu, x, y), ifNegative(x, y)), ifNegative(y, x)));
});

const mulhsu: Func<readonly ["i64", "i64"], "i64"> = func("mulhsu", ["i64", "i64"], "i64", (b, [x, y]) => {
  b.return(i64.sub(b.call(mulhu, x, y), ifNegative(x, y)));
});

const signedWord = i64.extend32_s;
const unsignedWord = (x: I64): I64 => i64.and(x, LOW_HALF);
const whole = (x: I64): I64 => x;

/**
 * Signed division of what `extend` makes of the operands. By 0 it gives -1; the smallest number by -1, where
 * WebAssembly would trap, gives the smallest number, which is also what negating it gives.
 */
function divide(extend: (x: I64) => I64): (e: Emitter) => void {
  return (e) => {
    const dividend = e.let(extend(e.rs1));
    const divisor = e.let(extend(e.rs2));
    const quotient = e.local("i64");
    e.if(
      i64.le_u(i64.add(divisor, 1), 1),
      () => e.set(quotient, i64.select(i64.eqz(divisor), -1, i64.sub(0, dividend))),
      () => e.set(quotient, i64.div_s(dividend, divisor)),
    );
    e.setRd(extend(quotient));
  };
}

/** Signed remainder. By 0 it gives the dividend; WebAssembly's own rule for -1 gives 0, as RISC-V's does. */
function remainder(extend: (x: I64) => I64): (e: Emitter) => void {
  return (e) => {
    const rest = e.let(extend(e.rs1));
    const divisor = e.let(extend(e.rs2));
    e.if(i64.ne(divisor, 0), () => e.set(rest, i64.rem_s(rest, divisor)));
    e.setRd(rest);
  };
}

/** Unsigned division. By 0 it gives all ones. */
function divideUnsigned(extend: (x: I64) => I64, result: (x: I64) => I64): (e: Emitter) => void {
  return (e) => {
    const divisor = e.let(extend(e.rs2));
    const quotient = e.local("i64");
    e.if(
      i64.eqz(divisor),
      () => e.set(quotient, -1),
      () => e.set(quotient, i64.div_u(extend(e.rs1), divisor)),
    );
    e.setRd(result(quotient));
  };
}

/** Unsigned remainder. By 0 it gives the dividend. */
function remainderUnsigned(extend: (x: I64) => I64, result: (x: I64) => I64): (e: Emitter) => void {
  return (e) => {
    const rest = e.let(extend(e.rs1));
    const divisor = e.let(extend(e.rs2));
    e.if(i64.ne(divisor, 0), () => e.set(rest, i64.rem_u(rest, divisor)));
    e.setRd(result(rest));
  };
}

function register(name: string, funct3: string, meaning: (e: Emitter) => void): Row {
  return row(name, `0000001 rs2 rs1 ${funct3} rd 0110011`, ["rd", "rs1", "rs2"], meaning);
}

function registerWord(name: string, funct3: string, meaning: (e: Emitter) => void): Row {
  return row(name, `0000001 rs2 rs1 ${funct3} rd 0111011`, ["rd", "rs1", "rs2"], meaning);
}

/** Multiplication and division. */
export const rv64m: readonly Row[] = [
  register("mul", "000", (e) => e.setRd(i64.mul(e.rs1, e.rs2))),
  register("mulh", "001", (e) => e.setRd(e.call(mulh, e.rs1, e.rs2))),
  register("mulhsu", "010", (e) => e.setRd(e.call(mulhsu, e.rs1, e.rs2))),
  register("mulhu", "011", (e) => e.setRd(e.call(mulhu, e.rs1, e.rs2))),
  register("div", "100", divide(whole)),
  register("divu", "101", divideUnsigned(whole, whole)),
  register("rem", "110", remainder(whole)),
  register("remu", "111", remainderUnsigned(whole, whole)),
  registerWord("mulw", "000", (e) => e.setRd(signedWord(i64.mul(e.rs1, e.rs2)))),
  registerWord("divw", "100", divide(signedWord)),
  registerWord("divuw", "101", divideUnsigned(unsignedWord, signedWord)),
  registerWord("remw", "110", remainder(signedWord)),
  registerWord("remuw", "111", remainderUnsigned(unsignedWord, signedWord)),
];
