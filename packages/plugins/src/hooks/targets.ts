import type { Imports } from "@qpp/core";
import type { LoadedObject, symbols } from "../symbols/contract.js";

/** Whether a function that is meant begins at an address of the running process. */
export type Target = (address: number) => boolean;

/**
 * The functions that a name or a pattern means, in whatever is loaded when that is asked; or the one at an address.
 * @throws SyntaxError for a regular expression that is none
 */
export function targetOf(wanted: string | number, names: Imports<typeof symbols>): Target {
  if (typeof wanted === "number") return (address) => address === wanted;
  const find = () => names.find(wanted);
  find();
  const starts = new WeakMap<LoadedObject, ReadonlySet<number>>();
  function startsIn(object: LoadedObject): ReadonlySet<number> {
    const known = starts.get(object);
    if (known !== undefined) return known;
    const found = find()
      .filter((symbol) => symbol.object === object && symbol.kind === "function")
      .map(({ start }) => start);
    const made = new Set(found);
    starts.set(object, made);
    return made;
  }
  return (address) => {
    const object = names.objectAt(address);
    return object !== undefined && startsIn(object).has(address);
  };
}
