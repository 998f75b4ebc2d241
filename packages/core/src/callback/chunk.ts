import type { Dispatch } from "./dispatcher.js";
import { generate } from "./generate.js";
import type { Hub, Listener } from "./hub.js";
import { PARAMETERS } from "./spec.js";

/** Small enough that an engine inlines all its listeners, and that it costs little to make anew when one of them changes. */
export const CHUNK_SIZE = 32;

/** What has changed once may soon change again: code is generated only for listeners that stay for so many runs. */
export const WARM_UP_RUNS = 64;

/** Some listeners next to each other. When others come or go, a chunk and the code generated for it stay. */
export interface Chunk {
  readonly listeners: readonly Listener[];
  readonly arity: number;
  /** Calls the listeners; is given the result so far and the arguments, and returns the result. See {@link Hub.stopped}. */
  call: Dispatch;
}

/** Cuts listeners into chunks, of those that there were before as many as possible. */
export function cut(
  hub: Hub,
  listeners: readonly Listener[],
  arity: number,
  before: readonly Chunk[],
): Chunk[] {
  const known = new Map<Listener | undefined, Chunk>();
  for (const chunk of before) if (chunk.arity === arity) known.set(chunk.listeners[0], chunk);
  const kept = (at: number): Chunk | undefined => {
    const chunk = known.get(listeners[at]);
    if (!chunk?.listeners.every((listener, i) => listener === listeners[at + i])) return undefined;
    const next = at + chunk.listeners.length;
    // One that has room takes up the new listeners behind it.
    const room = chunk.listeners.length < CHUNK_SIZE && next < listeners.length;
    return room && !known.has(listeners[next]) ? undefined : chunk;
  };
  const chunks: Chunk[] = [];
  for (let at = 0; at < listeners.length; ) {
    let chunk = kept(at);
    if (!chunk) {
      let end = at + 1;
      while (end - at < CHUNK_SIZE && !kept(end)) end++;
      chunk = looped(hub, listeners.slice(at, end), arity);
    }
    chunks.push(chunk);
    at += chunk.listeners.length;
  }
  // Removals leave chunks that are nearly empty behind.
  const most = 2 * Math.ceil(listeners.length / CHUNK_SIZE);
  return chunks.length > most ? cut(hub, listeners, arity, []) : chunks;
}

/** A chunk that goes through its listeners in a loop, until it has been run often enough. */
function looped(hub: Hub, listeners: readonly Listener[], arity: number): Chunk {
  let runs = 0;
  const chunk: Chunk = {
    listeners,
    arity,
    call: (sum, ...args) => {
      if (++runs === WARM_UP_RUNS) {
        const unrolled = generateChunk(hub, listeners, arity);
        if (unrolled) chunk.call = unrolled;
      }
      const { version } = hub;
      args.length = arity;
      const total = hub.each(listeners, args, sum);
      if (hub.version !== version) hub.stopped = listeners.length;
      return total;
    },
  };
  return chunk;
}

/**
 * One call site for each listener, with type feedback of its own: a pointer to a listener in an array would be a call that no
 * compiler can see through. No allocation unless somebody listens through Rx. One `try` stands around all calls, and a
 * counter tells which listener threw.
 *
 * @returns undefined where code generation is not allowed
 */
function generateChunk(hub: Hub, listeners: readonly Listener[], arity: number): Dispatch | undefined {
  const args = PARAMETERS.slice(0, arity);
  const factory = generate(
    ["hub", "listeners"],
    `${targets(hub, listeners)}
    return function chunk(${["sum", ...args].join(", ")}) {
      const version = hub.version;
      let at = 0, r, tuple;
      out: {
        try {
          ${calls(hub, listeners, arity, "hub.version !== version")}
          return sum;
        } catch (cause) {
          hub.failed(listeners[at], cause);
        }
      }
      hub.stopped = at + 1;
      return sum;
    };`,
    `${hub.name}/${arity}/chunk`,
  );
  return factory?.(hub, listeners) as Dispatch | undefined;
}

/** Constants for what {@link calls} calls. */
export function targets(hub: Hub, listeners: readonly Listener[]): string {
  const functions = listeners.map(
    (listener, i) => `f${i} = listeners[${i}].${listener.subscriber ? "subscriber" : "call"}`,
  );
  return `const ${functions.join(", ")}${hub.combiner ? ", step = hub.combiner.step" : ""};`;
}

/** Statements that call each listener in turn, and after each one break out if listeners have `changed`. */
export function calls(hub: Hub, listeners: readonly Listener[], arity: number, changed: string): string {
  const args = PARAMETERS.slice(0, arity).join(", ");
  let tupled = false;
  const statements = listeners.map((listener, i) => {
    const at = i === 0 ? "" : `at = ${i}; `;
    const leave = `if (${changed}) break out;`;
    if (listener.subscriber) {
      const tuple = tupled ? "" : `tuple = [${args}]; `;
      tupled = true;
      return `${at}${tuple}f${i}.next(tuple); ${leave}`;
    }
    if (hub.combiner) return `${at}sum = step(sum, f${i}(${args})); ${leave}`;
    return `${at}r = f${i}(${args}); if (typeof r === "object" && r !== null) hub.returned(listeners[${i}], r); ${leave}`;
  });
  return statements.join("\n          ");
}
