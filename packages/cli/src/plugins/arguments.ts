import type { ArgumentsSchema } from "@qpp/core";
import { table } from "@qpp/plugins/text";

/** What is looked at of a property's JSON Schema. */
interface Property {
  readonly type?: unknown;
  readonly description?: unknown;
  readonly default?: unknown;
  readonly enum?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
}

/**
 * A table of the arguments that a schema takes, if the schema can tell: by Standard JSON Schema, which several libraries
 * speak (https://standardschema.dev/json-schema).
 */
export function describeArguments(schema: ArgumentsSchema | undefined): string {
  if (schema === undefined) return "none";
  const { properties, required = [] } = describedBy(schema["~standard"]) ?? {};
  if (properties === undefined) return "its schema does not tell; see the plugin's documentation";
  const rows = Object.entries(properties).map(([name, property]) => [
    name,
    required.includes(name) ? "(required)" : text(property.default),
    [text(property.description), ...form(property)].filter(Boolean).join("; "),
  ]);
  return rows.length === 0 ? "none" : table(["argument", "default", "what it does"], rows);
}

function describedBy(standard: object): ObjectSchema | undefined {
  if (!("jsonSchema" in standard)) return undefined;
  const { input } = standard.jsonSchema as { input(options: { target: string }): ObjectSchema };
  try {
    return input({ target: "draft-2020-12" });
  } catch {
    // As the standard has it for a schema that JSON Schema cannot express.
    return undefined;
  }
}

/** What it may be, where that is more than any text. */
function form({ type, enum: choices, minimum, maximum }: Property): string[] {
  if (Array.isArray(choices)) return [choices.join(", ")];
  if (type === undefined || type === "string") return [];
  const range = [
    minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && `from ${minimum}`,
    maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && `to ${maximum}`,
  ];
  return [[text(type), ...range].filter(Boolean).join(" ")];
}

function text(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
