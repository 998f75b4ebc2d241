import { type Bytes, createBytes } from "./bytes.js";
import { type AnyFunc, type Code, encodeCode } from "./encode.js";
import type { Expr } from "./expr.js";
import type { Statement } from "./statement.js";
import { type ResultType, VALTYPE_CODE, type ValType } from "./types.js";

/** What a module consists of. Functions that are called need not be listed: they are found. */
export interface ModuleParts {
  /** Functions for the host to call, by name. */
  readonly exports: Readonly<Record<string, AnyFunc>>;
  /** The memory it works in, imported as `env.memory`; sizes in pages of 64 KiB. */
  readonly memory?: { readonly initial: number; readonly maximum: number };
  /** Imports `env.table`, for indirect calls. */
  readonly table?: boolean;
  /** Functions that are not to be part of the module, though they have a body: imported, as `shared.<name>`. */
  readonly shared?: (func: AnyFunc) => boolean;
}

enum Section {
  Custom = 0,
  Type = 1,
  Import = 2,
  Function = 3,
  Export = 7,
  Code = 10,
}

/** Encodes a module in WebAssembly's binary format (core specification, "Binary Format / Modules"). */
export function encodeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const { shared = () => false } = parts;
  const elsewhere = (f: AnyFunc): boolean => f.from !== undefined || shared(f);
  const reachable = reachableFrom(Object.values(parts.exports), elsewhere);
  const imported = reachable.filter(elsewhere);
  const own = reachable.filter((f) => !elsewhere(f));
  const index = new Map<AnyFunc, number>([...imported, ...own].map((f, i) => [f, i]));
  const indexOf = (f: AnyFunc): number => {
    const found = index.get(f);
    if (found === undefined) throw new Error(`function ${f.name} is not part of the module`);
    return found;
  };

  const types: string[] = [];
  const typeBytes: Bytes[] = [];
  const type = (params: readonly ValType[], result: ResultType): number => {
    const key = `${params.join()}:${result ?? ""}`;
    const at = types.indexOf(key);
    if (at >= 0) return at;
    typeBytes.push(encodeType(params, result));
    return types.push(key) - 1;
  };
  const typeOf = (f: AnyFunc): number => type(f.params, f.result);
  const importTypes = imported.map(typeOf);
  const ownTypes = own.map(typeOf);
  // Before the types are written down: code refers to types of its own.
  const codes = own.map((f) => encodeCode(f, { func: indexOf, type }));

  const out = createBytes();
  out.raw([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  const section = (id: Section, entries: readonly Bytes[]): void => {
    if (entries.length === 0) return;
    const content = createBytes();
    content.u32(entries.length);
    for (const entry of entries) content.raw(entry.finish());
    out.byte(id);
    out.sized(content);
  };
  const entry = (write: (to: Bytes) => void): Bytes => {
    const to = createBytes();
    write(to);
    return to;
  };

  section(Section.Type, typeBytes);
  const imports = imported.map((f, i) =>
    entry((to) => {
      to.name(f.from?.module ?? "shared");
      to.name(f.from?.name ?? f.name);
      to.byte(0x00);
      to.u32(importTypes[i] ?? 0);
    }),
  );
  const { memory } = parts;
  if (memory !== undefined) {
    imports.push(
      entry((to) => {
        to.name("env");
        to.name("memory");
        to.raw([0x02, 0x01]);
        to.u32(memory.initial);
        to.u32(memory.maximum);
      }),
    );
  }
  if (parts.table === true) {
    imports.push(
      entry((to) => {
        to.name("env");
        to.name("table");
        // Of functions, at least as many as none.
        to.raw([0x01, 0x70, 0x00, 0x00]);
      }),
    );
  }
  section(Section.Import, imports);
  section(
    Section.Function,
    ownTypes.map((type) => entry((to) => to.u32(type))),
  );
  section(
    Section.Export,
    Object.entries(parts.exports).map(([name, f]) =>
      entry((to) => {
        to.name(name);
        to.byte(0x00);
        to.u32(indexOf(f));
      }),
    ),
  );
  writeBranchHints(out, codes, imported.length);
  section(
    Section.Code,
    codes.map(({ bytes }) => entry((to) => to.sized(bytes))),
  );
  return out.finish();
}

/**
 * The custom section that tells engines which way branches nearly always go (WebAssembly proposal "Branch Hinting");
 * those that do not know it skip it.
 */
function writeBranchHints(out: Bytes, codes: readonly Code[], firstIndex: number): void {
  const hinted = codes.flatMap(({ hints }, at) =>
    hints.length === 0 ? [] : [{ index: firstIndex + at, hints }],
  );
  if (hinted.length === 0) return;
  const content = createBytes();
  content.name("metadata.code.branch_hint");
  content.u32(hinted.length);
  for (const { index, hints } of hinted) {
    content.u32(index);
    content.u32(hints.length);
    for (const { offset, likely } of hints) {
      content.u32(offset);
      content.raw([1, likely ? 1 : 0]);
    }
  }
  out.byte(Section.Custom);
  out.sized(content);
}

function encodeType(params: readonly ValType[], result: ResultType): Bytes {
  const to = createBytes();
  to.byte(0x60);
  to.u32(params.length);
  for (const p of params) to.byte(VALTYPE_CODE[p]);
  to.u32(result === undefined ? 0 : 1);
  if (result !== undefined) to.byte(VALTYPE_CODE[result]);
  return to;
}

/** Every function that can be called from `roots`, roots first; what functions from elsewhere call is not looked at. */
export function reachableFrom(
  roots: readonly AnyFunc[],
  elsewhere: (func: AnyFunc) => boolean = (f) => f.from !== undefined,
): AnyFunc[] {
  const found = new Set<AnyFunc>(roots);
  const inExpr = (e: Expr): void => {
    if (e.kind === "operation") e.operands.forEach(inExpr);
    else if (e.kind === "load") inExpr(e.address);
    else if (e.kind === "select") [e.condition, e.whenTrue, e.whenFalse].forEach(inExpr);
    else if (e.kind === "call") {
      found.add(e.func);
      e.args.forEach(inExpr);
    } else if (e.kind === "callIndirect") [e.index, ...e.args].forEach(inExpr);
  };
  const inStatement = (s: Statement): void => {
    if (s.kind === "set") inExpr(s.value);
    else if (s.kind === "store") [s.address, s.value].forEach(inExpr);
    else if (s.kind === "if") {
      inExpr(s.condition);
      s.whenTrue.forEach(inStatement);
      s.whenFalse.forEach(inStatement);
    } else if (s.kind === "block" || s.kind === "loop") s.body.forEach(inStatement);
    else if (s.kind === "brIf") inExpr(s.condition);
    else if (s.kind === "brTable") inExpr(s.index);
    else if (s.kind === "returnCallIndirect") [s.index, ...s.args].forEach(inExpr);
    else if (s.kind === "return" && s.value !== undefined) inExpr(s.value);
    else if (s.kind === "call") {
      found.add(s.func);
      s.args.forEach(inExpr);
    }
  };
  // A Set is iterated in order of insertion, what is added meanwhile included.
  for (const f of found) if (!elsewhere(f)) f.body?.forEach(inStatement);
  return [...found];
}
