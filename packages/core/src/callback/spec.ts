import { BadDefinitionError } from "../errors.js";
import type { AnyCombine, Combine } from "./combine.js";

declare const types: unique symbol;

/** How many subscribers a callback takes unless told otherwise; QPP's `QPP_MAX_CB`. */
const DEFAULT_CAPACITY = 256;

/** A callback has at most this many arguments; more belong into one object. */
export const MAX_ARGUMENTS = 8;

/** What generated code calls them. */
export const PARAMETERS: readonly string[] = Array.from({ length: MAX_ARGUMENTS }, (_, i) => `a${i}`);

/** The arguments of a callback: a tuple of at most eight, of known length. */
export type CallbackArguments = readonly unknown[] & { readonly length: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 };

/**
 * A callback as a contract declares it.
 *
 * @typeParam A its arguments
 * @typeParam R what a listener returns
 * @typeParam T what `run` returns to the owner
 */
export interface CallbackSpec<A extends readonly unknown[] = readonly unknown[], R = unknown, T = unknown> {
  readonly kind: "callback";
  readonly capacity: number;
  readonly combine: AnyCombine | undefined;
  /** Carries the types; never there at run time. */
  readonly [types]?: { readonly args: A; readonly result: R; readonly combined: T };
}

/** The arguments of a declared callback. */
export type ArgumentsOf<S> = S extends CallbackSpec<infer A, unknown, unknown> ? A : never;
/** What a listener of a declared callback returns. */
export type ResultOf<S> = S extends CallbackSpec<readonly unknown[], infer R, unknown> ? R : never;
/** What `run` of a declared callback returns. */
export type CombinedOf<S> = S extends CallbackSpec<readonly unknown[], unknown, infer T> ? T : never;

/**
 * Declares a callback, as an entry of a contract's `callbacks`.
 *
 * @param options `capacity`: how many subscribers it takes, of both lanes together, 256 unless told. `combine`, for a callback
 *   with results: how they combine, see {@link Combine}
 * @throws BadDefinitionError (`QPP_BAD_DEFINITION`) for a capacity that is not a whole number of 1 or more
 *
 * @example
 * ```ts
 * callback<[exitCode: number, clean: boolean]>()
 * callback<[pc: number], boolean>({ combine: "any" })
 * ```
 */
export function callback<A extends CallbackArguments>(options?: {
  readonly capacity?: number;
}): CallbackSpec<A, void, void>;
export function callback<A extends CallbackArguments, R>(options: {
  readonly capacity?: number;
  readonly combine: "first";
}): CallbackSpec<A, R, R | undefined>;
export function callback<A extends CallbackArguments, R>(options: {
  readonly capacity?: number;
  readonly combine: Combine<R>;
}): CallbackSpec<A, R, R>;
export function callback(
  options: { readonly capacity?: number; readonly combine?: AnyCombine } = {},
): CallbackSpec {
  const { capacity = DEFAULT_CAPACITY, combine } = options;
  if (!Number.isSafeInteger(capacity) || capacity < 1) {
    throw new BadDefinitionError(
      `a callback's capacity is a whole number of 1 or more, not ${String(capacity)}`,
    );
  }
  return { kind: "callback", capacity, combine };
}
