import { type Chunk, calls, targets } from "./chunk.js";
import { generate } from "./generate.js";
import type { Hub, Listener } from "./hub.js";
import { PARAMETERS } from "./spec.js";

/** Calls the listeners it was made for. */
export type Dispatch = (...args: unknown[]) => unknown;

const all = PARAMETERS.join(", ");

/**
 * The `run` of a callback. It stays the same while listeners come and go, so an owner's call site keeps one target.
 */
export function makeRun(hub: Hub): Dispatch {
  const factory = generate(
    ["hub"],
    `return function run(${all}) {
      const dispatch = hub.dispatch;
      if (dispatch !== undefined) return dispatch(arguments.length, ${all});
      if (hub.size === 0) return ${hub.combiner ? "hub.nobody()" : ""};
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
 * A function that runs one chunk after the other. It is given the number of arguments, and eight of them. If the listeners
 * change on the way, or one throws, `hub.resume` takes over for the rest of this run.
 */
export function makeDispatch(
  hub: Hub,
  listeners: readonly Listener[],
  chunks: readonly Chunk[],
  arity: number,
): Dispatch {
  return function dispatch(count, a0, a1, a2, a3, a4, a5, a6, a7) {
    if (hub.counter) hub.counter.runs++;
    if (count !== arity) return hub.cold(Number(count), [a0, a1, a2, a3, a4, a5, a6, a7]);
    let sum = hub.combiner?.start();
    let from = 0;
    for (const chunk of chunks) {
      sum = chunk.call(sum, a0, a1, a2, a3, a4, a5, a6, a7);
      if (hub.stopped !== 0) {
        from += hub.stopped;
        hub.stopped = 0;
        return hub.resume(listeners, from, [a0, a1, a2, a3, a4, a5, a6, a7].slice(0, arity), sum);
      }
      from += chunk.listeners.length;
    }
    return hub.combiner?.finish(sum);
  };
}

/**
 * The same for so few listeners that they make up one chunk: the engine inlines all of it into the owner's loop.
 *
 * @returns undefined where code generation is not allowed
 */
export function makeSingleDispatch(
  hub: Hub,
  listeners: readonly Listener[],
  arity: number,
): Dispatch | undefined {
  const factory = generate(
    ["hub", "listeners"],
    `${targets(hub, listeners)}
    ${hub.combiner ? "const start = hub.combiner.start, finish = hub.combiner.finish;" : ""}
    return function dispatch(count, ${all}) {${hub.counter ? "\n      hub.counter.runs++;" : ""}
      if (count !== ${arity}) return hub.cold(count, [${all}]);
      let at = 0, r, tuple, sum${hub.combiner ? " = start()" : ""};
      out: {
        try {
          ${calls(hub, listeners, arity, "hub.dispatch !== dispatch")}
          return ${hub.combiner ? "finish(sum)" : ""};
        } catch (cause) {
          hub.failed(listeners[at], cause);
        }
      }
      return hub.resume(listeners, at + 1, [${PARAMETERS.slice(0, arity).join(", ")}], sum);
    };`,
    `${hub.name}/${arity}`,
  );
  return factory?.(hub, listeners) as Dispatch | undefined;
}
