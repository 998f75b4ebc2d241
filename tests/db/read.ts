import { readFileSync } from "node:fs";
import { DuckDBInstance, type Json } from "@duckdb/node-api";
import { parquetReadObjects } from "hyparquet";

/** Rows of a query, with 64-bit numbers as bigints. */
export async function query(path: string, sql: string): Promise<Record<string, unknown>[]> {
  return ask(path, async (reader) => (await reader(sql)).getRowObjectsJS());
}

/** Rows of a query as JSON has them, and the names of the columns: for showing them. */
export async function queryText(path: string, sql: string): Promise<{ names: string[]; rows: Json[][] }> {
  return ask(path, async (reader) => {
    const result = await reader(sql);
    return { names: result.deduplicatedColumnNames(), rows: result.getRowsJson() };
  });
}

/** Rows of a Parquet file, by a reader that is not DuckDB's. */
export async function parquet(path: string): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(path);
  return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
}

type Run = (sql: string) => ReturnType<Awaited<ReturnType<DuckDBInstance["connect"]>>["runAndReadAll"]>;

async function ask<T>(path: string, action: (run: Run) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
    return await action((sql) => connection.runAndReadAll(sql));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
