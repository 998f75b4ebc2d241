import * as v from "valibot";
import { type Argument, list, mustBe } from "../arguments.js";
import { CLASSES } from "./classes.js";

/** Whether a class is counted as one, instruction by instruction, or not at all. */
export type HowCounted = "class" | "individually" | "not";

/** What is in no class is counted instruction by instruction, unless told otherwise, as in QEMU. */
const INITIALLY: ReadonlyMap<string, HowCounted> = new Map([["unclas", "individually"]]);

/** By name of the class: `name` counts it instruction by instruction, `!name` does not count it. */
export function howCounted(about: string): Argument<(name: string) => HowCounted> {
  const names = new Set(CLASSES.map(({ name }) => name));
  const form = `one of ${[...names].join(", ")}, perhaps with a ! in front`;
  return v.pipe(
    list(about),
    v.everyItem((item) => names.has(item.replace(/^!/, "")), mustBe(form)),
    v.transform((items) => {
      const told = new Map<string, HowCounted>(
        items.map((item) => (item.startsWith("!") ? [item.slice(1), "not"] : [item, "individually"])),
      );
      return (name: string): HowCounted => told.get(name) ?? INITIALLY.get(name) ?? "class";
    }),
  );
}
