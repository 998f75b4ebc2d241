import { type Body, type BodyBuilder, createBody } from "./body.js";
import type { Expr, Local } from "./expr.js";
import type { Statement } from "./statement.js";
import type { ResultType, ValType } from "./types.js";

/** One local variable for each parameter type. */
export type Params<P extends readonly ValType[]> = { readonly [K in keyof P]: Local<P[K]> & Expr<P[K]> };

/** A function of a module: its own (with a body) or imported. Calls refer to it by this object. */
export interface Func<P extends readonly ValType[], R extends ResultType> {
  readonly name: string;
  readonly params: P;
  readonly result: R;
  /** Where it comes from, if it is imported. */
  readonly from?: { readonly module: string; readonly name: string };
  /** Types of all locals, parameters first; `undefined` for an imported function. */
  readonly locals?: readonly ValType[];
  /** What readers of its text call them, where that is known. */
  readonly names?: readonly (string | undefined)[];
  /** What it does; `undefined` for an imported function. */
  readonly body?: readonly Statement[];
}

/**
 * Defines a function. `build` is called when the body is first looked at: floating point alone has a hundred functions, and
 * most processes look at none of them.
 *
 * ```ts
 * const max = func("max", ["i32", "i32"], "i32", (b, [x, y]) => {
 *   b.return(i32.select(i32.gt_s(x, y), x, y));
 * });
 * ```
 */
export function func<const P extends readonly ValType[], R extends ResultType>(
  name: string,
  params: P,
  result: R,
  build: (body: Body, params: Params<P>) => void,
): Func<P, R> {
  let body: BodyBuilder | undefined;
  function built(): BodyBuilder {
    if (body !== undefined) return body;
    const empty = createBody(params);
    build(empty, empty.params as unknown as Params<P>);
    body = empty;
    return body;
  }
  return {
    name,
    params,
    result,
    get locals() {
      return built().locals;
    },
    get names() {
      return built().names;
    },
    get body() {
      return built().statements;
    },
  };
}

/** Declares a function that the host gives to the module under `module`.`name`. */
export function importFunc<const P extends readonly ValType[], R extends ResultType>(
  module: string,
  name: string,
  params: P,
  result: R,
): Func<P, R> {
  return { name, params, result, from: { module, name } };
}
