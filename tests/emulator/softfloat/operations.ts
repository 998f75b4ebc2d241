import { FCSR } from "../../../packages/emulator/src/memory/layout.js";
import { toDouble, toSingle } from "../../../packages/emulator/src/softfloat/convert.js";
import { double } from "../../../packages/emulator/src/softfloat/double.js";
import { single } from "../../../packages/emulator/src/softfloat/single.js";
import type { AnyFunc } from "../../../packages/emulator/src/wasm/encode.js";
import { encodeModule } from "../../../packages/emulator/src/wasm/module.js";
import type {} from "../../../packages/emulator/src/wasm/webassembly.js";

/** All operations of a format, in the order of witness.c. */
export const OPERATIONS = [
  "add",
  "sub",
  "mul",
  "div",
  "sqrt",
  "fma",
  "min",
  "max",
  "eq",
  "lt",
  "le",
  "classify",
  "toI32",
  "toU32",
  "toI64",
  "toU64",
  "fromI32",
  "fromU32",
  "fromI64",
  "fromU64",
  "convert",
] as const;

export type Operation = (typeof OPERATIONS)[number];
export type FormatName = "single" | "double";

/** Floating-point operands of an operation; none if it takes an integer. */
export function arity(operation: Operation): 0 | 1 | 2 | 3 {
  if (operation.startsWith("from")) return 0;
  if (operation === "fma") return 3;
  if (["sqrt", "classify", "convert"].includes(operation) || operation.startsWith("to")) return 1;
  return 2;
}

/** Whether it takes a rounding mode. */
function rounds(operation: Operation): boolean {
  return !["min", "max", "eq", "lt", "le", "classify"].includes(operation);
}

export const RNE = 0;
const RTZ = 1;
export const RDN = 2;
export const RUP = 3;
export const RMM = 4;
export const MODES = [RNE, RTZ, RDN, RUP, RMM] as const;

/** The inexact flag. */
export const NX = 1;

/** Parameters of a format, as the standard's table 3.5 has them. */
export const SHAPES = {
  single: { width: 32, exponentBits: 8, fractionBits: 23 },
  double: { width: 64, exponentBits: 11, fractionBits: 52 },
} as const;

/** One call: what is computed, of what, in which mode. */
export interface Case {
  readonly operation: Operation;
  readonly format: FormatName;
  readonly rm: number;
  readonly operands: readonly [bigint, bigint, bigint];
}

/** What came out: all results as unsigned 64 bits. */
export interface Outcome {
  readonly result: bigint;
  readonly flags: number;
}

type Exported = (...args: (bigint | number)[]) => bigint | number;

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
const fcsr = new Uint32Array(memory.buffer, FCSR, 1);

function instantiate(): ReadonlyMap<string, Exported> {
  const named = (format: FormatName, functions: Readonly<Record<string, AnyFunc>>): [string, AnyFunc][] =>
    Object.entries(functions).map(([name, func]) => [`${format}.${name}`, func]);
  const bytes = encodeModule({
    exports: Object.fromEntries([
      ...named("single", { ...single, convert: toDouble }),
      ...named("double", { ...double, convert: toSingle }),
    ]),
    memory: { initial: 1, maximum: 1 },
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return new Map(Object.entries(exports as unknown as Record<string, Exported>));
}

const functions = instantiate();

/** Computes a case with these flags accrued before. */
export function compute({ operation, format, rm, operands }: Case, flagsBefore = 0): Outcome {
  const f = functions.get(`${format}.${operation}`);
  if (f === undefined) throw new Error(`no function ${format}.${operation}`);
  fcsr[0] = flagsBefore;
  const count = arity(operation);
  const args: (bigint | number)[] =
    count === 0
      ? [operands[0]]
      : operands.slice(0, count).map((x) => (format === "single" ? Number(BigInt.asIntN(32, x)) : x));
  if (rounds(operation) && !(format === "single" && operation === "convert")) args.push(rm);
  const result = f(...args);
  const widened =
    typeof result === "number" ? BigInt.asUintN(32, BigInt(result)) : BigInt.asUintN(64, result);
  return { result: widened, flags: fcsr[0] ?? 0 };
}

/** A case as text, for messages. */
export function describeCase({ operation, format, rm, operands }: Case): string {
  return `${format}.${operation}(${operands.map((x) => `0x${x.toString(16)}`).join(", ")}; rm ${rm})`;
}
