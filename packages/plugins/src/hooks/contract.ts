import { contract, fn } from "@qpp/core";
import type { Cpu } from "@qpp/emulator/contract";

/** A value of a register: 64 bits, with or without a sign; a number must be a whole one. */
export type WordValue = number | bigint;

/**
 * A call of a hooked function, from its entry to its end: arguments as the calling convention passes them (RISC-V psABI,
 * "Integer Calling Convention"). Arguments can be read and replaced until `onEnter` returns.
 */
export interface HookedCall {
  /** What `symbols` calls the function, or its address in hexadecimal. */
  readonly name: string;
  /** Its first instruction. */
  readonly address: number;
  /** Where it returns to. */
  readonly returnAddress: number;
  /** Frames below it on its stack. */
  readonly depth: number;
  /** The thread that makes it. */
  readonly cpu: Cpu;
  /** The n-th argument of those in integer registers, and then on the stack, from 0: its low 53 bits' worth, which all addresses are. */
  arg(n: number): number;
  /** The same with all 64 bits, unsigned. */
  bigArg(n: number): bigint;
  /** Has the function get another one. */
  setArg(n: number, value: WordValue): void;
  /** The n-th `double` among the arguments, of the first eight of them. */
  doubleArg(n: number): number;
  /** Has the function get another one. */
  setDoubleArg(n: number, value: number): void;
  /** The string that ends with a NUL at an address; undefined if there is none. */
  string(address: number): string | undefined;
}

/** What a function gives. It can be read and replaced until `onLeave` returns. */
export interface HookedResult {
  /** `a0`: its low 53 bits' worth. */
  readonly value: number;
  /** `a0`, unsigned. */
  readonly bigValue: bigint;
  /** `fa0`, as a `double`. */
  readonly doubleValue: number;
  /** Has the caller get another result. */
  replace(value: WordValue): void;
  /** Has the caller get another result in `fa0`. */
  replaceDouble(value: number): void;
}

/** What is to happen when a hooked function is entered and left. What `onEnter` gives, `onLeave` gets. */
export interface HookListener<State> {
  /** Called before its first instruction is executed. */
  readonly onEnter?: (call: HookedCall) => State;
  /**
   * Called before the instruction that returns; `result` is undefined for a call that ends otherwise: by longjmp or an exception,
   * or with its thread or program.
   */
  readonly onLeave?: (call: HookedCall, result: HookedResult | undefined, state: State | undefined) => void;
}

/** A hook that is set. */
export interface Hook {
  /** Takes it back. Calls that are under way are not told of any more. */
  detach(): void;
}

/**
 * What `hooks` offers: entry and end of functions, in the way of Frida's Interceptor. A target is an address; or a name or pattern
 * as `symbols.find` takes it, which also stands for functions of libraries that are loaded later.
 *
 * ```ts
 * install({ hooks, log }) {
 *   hooks.attach("malloc", {
 *     onEnter: (call) => call.arg(0),
 *     onLeave: (call, result, size) => log(`${size} bytes at ${result?.value.toString(16)}`),
 *   });
 *   hooks.replace("getpid", () => 42);
 * }
 * ```
 */
export const hooks = contract("hooks", {
  functions: {
    /** Calls `listener` for each call of the function. Throws a SyntaxError for a regular expression that is none. */
    attach: fn<<State>(target: string | number, listener: HookListener<State>) => Hook>(),
    /**
     * Calls `implementation` instead of the function, of which nothing is executed. What it gives is the result in `a0`; undefined
     * leaves that as it is. Of several for one function the first counts.
     */
    replace:
      fn<(target: string | number, implementation: (call: HookedCall) => WordValue | undefined) => Hook>(),
  },
});
