import type { AnyFunc } from "./encode.js";
import type { Expr } from "./expr.js";
import { type ModuleParts, reachableFrom } from "./module.js";
import { layout, paragraph, type Sexpr } from "./sexpr.js";
import type { Label, Statement } from "./statement.js";
import type { ResultType, ValType } from "./types.js";

/**
 * A function in WebAssembly's text format (core specification, "Text Format"), folded. Functions that it calls are named, not
 * defined; {@link printModule} gives a text that is complete.
 */
export function printFunction(func: AnyFunc): string {
  return `${layout(functionSexpr(func)).join("\n")}\n`;
}

/**
 * A module in WebAssembly's text format: an assembler makes of it what `encodeModule` makes of the same parts, but for hints
 * about alignment.
 */
export function printModule(parts: ModuleParts): string {
  const { shared = () => false } = parts;
  const elsewhere = (f: AnyFunc): boolean => f.from !== undefined || shared(f);
  const reachable = reachableFrom(Object.values(parts.exports), elsewhere);
  const imported = reachable.filter(elsewhere);
  const own = reachable.filter((f) => !elsewhere(f));
  const fields: Sexpr[] = typesOf([...imported, ...own], own).map((type) =>
    node("type", node("func", ...type)),
  );
  for (const f of imported) {
    const name = `"${f.from?.module ?? "shared"}" "${f.from?.name ?? f.name}"`;
    fields.push(node(`import ${name}`, node(`func $${f.name}`, ...typeUse(f.params, f.result))));
  }
  const { memory } = parts;
  if (memory !== undefined)
    fields.push(node('import "env" "memory"', node(`memory ${memory.initial} ${memory.maximum}`)));
  if (parts.table === true) fields.push(node('import "env" "table"', node("table 0 funcref")));
  for (const [name, f] of Object.entries(parts.exports))
    fields.push(node(`export "${name}"`, node(`func $${f.name}`)));
  fields.push(...own.map((f) => functionSexpr(f)));
  return `${layout({ head: "module", parts: fields, kind: "block" }).join("\n")}\n`;
}

/** The types of a module in the order of their numbers: those of functions, then what is called by way of a table. */
function typesOf(functions: readonly AnyFunc[], own: readonly AnyFunc[]): Sexpr[][] {
  const types = new Map<string, Sexpr[]>();
  const add = (params: readonly ValType[], result: ResultType): void => {
    const key = `${params.join()}:${result ?? ""}`;
    if (!types.has(key)) types.set(key, typeUse(params, result));
  };
  for (const { params, result } of functions) add(params, result);
  for (const f of own) functionSexpr(f, add);
  return [...types.values()];
}

function node(head: string, ...parts: readonly Sexpr[]): Sexpr {
  return { head, parts };
}

function typeUse(params: readonly ValType[], result: ResultType): Sexpr[] {
  return [
    ...(params.length > 0 ? [node(`param ${params.join(" ")}`)] : []),
    ...(result === undefined ? [] : [node(`result ${result}`)]),
  ];
}

/** Names of a function's variables, each a different one. */
function variableNames({ locals = [], names = [] }: AnyFunc): readonly string[] {
  const taken = new Set<string>();
  return locals.map((_, index) => {
    const wish = names[index] ?? `v${index}`;
    const name = taken.has(wish) ? `${wish}.${index}` : wish;
    taken.add(name);
    return `$${name}`;
  });
}

/** Small numbers as people write them; what is more likely an address or a mask in hexadecimal. */
function integer(value: bigint): string {
  if (value >= -255n && value <= 255n) return value.toString();
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

function float(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : value.toString();
}

function constant(type: ValType, value: number | bigint): string {
  switch (type) {
    case "i32": {
      const signed = Number(value) | 0;
      // An address, not a number below zero.
      return integer(BigInt(signed < -255 ? signed >>> 0 : signed));
    }
    case "i64":
      return integer(BigInt(value));
    case "f32":
      return float(Math.fround(Number(value)));
    case "f64":
      return float(Number(value));
  }
}

function memoryHead(name: string, offset: number): string {
  return offset === 0 ? name : `${name} offset=${integer(BigInt(offset))}`;
}

function functionSexpr(
  func: AnyFunc,
  indirect: (params: readonly ValType[], result: ResultType) => void = () => {},
): Sexpr {
  const variables = variableNames(func);
  const labels = new Map<Label, string>();
  const counts = new Map<string, number>();
  const variable = (index: number): string => variables[index] ?? `${index}`;

  function nameOf(label: Label): string {
    const known = labels.get(label);
    if (known !== undefined) return known;
    const number = counts.get(label.name) ?? 0;
    counts.set(label.name, number + 1);
    const name = `$${label.name}${number}`;
    labels.set(label, name);
    return name;
  }

  /** As the encoder does it: the type gets its number after those in the operands. */
  function indirectCall(
    head: string,
    { params, result }: { readonly params: readonly ValType[]; readonly result: ResultType },
    operands: readonly Expr[],
  ): Sexpr {
    const parts = operands.map(expression);
    indirect(params, result);
    return node(head, ...typeUse(params, result), ...parts);
  }

  function expression(e: Expr): Sexpr {
    switch (e.kind) {
      case "const":
        return node(`${e.type}.const ${constant(e.type, e.value)}`);
      case "local":
        return node(`local.get ${variable(e.index)}`);
      case "operation":
        return node(e.name, ...e.operands.map(expression));
      case "load":
        return node(memoryHead(e.name, e.offset), expression(e.address));
      case "select":
        return node("select", ...[e.whenTrue, e.whenFalse, e.condition].map(expression));
      case "call":
        return node(`call $${e.func.name}`, ...e.args.map(expression));
      case "callIndirect":
        return indirectCall("call_indirect", { params: e.params, result: e.type }, [...e.args, e.index]);
    }
  }

  function list(head: string, body: readonly Statement[]): Sexpr {
    return { head, parts: body.map(statement), kind: "list" };
  }

  function statement(s: Statement): Sexpr {
    switch (s.kind) {
      case "set":
        return node(`local.set ${variable(s.local.index)}`, expression(s.value));
      case "store":
        return node(memoryHead(s.name, s.offset), expression(s.address), expression(s.value));
      case "if": {
        const otherwise = s.whenFalse.length > 0 ? [list("else", s.whenFalse)] : [];
        return node("if", expression(s.condition), list("then", s.whenTrue), ...otherwise);
      }
      case "block":
      case "loop":
        return { head: `${s.kind} ${nameOf(s.label)}`, parts: s.body.map(statement), kind: "block" };
      case "br":
        return node(`br ${nameOf(s.label)}`);
      case "brIf":
        return node(`br_if ${nameOf(s.label)}`, expression(s.condition));
      case "brTable": {
        const targets = [...s.labels, s.otherwise].map(nameOf).join(" ");
        return node(`br_table ${targets}`, expression(s.index));
      }
      case "call": {
        const call = node(`call $${s.func.name}`, ...s.args.map(expression));
        return s.func.result === undefined ? call : node("drop", call);
      }
      case "returnCallIndirect":
        return indirectCall("return_call_indirect", s, [...s.args, s.index]);
      case "return":
        return node("return", ...(s.value === undefined ? [] : [expression(s.value)]));
      case "unreachable":
        return node("unreachable");
    }
  }

  const count = func.params.length;
  const declaration = (type: ValType, at: number): string =>
    `(${at < count ? "param" : "local"} ${variable(at)} ${type})`;
  const declarations = (func.locals ?? func.params).map(declaration);
  const result = func.result === undefined ? [] : [`(result ${func.result})`];
  const head = ["func", `$${func.name}`, ...declarations.slice(0, count), ...result].join(" ");
  const body = (func.body ?? []).map(statement);
  // As the encoder has it: a function with a result always leaves through `return`.
  if (func.result !== undefined) body.push(node("unreachable"));
  return { head, parts: [...paragraph(declarations.slice(count)), ...body], kind: "block" };
}
