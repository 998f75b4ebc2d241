import { type Expr, type Local, type Operand, toExpr } from "./expr.js";
import type { Func } from "./func.js";
import type { Label, Statement } from "./statement.js";
import type { ResultType, ValType } from "./types.js";

/** An operand for each parameter type. */
export type Arguments<P extends readonly ValType[]> = { readonly [K in keyof P]: Operand<P[K]> };

/** A variable: an expression (its present value) that can be set. */
export type Variable<T extends ValType> = Local<T> & Expr<T>;

/** The type of a function. */
export interface Signature<P extends readonly ValType[], R extends ResultType> {
  readonly params: P;
  readonly result: R;
}

/** Where statements are written down, in the order in which they shall happen. */
export interface Body {
  /** A new variable, called `name` in texts. Its first value is unspecified: locals are reused between scopes. */
  local<T extends ValType>(type: T, name?: string): Variable<T>;
  /** A new variable with this value: computed now, and once. */
  let<T extends ValType>(value: Expr<T>): Variable<T>;
  /** Variables made inside `inner` may be reused by whoever comes after it. */
  scope(inner: () => void): void;
  set<T extends ValType>(local: Variable<T>, value: Operand<T>): void;
  /** Stores `value`'s low 8, 16, 32 or all bits at `address + offset`. */
  store(address: Operand<"i32">, value: Expr, offset?: number, bits?: 8 | 16 | 32): void;
  if(condition: Expr<"i32">, whenTrue: () => void, whenFalse?: () => void): void;
  /** The same for what hardly ever happens: the engine is told, and may keep it out of the way. */
  rarely(condition: Expr<"i32">, whenTrue: () => void): void;
  /** A branch to the label leaves the block. */
  block(body: (leave: Label) => void): void;
  /** A branch to the label starts the loop's body again; falling out of its end leaves it. */
  loop(body: (again: Label) => void): void;
  br(label: Label): void;
  /** `likely` tells the engine what nearly always happens. */
  brIf(label: Label, condition: Expr<"i32">, likely?: boolean): void;
  brTable(index: Expr<"i32">, labels: readonly Label[], otherwise: Label): void;
  /** Calls a function for what it does; a result is dropped. */
  do<P extends readonly ValType[]>(func: Func<P, ResultType>, ...args: Arguments<P>): void;
  /** Calls a function for its result: an expression; the call happens where that is used. */
  call<P extends readonly ValType[], R extends ValType>(func: Func<P, R>, ...args: Arguments<P>): Expr<R>;
  /** Calls what is at `index` of the table, a function like `like`: an expression, as with {@link Body.call}. */
  callIndirect<P extends readonly ValType[], R extends ValType>(
    like: Signature<P, R>,
    index: Operand<"i32">,
    ...args: Arguments<P>
  ): Expr<R>;
  /** Leaves by way of what is at `index` of the table. */
  returnCallIndirect<P extends readonly ValType[]>(
    like: Signature<P, ResultType>,
    index: Operand<"i32">,
    ...args: Arguments<P>
  ): void;
  return(value?: Expr): void;
  unreachable(): void;
}

/** A body together with what has been written into it. */
export interface BodyBuilder extends Body {
  /** What `write` writes down, for use elsewhere in the same function. */
  apart(write: () => void): readonly Statement[];
  /** Has readers of the text call this variable so. */
  name(local: Local<ValType>, name: string): void;
  readonly names: readonly (string | undefined)[];
  readonly params: readonly Local<ValType>[];
  readonly locals: readonly ValType[];
  readonly statements: readonly Statement[];
}

const STORE_CODE = { i32: 0x36, i64: 0x37, f32: 0x38, f64: 0x39 } as const;
const NARROW_STORE_CODE = {
  i32: { 8: 0x3a, 16: 0x3b, 32: 0x36 },
  i64: { 8: 0x3c, 16: 0x3d, 32: 0x3e },
} as const;

function storeCode(type: ValType, bits: 8 | 16 | 32 | undefined): number {
  if (bits === undefined) return STORE_CODE[type];
  if (type === "i32" || type === "i64") return NARROW_STORE_CODE[type][bits];
  throw new Error(`a ${type} cannot be stored in ${bits} bits`);
}

/** Makes an empty body for a function with these parameters. */
export function createBody(paramTypes: readonly ValType[]): BodyBuilder {
  const locals: ValType[] = [...paramTypes];
  const names: (string | undefined)[] = [];
  const params = paramTypes.map((type, index): Local<ValType> => ({ kind: "local", type, index }));
  const free: Record<ValType, number[]> = { i32: [], i64: [], f32: [], f64: [] };
  let inScope: Local<ValType>[] = [];
  const statements: Statement[] = [];
  let current = statements;

  function inside(write: () => void): readonly Statement[] {
    const outer = current;
    const inner: Statement[] = [];
    current = inner;
    try {
      write();
    } finally {
      current = outer;
    }
    return inner;
  }

  function args<P extends readonly ValType[]>(func: Signature<P, ResultType>, given: Arguments<P>): Expr[] {
    return func.params.map((type, i) => toExpr(type, given[i] as Operand<ValType>));
  }

  const body: BodyBuilder = {
    params,
    locals,
    names,
    name(local, name) {
      names[local.index] = name;
    },
    statements,
    apart: inside,
    local<T extends ValType>(type: T, name?: string): Variable<T> {
      const reused = free[type].pop();
      const index = reused ?? locals.push(type) - 1;
      if (name !== undefined) names[index] = name;
      const variable: Local<T> = { kind: "local", type, index };
      inScope.push(variable);
      return variable as Variable<T>;
    },
    let<T extends ValType>(value: Expr<T>): Variable<T> {
      const variable = body.local(value.type as T);
      body.set(variable, value);
      return variable;
    },
    scope(inner) {
      const outer = inScope;
      inScope = [];
      inner();
      for (const variable of inScope) free[variable.type].push(variable.index);
      inScope = outer;
    },
    set(local, value) {
      current.push({ kind: "set", local, value: toExpr(local.type, value) as Expr });
    },
    store(address, value, offset = 0, bits) {
      const code = storeCode(value.type, bits);
      const name = `${value.type}.store${bits === undefined || (value.type === "i32" && bits === 32) ? "" : bits}`;
      current.push({ kind: "store", name, code, address: toExpr("i32", address), value, offset });
    },
    if(condition, whenTrue, whenFalse) {
      const then = inside(whenTrue);
      const otherwise = whenFalse === undefined ? [] : inside(whenFalse);
      current.push({ kind: "if", condition, whenTrue: then, whenFalse: otherwise, likely: undefined });
    },
    rarely(condition, whenTrue) {
      const then = inside(whenTrue);
      current.push({ kind: "if", condition, whenTrue: then, whenFalse: [], likely: false });
    },
    block(write) {
      const label: Label = { name: "block" };
      current.push({ kind: "block", label, body: inside(() => write(label)) });
    },
    loop(write) {
      const label: Label = { name: "loop" };
      current.push({ kind: "loop", label, body: inside(() => write(label)) });
    },
    br(label) {
      current.push({ kind: "br", label });
    },
    brIf(label, condition, likely) {
      current.push({ kind: "brIf", label, condition, likely });
    },
    brTable(index, labels, otherwise) {
      current.push({ kind: "brTable", index, labels, otherwise });
    },
    do(func, ...given) {
      current.push({ kind: "call", func, args: args(func, given) });
    },
    call<P extends readonly ValType[], R extends ValType>(func: Func<P, R>, ...given: Arguments<P>): Expr<R> {
      return { kind: "call", type: func.result, func, args: args(func, given) } as unknown as Expr<R>;
    },
    callIndirect<P extends readonly ValType[], R extends ValType>(
      like: Signature<P, R>,
      index: Operand<"i32">,
      ...given: Arguments<P>
    ): Expr<R> {
      const { params, result } = like;
      const node = { kind: "callIndirect", type: result, params, index: toExpr("i32", index) };
      return { ...node, args: args(like, given) } as unknown as Expr<R>;
    },
    returnCallIndirect(like, index, ...given) {
      const { params, result } = like;
      const at = toExpr("i32", index);
      current.push({ kind: "returnCallIndirect", index: at, params, result, args: args(like, given) });
    },
    return(value) {
      current.push({ kind: "return", value });
    },
    unreachable() {
      current.push({ kind: "unreachable" });
    },
  };
  return body;
}
