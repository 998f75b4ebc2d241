import { Errno } from "../errno.js";

/** Input from outside that may not be there yet. */
export interface Input {
  /** Whether a look has found something: bytes, their end, or an error. */
  readonly found: "something" | "end" | undefined;
  /** Looks whether there is something; gives whether that is news. */
  look(): boolean;
  /** As `OpenFile.read`. */
  read(into: Uint8Array): number;
}

type Found = { readonly count: number } | { readonly error: unknown };

/**
 * Makes the guest's view of such input. A look can only be had by reading: it takes one byte, which the next read gives first. So
 * a guest that looks and never reads takes no more than that from those who read after it.
 *
 * @param tryRead reads what there is; undefined if there is nothing yet. May throw errors of the host's `fs`.
 */
export function createInput(tryRead: (into: Uint8Array) => number | undefined): Input {
  const first = new Uint8Array(1);
  let found: Found | undefined;

  function attempt(into: Uint8Array): Found | undefined {
    try {
      const count = tryRead(into);
      return count === undefined ? undefined : { count };
    } catch (error) {
      return { error };
    }
  }

  function take(what: Found): number {
    if ("error" in what) throw what.error;
    return what.count;
  }

  return {
    get found() {
      if (found === undefined) return undefined;
      return "count" in found && found.count === 0 ? "end" : "something";
    },
    look() {
      if (found !== undefined) return false;
      found = attempt(first);
      return found !== undefined;
    },
    read(into) {
      if (into.length === 0) return 0;
      const before = found;
      found = undefined;
      if (before === undefined) {
        const now = attempt(into);
        return now === undefined ? -Errno.EAGAIN : take(now);
      }
      if (take(before) === 0) return 0;
      into.set(first);
      if (into.length === 1) return 1;
      const rest = attempt(into.subarray(1));
      if (rest === undefined) return 1;
      if ("count" in rest && rest.count > 0) return 1 + rest.count;
      // An end, or an error, comes with the next read.
      found = rest;
      return 1;
    },
  };
}
