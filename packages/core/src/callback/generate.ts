import type { Dispatch } from "./dispatcher.js";

let generated = 0;

/**
 * `new Function`, or undefined where that is forbidden (by a content-security policy, or by a flag of the engine). Each
 * function gets a source URL of its own: V8 shares code and feedback between functions of equal source text.
 */
export function generate(names: readonly string[], body: string, url: string): Dispatch | undefined {
  const source = `"use strict";\n${body}\n//# sourceURL=qpp:${encodeURI(url)}/${generated++}`;
  try {
    return new Function(...names, source) as Dispatch;
  } catch (cause) {
    if (cause instanceof EvalError) return undefined;
    throw cause;
  }
}
