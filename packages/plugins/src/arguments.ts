import { nearest } from "@qpp/core";
import * as v from "valibot";

/**
 * The schema of one argument: of a text, or of its absence, for which there is a value as well. {@link flag},
 * {@link wholeNumber}, {@link oneOf} and {@link list} make the usual ones; any other schema of Valibot will do
 * (https://valibot.dev).
 *
 * @typeParam T what the plugin gets
 */
export type Argument<T> = v.GenericSchema<string | undefined, T>;

const TRUE = ["on", "true", "yes"] as const;
const FALSE = ["off", "false", "no"] as const;

/**
 * A switch, given as QEMU's `qemu_plugin_bool_parse` takes it: on, true, yes, off, false or no.
 *
 * @param about one line for people
 * @param initial its value when it is not given
 */
export function flag(about: string, initial = false): Argument<boolean> {
  const form = "on, true, yes, off, false or no";
  return v.optional(
    v.pipe(
      v.picklist([...TRUE, ...FALSE], mustBe(form)),
      v.description(about),
      v.transform((text) => TRUE.some((word) => word === text)),
    ),
    initial ? "on" : "off",
  );
}

/**
 * A whole number from `least` to `most`, in decimal digits, or in hexadecimal ones after `0x`.
 *
 * @param about one line for people
 */
export function wholeNumber(
  about: string,
  range: { least: number; most: number; initial: number },
): Argument<number> {
  const { least, most, initial } = range;
  const form = `a whole number from ${least} to ${most}`;
  return v.optional(
    v.pipe(
      v.string(),
      v.description(`${about}; ${form}`),
      v.regex(/^(\d+|0x[\da-f]+)$/i, mustBe(form)),
      v.transform(Number),
      v.minValue(least, mustBe(form)),
      v.maxValue(most, mustBe(form)),
    ),
    String(initial),
  );
}

/**
 * One of several words.
 *
 * @param about one line for people
 */
export function oneOf<const T extends string>(
  about: string,
  words: readonly T[],
  initial: NoInfer<T>,
): Argument<T> {
  const schema = v.picklist(words, mustBe(`one of ${words.join(", ")}`));
  return v.optional(v.pipe(schema, v.description(about)), initial);
}

/**
 * A text that may be given more than once. The command joins what it was given with commas, which no value contains.
 *
 * @param about one line for people
 */
export function list(about: string): Argument<readonly string[]> {
  const form = "a text that is not empty";
  return v.pipe(
    // A default, though of no value: without one the rest would not be asked when nothing is given.
    v.optional(v.string(), () => undefined),
    v.description(`${about}; ${form}`),
    v.transform((text) => text?.split(",") ?? []),
    v.everyItem((item) => item !== "", mustBe(form)),
  );
}

/** The message for an argument of the wrong form: tells what was given, and how it should have been. */
export function mustBe(form: string): (issue: v.BaseIssue<unknown>) => string {
  return ({ input }) => `${JSON.stringify(String(input))} is no value for it; it must be ${form}`;
}

/**
 * Declares what arguments a plugin takes: those and no others. Every one has a value when it is not given.
 *
 * @returns an object schema of Valibot, which can be refined with whatever Valibot has
 *
 * @example
 * ```ts
 * export default plugin("sizes", {
 *   args: takes({ limit: wholeNumber("Rows to show", { least: 1, most: 1000, initial: 20 }) }),
 *   install({ args }) { … args.limit … },
 * });
 * ```
 */
export function takes<const A extends v.ObjectEntries>(
  args: A,
): v.StrictObjectSchema<A, v.ErrorMessage<v.StrictObjectIssue>> {
  return v.strictObject(args, ({ expected, path }) =>
    expected === "never" && path?.[0].type === "object"
      ? unknown(Object.keys(path[0].input), Object.keys(args))
      : "it must be given",
  );
}

/** All that are unknown in one message: Valibot tells of the first one only. */
function unknown(given: readonly string[], names: readonly string[]): string {
  const [first = "", ...others] = given.filter((name) => !names.includes(name));
  const near = nearest(first, names);
  return [
    "unknown",
    others.length > 0 && `, as are ${others.join(", ")}`,
    near === undefined ? ";" : `; did you mean "${near}"?`,
    ` the plugin takes ${names.join(", ")}`,
  ]
    .filter(Boolean)
    .join("");
}
