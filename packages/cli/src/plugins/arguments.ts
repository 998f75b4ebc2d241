import type { ArgumentsSchema } from "@qpp/core";
import { table } from "@qpp/plugins/text";
import type { GenericSchema } from "valibot";

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
 * speak (https://standardschema.dev/json-schema), or by being one of Valibot.
 */
export async function describeArguments(schema: ArgumentsSchema | undefined): Promise<string> {
  if (schema === undefined) return "none";
  const { properties, required = [] } = (await describedBy(schema)) ?? {};
  if (properties === undefined) return "its schema does not tell; see the plugin's documentation";
  const rows = Object.entries(properties).map(([name, property]) => [
    name,
    required.includes(name) ? "(required)" : text(property.default),
    [text(property.description), ...form(property)].filter(Boolean).join("; "),
  ]);
  return rows.length === 0 ? "none" : table(["argument", "default", "what it does"], rows);
}

async function describedBy(schema: ArgumentsSchema): Promise<ObjectSchema | undefined> {
  const standard = schema["~standard"];
  if (standard.vendor === "valibot") return describedByValibot(schema);
  if (!("jsonSchema" in standard)) return undefined;
  const { input } = standard.jsonSchema as { input(options: { target: string }): ObjectSchema };
  try {
    return input({ target: "draft-2020-12" });
  } catch {
    // As the standard has it for a schema that JSON Schema cannot express.
    return undefined;
  }
}

/** Valibot has this in a package of its own, which is of no use for a run. */
async function describedByValibot(schema: ArgumentsSchema): Promise<ObjectSchema> {
  const { toJsonSchema } = await import("@valibot/to-json-schema");
  // Checks that JSON Schema has no words for are left out; what there is of a description stays.
  const options = { typeMode: "input", errorMode: "ignore" } as const;
  return toJsonSchema(schema as unknown as GenericSchema, options) as ObjectSchema;
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
