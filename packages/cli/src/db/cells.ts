import type { ColumnType } from "@qpp/core";

/** What DuckDB takes for a cell. */
export type Cell = bigint | number | string | boolean | null;

/** The SQL type of each type of column. */
export const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  integer: "BIGINT",
  address: "UBIGINT",
  real: "DOUBLE",
  text: "VARCHAR",
  boolean: "BOOLEAN",
};

/** Makes a cell of what a plugin gave for it. @throws TypeError for what the column cannot hold */
export type ToCell = (value: unknown) => Cell;

const LEAST_INTEGER = -(2n ** 63n);
const MOST_INTEGER = 2n ** 63n - 1n;
const MOST_ADDRESS = 2n ** 64n - 1n;

/** Holds what is given for a column of a type to that type: a plugin may be written in JavaScript. */
export const TO_CELL: Readonly<Record<ColumnType, ToCell>> = {
  integer: (value) => whole(value, LEAST_INTEGER, MOST_INTEGER, "a whole number of 64 bits"),
  address: (value) => whole(value, 0n, MOST_ADDRESS, "a whole number of 64 bits without a sign"),
  real: (value) => (typeof value === "number" ? value : nothing(value, "a number")),
  text: (value) => (typeof value === "string" ? value : nothing(value, "a text")),
  boolean: (value) => (typeof value === "boolean" ? value : nothing(value, "a truth value")),
};

function whole(value: unknown, least: bigint, most: bigint, form: string): Cell {
  const exact =
    typeof value === "bigint"
      ? value
      : typeof value === "number" && Number.isSafeInteger(value)
        ? BigInt(value)
        : undefined;
  if (exact === undefined) return nothing(value, form);
  if (exact < least || exact > most) throw new TypeError(notWhat(value, form));
  return exact;
}

function nothing(value: unknown, form: string): null {
  if (value === undefined || value === null) return null;
  throw new TypeError(notWhat(value, form));
}

function notWhat(value: unknown, form: string): string {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return `${shown} was given, and it holds ${form}`;
}
