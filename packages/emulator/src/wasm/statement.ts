import type { Expr, Local } from "./expr.js";
import type { Func } from "./func.js";
import type { ResultType, ValType } from "./types.js";

/** The target of a branch; made by `Body.block` and `Body.loop`, valid inside them. */
export interface Label {
  readonly name: string;
}

/** A statement: something that is done, in order, and leaves no value. */
export type Statement =
  | { readonly kind: "set"; readonly local: Local<ValType>; readonly value: Expr }
  | {
      readonly kind: "store";
      readonly name: string;
      readonly code: number;
      readonly address: Expr<"i32">;
      readonly value: Expr;
      readonly offset: number;
    }
  | {
      readonly kind: "if";
      readonly condition: Expr<"i32">;
      readonly whenTrue: readonly Statement[];
      readonly whenFalse: readonly Statement[];
      /** Whether the condition nearly always or hardly ever holds, if that is known. */
      readonly likely: boolean | undefined;
    }
  | { readonly kind: "block" | "loop"; readonly label: Label; readonly body: readonly Statement[] }
  | { readonly kind: "br"; readonly label: Label }
  | {
      readonly kind: "brIf";
      readonly label: Label;
      readonly condition: Expr<"i32">;
      readonly likely: boolean | undefined;
    }
  | {
      readonly kind: "brTable";
      readonly index: Expr<"i32">;
      readonly labels: readonly Label[];
      readonly otherwise: Label;
    }
  | {
      readonly kind: "call";
      readonly func: Func<readonly ValType[], ResultType>;
      readonly args: readonly Expr[];
    }
  | {
      /** Leaves the function by way of another one, which takes its place on the stack (tail calls). */
      readonly kind: "returnCallIndirect";
      readonly index: Expr<"i32">;
      readonly params: readonly ValType[];
      readonly result: ResultType;
      readonly args: readonly Expr[];
    }
  | { readonly kind: "return"; readonly value: Expr | undefined }
  | { readonly kind: "unreachable" };
