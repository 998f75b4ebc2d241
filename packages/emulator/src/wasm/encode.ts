import { type Bytes, createBytes } from "./bytes.js";
import type { Expr } from "./expr.js";
import type { Func } from "./func.js";
import type { Label, Statement } from "./statement.js";
import { type ResultType, VALTYPE_CODE, type ValType } from "./types.js";

/** Any function, whatever its type. */
export type AnyFunc = Func<readonly ValType[], ResultType>;

const EMPTY_BLOCK = 0x40;
const END = 0x0b;
const I32_END = 0x8000_0000;

/** Numbers what code refers to. */
export interface Indices {
  func(func: AnyFunc): number;
  type(params: readonly ValType[], result: ResultType): number;
}

/** Which way a branch nearly always goes: its instruction's place in the function's code. */
export interface BranchHint {
  readonly offset: number;
  readonly likely: boolean;
}

/** A function's code, and what is known of its branches. */
export interface Code {
  readonly bytes: Bytes;
  readonly hints: readonly BranchHint[];
}

/** Writes a function's code: its locals, then its instructions. */
export function encodeCode(func: AnyFunc, indices: Indices): Code {
  const out = createBytes();
  const hints: BranchHint[] = [];
  encodeLocals(out, (func.locals ?? []).slice(func.params.length));
  /** Labels that enclose the present statement, by how many others enclose them. */
  const labels = new Map<Label, number>();
  let nesting = 0;

  function depth(label: Label): number {
    const at = labels.get(label);
    if (at === undefined)
      throw new Error(`${func.name}: a branch to a ${label.name} that does not enclose it`);
    return nesting - 1 - at;
  }

  function memarg(offset: number): void {
    // Alignment is a hint; guests access at any address, so the hint is always 2^0.
    out.u32(0);
    out.u32(offset);
  }

  function hint(likely: boolean | undefined): void {
    if (likely !== undefined) hints.push({ offset: out.length, likely });
  }

  function expression(e: Expr): void {
    switch (e.kind) {
      case "const":
        encodeConst(out, e.type, e.value);
        break;
      case "local":
        out.byte(0x20);
        out.u32(e.index);
        break;
      case "operation":
        for (const operand of e.operands) expression(operand);
        out.raw(e.code);
        break;
      case "load":
        expression(e.address);
        out.byte(e.code);
        memarg(e.offset);
        break;
      case "select":
        expression(e.whenTrue);
        expression(e.whenFalse);
        expression(e.condition);
        out.byte(0x1b);
        break;
      case "call":
        for (const arg of e.args) expression(arg);
        out.byte(0x10);
        out.u32(indices.func(e.func));
        break;
      case "callIndirect":
        indirect(0x11, e.index, e.args, indices.type(e.params, e.type));
        break;
    }
  }

  function indirect(code: number, index: Expr, args: readonly Expr[], type: number): void {
    for (const arg of args) expression(arg);
    expression(index);
    out.byte(code);
    out.u32(type);
    // The module has but one table.
    out.u32(0);
  }

  function nested(code: number, label: Label | undefined, body: readonly Statement[]): void {
    out.byte(code);
    out.byte(EMPTY_BLOCK);
    if (label !== undefined) labels.set(label, nesting);
    nesting++;
    statements(body);
  }

  function leave(label: Label | undefined): void {
    if (label !== undefined) labels.delete(label);
    nesting--;
    out.byte(END);
  }

  function statement(s: Statement): void {
    switch (s.kind) {
      case "set":
        expression(s.value);
        out.byte(0x21);
        out.u32(s.local.index);
        break;
      case "store":
        expression(s.address);
        expression(s.value);
        out.byte(s.code);
        memarg(s.offset);
        break;
      case "if":
        expression(s.condition);
        hint(s.likely);
        nested(0x04, undefined, s.whenTrue);
        if (s.whenFalse.length > 0) {
          out.byte(0x05);
          statements(s.whenFalse);
        }
        leave(undefined);
        break;
      case "block":
        nested(0x02, s.label, s.body);
        leave(s.label);
        break;
      case "loop":
        nested(0x03, s.label, s.body);
        leave(s.label);
        break;
      case "br":
        out.byte(0x0c);
        out.u32(depth(s.label));
        break;
      case "brIf":
        expression(s.condition);
        hint(s.likely);
        out.byte(0x0d);
        out.u32(depth(s.label));
        break;
      case "brTable":
        expression(s.index);
        out.byte(0x0e);
        out.u32(s.labels.length);
        for (const label of s.labels) out.u32(depth(label));
        out.u32(depth(s.otherwise));
        break;
      case "call":
        for (const arg of s.args) expression(arg);
        out.byte(0x10);
        out.u32(indices.func(s.func));
        if (s.func.result !== undefined) out.byte(0x1a);
        break;
      case "returnCallIndirect":
        indirect(0x13, s.index, s.args, indices.type(s.params, s.result));
        break;
      case "return":
        if (s.value !== undefined) expression(s.value);
        out.byte(0x0f);
        break;
      case "unreachable":
        out.byte(0x00);
        break;
    }
  }

  function statements(list: readonly Statement[]): void {
    for (const s of list) statement(s);
  }

  statements(func.body ?? []);
  // A function with a result always leaves through `return`; its end is never reached.
  if (func.result !== undefined) out.byte(0x00);
  out.byte(END);
  return { bytes: out, hints };
}

function encodeLocals(out: Bytes, types: readonly ValType[]): void {
  const runs: { type: ValType; count: number }[] = [];
  for (const type of types) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  out.u32(runs.length);
  for (const run of runs) {
    out.u32(run.count);
    out.byte(VALTYPE_CODE[run.type]);
  }
}

function encodeConst(out: Bytes, type: ValType, value: number | bigint): void {
  switch (type) {
    case "i32":
      out.byte(0x41);
      out.s32(Number(value));
      break;
    case "i64":
      out.byte(0x42);
      // Numbers of up to 32 bits are written the same way, and most are.
      if (-I32_END <= value && value < I32_END) out.s32(Number(value));
      else out.s64(BigInt(value));
      break;
    case "f32":
      out.byte(0x43);
      out.f32(Number(value));
      break;
    case "f64":
      out.byte(0x44);
      out.f64(Number(value));
      break;
  }
}
