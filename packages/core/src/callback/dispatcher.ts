import type { Hub, Listener } from "./hub.js";
import { MAX_ARGUMENTS } from "./spec.js";

/** Calls the listeners it was made for. */
export type Dispatch = (...args: unknown[]) => unknown;

// A pointer to a listener in an array is a call that no compiler can see through. A function generated for the present
// listeners has one call site for each, with type feedback of its own, and the engine inlines through it. Each function gets
// a source URL of its own: V8 shares code and feedback between functions of equal source text.
let generated = 0;

const parameters = Array.from({ length: MAX_ARGUMENTS }, (_, i) => `a${i}`);
const all = parameters.join(", ");

/**
 * The `run` of a callback. It stays the same while listeners come and go, so an owner's call site keeps one target.
 */
export function makeRun(hub: Hub): Dispatch {
  const factory = generate(
    ["hub"],
    `return function run(${all}) {
      const dispatch = hub.dispatch;
      if (dispatch !== undefined) return dispatch(arguments.length, ${all});
      if (hub.size === 0) return ${hub.combiner ? "hub.nobody()" : "undefined"};
      return hub.cold(arguments.length, [${all}]);
    };`,
    `${hub.name}/run`,
  );
  if (factory) return factory(hub) as Dispatch;
  return (...args) => {
    if (hub.dispatch !== undefined) return hub.dispatch(args.length, ...args);
    return hub.size === 0 ? hub.nobody() : hub.cold(args.length, args);
  };
}

/**
 * A function that calls each listener in turn: unrolled, no allocation unless somebody listens through Rx. It is given the
 * number of arguments, and eight of them. One `try` stands around all calls and a counter tells which listener threw. After
 * each call it looks whether it is still the hub's dispatcher: if the listeners have changed, or one has thrown, `hub.resume`
 * takes over for the rest of this run.
 *
 * @returns undefined where code generation is not allowed
 */
export function makeDispatch(hub: Hub, listeners: readonly Listener[], arity: number): Dispatch | undefined {
  const args = parameters.slice(0, arity).join(", ");
  const changed = "if (hub.dispatch !== dispatch) break out;";
  let tupled = false;
  const calls = listeners.map((listener, i) => {
    const at = i === 0 ? "" : `at = ${i}; `;
    if (listener.subscriber) {
      const tuple = tupled ? "" : `tuple = [${args}]; `;
      tupled = true;
      return `${at}${tuple}f${i}.next(tuple); ${changed}`;
    }
    if (hub.combiner) return `${at}sum = step(sum, f${i}(${args})); ${changed}`;
    return `${at}r = f${i}(${args}); if (typeof r === "object" && r !== null) hub.returned(listeners[${i}], r); ${changed}`;
  });
  const targets = listeners.map(
    (listener, i) => `f${i} = listeners[${i}].${listener.subscriber ? "subscriber" : "call"}`,
  );
  const factory = generate(
    ["hub", "listeners"],
    `const ${targets.join(", ")};
    ${hub.combiner ? "const step = hub.combiner.step, start = hub.combiner.start, finish = hub.combiner.finish;" : ""}
    return function dispatch(count, ${all}) {${hub.runs === undefined ? "" : "\n      hub.runs++;"}
      if (count !== ${arity}) return hub.cold(count, [${all}]);
      let at = 0, r, tuple, sum${hub.combiner ? " = start()" : ""};
      out: {
        try {
          ${calls.join("\n          ")}
          return ${hub.combiner ? "finish(sum)" : ""};
        } catch (cause) {
          hub.failed(listeners[at], cause);
        }
      }
      return hub.resume(listeners, at + 1, [${args}], sum);
    };`,
    `${hub.name}/${arity}`,
  );
  return factory?.(hub, listeners) as Dispatch | undefined;
}

/** `new Function`, or undefined where that is forbidden (by a content-security policy, or by a flag of the engine). */
function generate(names: string[], body: string, url: string): Dispatch | undefined {
  const source = `"use strict";\n${body}\n//# sourceURL=qpp:${encodeURI(url)}/${generated++}`;
  try {
    return new Function(...names, source) as Dispatch;
  } catch (cause) {
    if (cause instanceof EvalError) return undefined;
    throw cause;
  }
}
