/** The number types of WebAssembly 1.0. */
export type ValType = "i32" | "i64" | "f32" | "f64";

/** Binary codes of the value types (WebAssembly core specification, "Binary Format / Types"). */
export const VALTYPE_CODE: Readonly<Record<ValType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };

/** What a function gives back: one value, or nothing. */
export type ResultType = ValType | undefined;
