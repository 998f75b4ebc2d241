import { type Expr, type F64, f64, type I64, i64 } from "../wasm/expr.js";

/** The same bits as a double: loaded as one where they are loaded, taken as they are where they came from one. */
export function asDouble(bits: I64): F64 {
  if (bits.kind === "operation" && bits.name === "i64.reinterpret_f64") {
    const [value] = bits.operands;
    if (value?.type === "f64") return value;
  }
  if (bits.kind === "load" && bits.name === "i64.load") return f64.load(bits.address, bits.offset);
  return f64.reinterpret_i64(bits);
}

/** The bits of a double. */
export function asLong(value: F64): I64 {
  if (value.kind === "operation" && value.name === "f64.reinterpret_i64") {
    const [bits] = value.operands;
    if (bits?.type === "i64") return bits;
  }
  return i64.reinterpret_f64(value);
}

/** Whether computing it does something besides. */
export function hasEffect(e: Expr): boolean {
  switch (e.kind) {
    case "call":
    case "callIndirect":
      return true;
    case "operation":
      return e.operands.some(hasEffect);
    case "load":
      return hasEffect(e.address);
    case "select":
      return hasEffect(e.condition) || hasEffect(e.whenTrue) || hasEffect(e.whenFalse);
    case "const":
    case "local":
      return false;
  }
}
