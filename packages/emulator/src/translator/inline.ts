import type { BodyBuilder, Variable } from "../wasm/body.js";
import type { AnyFunc } from "../wasm/encode.js";
import type { Expr, Operation } from "../wasm/expr.js";
import type { ValType } from "../wasm/types.js";

/** The value that a function returns after some assignments; undefined if it does anything else. */
function straightLine({
  body,
}: AnyFunc): { readonly sets: readonly Assignment[]; readonly value: Expr } | undefined {
  if (body === undefined) return undefined;
  const sets: Assignment[] = [];
  for (const statement of body) {
    if (statement.kind === "set") sets.push(statement);
    else if (statement.kind === "return" && statement.value !== undefined)
      return { sets, value: statement.value };
    else return undefined;
  }
  return undefined;
}

type Assignment = {
  readonly local: { readonly index: number; readonly type: ValType };
  readonly value: Expr;
};

/**
 * Writes down what a function does in the place of a call of it, if that is a few assignments and a result, as with the
 * upper half of a product. Gives the result; undefined if it has to be called.
 */
export function inlineStraightLine(b: BodyBuilder, func: AnyFunc, args: readonly Expr[]): Expr | undefined {
  const line = straightLine(func);
  if (line === undefined) return undefined;
  const variables = new Map<number, Variable<ValType>>();
  function variableFor(index: number, type: ValType): Variable<ValType> {
    const variable = variables.get(index) ?? b.local(type);
    variables.set(index, variable);
    return variable;
  }
  args.forEach((arg, index) => {
    b.set(variableFor(index, arg.type), arg);
  });

  /** The same of this function's variables. */
  function here(e: Expr): Expr {
    switch (e.kind) {
      case "local":
        return variableFor(e.index, e.type) as Expr;
      case "operation": {
        const operation: Operation<ValType> = { ...e, operands: e.operands.map(here) };
        return operation as Expr;
      }
      case "call": {
        const given = e.args.map(here);
        return inlineStraightLine(b, e.func, given) ?? ({ ...e, args: given } as Expr);
      }
      case "select":
        return {
          ...e,
          condition: here(e.condition),
          whenTrue: here(e.whenTrue),
          whenFalse: here(e.whenFalse),
        } as Expr;
      case "load":
        return { ...e, address: here(e.address) } as Expr;
      case "const":
        return e;
      case "callIndirect":
        throw new Error(`${func.name}: an indirect call is not inlined`);
    }
  }

  for (const { local, value } of line.sets) b.set(variableFor(local.index, local.type), here(value));
  return here(line.value);
}
