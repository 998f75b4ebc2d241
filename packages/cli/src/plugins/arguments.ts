import type { ArgumentsSchema } from "@qpp/core";
import { table } from "@qpp/plugins/text";

interface Property {
  readonly description?: unknown;
  readonly default?: unknown;
  readonly enum?: unknown;
}

/**
 * A table of the arguments that a schema takes, if the schema can tell: by Standard JSON Schema, which several libraries
 * speak (https://standardschema.dev/json-schema).
 */
export function describeArguments(schema: ArgumentsSchema | undefined): string {
  if (schema === undefined) return "none";
  const properties = propertiesOf(schema["~standard"]);
  if (properties === undefined) return "its schema does not tell; see the plugin's documentation";
  const rows = Object.entries(properties).map(([name, property]) => [
    name,
    text(property.default),
    [text(property.description), ...choices(property.enum)].join("; "),
  ]);
  return rows.length === 0 ? "none" : table(["argument", "default", "what it does"], rows);
}

function propertiesOf(standard: object): Readonly<Record<string, Property>> | undefined {
  if (!("jsonSchema" in standard)) return undefined;
  const { input } = standard.jsonSchema as {
    input(options: { target: string }): { properties?: Record<string, Property> };
  };
  return input({ target: "draft-2020-12" }).properties;
}

function choices(values: unknown): string[] {
  return Array.isArray(values) ? [values.join(", ")] : [];
}

function text(value: unknown): string {
  return value === undefined ? "" : String(value);
}
