import { isThenable } from "./consumer.js";
import type { None } from "./contract.js";
import { BadArgumentError, describeCause } from "./errors.js";

/**
 * What any schema library that follows Standard Schema v1 offers (https://standardschema.dev), as far as it is used here.
 *
 * @typeParam Output what the validated arguments are
 */
export interface ArgumentsSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    /** What becomes of the raw arguments. A promise is refused: nothing can wait for it. */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** For the compiler; not there when it runs. */
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** The outcome of a validation: the typed value, or what is wrong. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong, and where. */
export interface SchemaIssue {
  readonly message: string;
  /** The way to it from the arguments as a whole. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Arguments as they are given: by name, as text. */
export type RawArguments = Readonly<Record<string, string>>;

/** The type of a plugin's validated arguments. */
export type ArgumentsOfSchema<S> = S extends ArgumentsSchema<infer Output> ? Output : None;

/**
 * The typed arguments of `plugin`.
 *
 * @throws BadArgumentError (`QPP_BAD_ARGUMENT`) naming each argument that is wrong; or when there is no schema and an argument
 *   is given; or when the schema throws or answers later, which nothing can wait for
 */
export function validateArguments(
  plugin: string,
  schema: ArgumentsSchema | undefined,
  raw: RawArguments,
): unknown {
  if (!schema) {
    const given = Object.keys(raw);
    if (given.length === 0) return {};
    throw new BadArgumentError(
      plugin,
      given.map((argument) => ({ argument, message: "unknown; this plugin takes no arguments" })),
    );
  }
  const result = callSchema(plugin, schema, raw);
  if (!result.issues) return result.value;
  throw new BadArgumentError(
    plugin,
    result.issues.map(({ message, path = [] }) => ({ argument: path.map(keyText).join("."), message })),
  );
}

function callSchema(plugin: string, schema: ArgumentsSchema, raw: RawArguments): SchemaResult<unknown> {
  let result: SchemaResult<unknown> | Promise<SchemaResult<unknown>>;
  try {
    result = schema["~standard"].validate({ ...raw });
  } catch (cause) {
    const message = `the schema of its arguments threw: ${describeCause(cause)}`;
    throw new BadArgumentError(plugin, [{ argument: "", message }], cause);
  }
  if (!isThenable(result)) return result;
  // Nobody will wait for it; what it may still throw is not another error.
  result.then(undefined, () => undefined);
  throw new BadArgumentError(plugin, [
    { argument: "", message: "the schema of its arguments is asynchronous; arguments are validated at once" },
  ]);
}

function keyText(segment: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof segment === "object" ? segment.key : segment);
}
