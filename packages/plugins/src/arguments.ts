import { type ArgumentsSchema, nearest } from "@qpp/core";

/** How the text given for one argument becomes a value; made by {@link flag}, {@link wholeNumber}, {@link oneOf}, {@link list}. */
export interface Argument<T> {
  /** One line for people. */
  readonly about: string;
  /** The texts that it may be, if they can be told one by one. */
  readonly choices: readonly string[] | undefined;
  /** The value when it is not given. */
  readonly initial: T;
  /** The value of a text, or undefined if it has none. */
  read(text: string): T | undefined;
  /** Ends the sentence "it must be …". */
  readonly form: string;
}

const TRUE = ["on", "true", "yes"];
const FALSE = ["off", "false", "no"];

/** A switch, given as QEMU's `qemu_plugin_bool_parse` takes it: on, true, yes, off, false or no. */
export function flag(about: string, initial = false): Argument<boolean> {
  return {
    about,
    choices: [...TRUE, ...FALSE],
    initial,
    form: "on, true, yes, off, false or no",
    read: (text) => (TRUE.includes(text) ? true : FALSE.includes(text) ? false : undefined),
  };
}

/** A whole number from `least` to `most`, in decimal digits, or in hexadecimal ones after `0x`. */
export function wholeNumber(
  about: string,
  range: { least: number; most: number; initial: number },
): Argument<number> {
  const { least, most, initial } = range;
  return {
    about,
    choices: undefined,
    initial,
    form: `a whole number from ${least} to ${most}`,
    read(text) {
      const number = /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
  };
}

/** One of several words. */
export function oneOf<const T extends string>(about: string, words: readonly T[], initial: T): Argument<T> {
  return {
    about,
    choices: words,
    initial,
    form: `one of ${words.join(", ")}`,
    read: (text) => words.find((word) => word === text),
  };
}

/** A text that may be given more than once. The command joins what it was given with commas, which no value contains. */
export function list(about: string): Argument<readonly string[]> {
  return {
    about,
    choices: undefined,
    initial: [],
    form: "a text that is not empty",
    read: (text) => (text.split(",").includes("") ? undefined : text.split(",")),
  };
}

/** Arguments by name. */
export type ArgumentSet = Readonly<Record<string, Argument<unknown>>>;

/** What a plugin gets for a set of arguments. */
export type Values<A extends ArgumentSet> = {
  readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never;
};

/**
 * A schema of arguments that can also tell about itself, as Standard JSON Schema has it; `qpp plugins NAME` shows that,
 * whichever library made it (https://standardschema.dev/json-schema).
 */
export interface DescribedSchema<Output> extends ArgumentsSchema<Output> {
  readonly "~standard": ArgumentsSchema<Output>["~standard"] & {
    readonly jsonSchema: {
      /** JSON Schema of the arguments as they are given. */
      input(): Record<string, unknown>;
      /** JSON Schema of what the plugin gets. */
      output(): Record<string, unknown>;
    };
  };
}

/**
 * Declares what arguments a plugin takes. Every one has a value when it is not given; unknown ones are refused.
 *
 * @param check tells what is wrong with the values together, if anything
 *
 * @example
 * ```ts
 * export default plugin("sizes", {
 *   args: takes({ limit: wholeNumber("Rows to show", { least: 1, most: 1000, initial: 20 }) }),
 *   install({ args }) { … args.limit … },
 * });
 * ```
 */
export function takes<const A extends ArgumentSet>(
  args: A,
  check: (values: Values<A>) => string | undefined = () => undefined,
): DescribedSchema<Values<A>> {
  const describe = () => describeArguments(args);
  return {
    "~standard": {
      version: 1,
      vendor: "qpp",
      validate(given) {
        const issues: { message: string; path: string[] }[] = [];
        const values: Record<string, unknown> = {};
        for (const [name, { initial }] of Object.entries(args)) values[name] = initial;
        for (const [name, text] of Object.entries(given as Record<string, string>)) {
          const value = find(args, name)?.read(text);
          if (value === undefined) issues.push({ message: problem(args, name, text), path: [name] });
          values[name] = value;
        }
        const together = issues.length === 0 ? check(values as Values<A>) : undefined;
        if (together !== undefined) issues.push({ message: together, path: [] });
        return issues.length === 0 ? { value: values as Values<A> } : { issues };
      },
      jsonSchema: { input: describe, output: describe },
    },
  };
}

/** Not what every object has from its prototype, such as `constructor`. */
function find(args: ArgumentSet, name: string): Argument<unknown> | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

function problem(args: ArgumentSet, name: string, text: string): string {
  const argument = find(args, name);
  if (argument !== undefined)
    return `${JSON.stringify(text)} is no value for it; it must be ${argument.form}`;
  const names = Object.keys(args);
  const near = nearest(name, names);
  return `unknown; ${near === undefined ? "" : `did you mean "${near}"? `}the plugin takes ${names.join(", ")}`;
}

function describeArguments(args: ArgumentSet): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (const [name, { about, choices, initial, form }] of Object.entries(args)) {
    properties[name] = {
      type: "string",
      description: choices === undefined ? `${about}; ${form}` : about,
      ...(choices !== undefined && { enum: choices }),
      ...(!Array.isArray(initial) && {
        default: typeof initial === "boolean" ? (initial ? "on" : "off") : String(initial),
      }),
    };
  }
  return { type: "object", properties, additionalProperties: false };
}
