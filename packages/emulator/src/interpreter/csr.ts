import { FCSR } from "../memory/layout.js";
import { i32, i64 } from "../wasm/expr.js";
import { type Func, func, importFunc } from "../wasm/func.js";

/** Control and status registers of user mode (unprivileged manual, "Control and Status Register"). */
export const Csr = {
  FFLAGS: 0x001,
  FRM: 0x002,
  FCSR: 0x003,
  CYCLE: 0xc00,
  TIME: 0xc01,
  INSTRET: 0xc02,
} as const;

/** Host function: the value of a counter (cycle, time, instret), as a number. */
const counter: Func<readonly ["i32"], "f64"> = importFunc("env", "counter", ["i32"], "f64");

const isFloat = (csr: Parameters<typeof i32.sub>[0]) => i32.lt_u(i32.sub(csr, Csr.FFLAGS), 3);
const isCounter = (csr: Parameters<typeof i32.sub>[0]) => i32.lt_u(i32.sub(csr, Csr.CYCLE), 3);

/** Whether there is such a register. */
export const csrExists: Func<readonly ["i32"], "i32"> = func("csrExists", ["i32"], "i32", (b, [csr]) => {
  b.return(i32.or(isFloat(csr), isCounter(csr)));
});

/** Whether it can be written. */
export const csrWritable: Func<readonly ["i32"], "i32"> = func("csrWritable", ["i32"], "i32", (b, [csr]) => {
  b.return(isFloat(csr));
});

/** The value of a register that exists. */
export const csrRead: Func<readonly ["i32"], "i64"> = func("csrRead", ["i32"], "i64", (b, [csr]) => {
  b.if(isCounter(csr), () => b.return(i64.trunc_sat_f64_u(b.call(counter, csr))));
  const fcsr = b.let(i64.load32_u(0, FCSR));
  b.if(i32.eq(csr, Csr.FFLAGS), () => b.return(i64.and(fcsr, 0x1f)));
  b.if(i32.eq(csr, Csr.FRM), () => b.return(i64.shr_u(fcsr, 5)));
  b.return(fcsr);
});

/** Writes a register that can be written; bits that it does not have are dropped. */
export const csrWrite: Func<readonly ["i32", "i64"], undefined> = func(
  "csrWrite",
  ["i32", "i64"],
  undefined,
  (b, [csr, value]) => {
    const low = b.let(i32.wrap_i64(value));
    const fcsr = b.let(i32.load(0, FCSR));
    const flags = i32.or(i32.and(fcsr, ~0x1f), i32.and(low, 0x1f));
    const mode = i32.or(i32.and(fcsr, 0x1f), i32.shl(i32.and(low, 7), 5));
    const whole = i32.and(low, 0xff);
    b.store(
      0,
      i32.select(i32.eq(csr, Csr.FFLAGS), flags, i32.select(i32.eq(csr, Csr.FRM), mode, whole)),
      FCSR,
    );
  },
);
