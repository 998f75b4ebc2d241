import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { OpenTable } from "@qpp/core";
import { Failure, messageOf } from "../failure.js";
import { type Destination, destinationOf, discard, makeRoom, putInPlace } from "./destination.js";
import { type DuckDbModule, loadDuckDb } from "./duckdb.js";
import { createTable, literal, quoted, type Table } from "./table.js";

/** The tables of a run, on their way into a file. */
export interface Database {
  /** Declares a table; only before {@link start}. @throws Error for a name that is taken */
  readonly openTable: OpenTable;
  /** Makes the file and the tables, so that nobody waits for a result that cannot be saved. @throws Failure */
  start(): Promise<void>;
  /** Writes everything and puts it in its place. @throws Failure; what was there before is there then */
  finish(): Promise<void>;
}

/** What DuckDB may take of memory. Rows that are appended go to the disk far before. */
const OPTIONS = { memory_limit: "512MB", threads: "2" };

/**
 * Prepares `--db PATH`. Nothing is written before {@link Database.start}.
 * @throws Failure when DuckDB is not installed, or a file is there that should not be written over
 */
export async function openDatabase(path: string): Promise<Database> {
  const destination = destinationOf(path);
  const duckdb = await loadDuckDb(`--db ${path}`);
  const tables = new Map<string, { readonly owner: string; readonly table: Table }>();
  let firstError: unknown;
  let open: OpenDatabase | undefined;
  const clean = (): void => discard(destination);

  return {
    openTable(owner, name, columns) {
      const other = tables.get(name);
      if (other) throw new Error(`table ${name}: plugin "${other.owner}" has one of that name`);
      if (open) throw new Error(`table ${name}: tables are made before the guest runs, by install`);
      const table = createTable(duckdb, name, columns, (error) => {
        firstError ??= error;
      });
      tables.set(name, { owner, table });
      return table;
    },
    async start() {
      makeRoom(destination);
      process.once("exit", clean);
      open = await attempt(path, () => startDatabase(duckdb, destination.partial));
      for (const { table } of tables.values()) {
        const { connection } = open;
        await attempt(path, async () => {
          for (const statement of table.statements) await connection.run(statement);
          table.start(await connection.createAppender(table.name));
        });
      }
    },
    async finish() {
      if (open === undefined) return;
      const { connection, instance } = open;
      try {
        await attempt(path, async () => {
          try {
            if (firstError !== undefined) throw firstError;
            await connection.run("COMMIT");
            if (destination.kind === "parquet")
              await writeParquet(connection, destination, [...tables.keys()]);
          } finally {
            connection.closeSync();
            instance.closeSync();
          }
          if (destination.kind === "database") putInPlace(destination);
        });
      } finally {
        clean();
        process.off("exit", clean);
      }
    },
  };
}

interface OpenDatabase {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
}

/** Everything is one transaction: a file that is there is whole. */
async function startDatabase({ DuckDBInstance }: DuckDbModule, path: string): Promise<OpenDatabase> {
  const instance = await DuckDBInstance.create(path, OPTIONS);
  const connection = await instance.connect();
  await connection.run("BEGIN TRANSACTION");
  return { instance, connection };
}

async function writeParquet(
  connection: DuckDBConnection,
  { path }: Destination,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const file = `${path.replace(/\/*$/, "")}/${name}.parquet`;
    await connection.run(`COPY ${quoted(name)} TO ${literal(file)} (FORMAT parquet)`);
  }
}

async function attempt<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const why = messageOf(error).split("\n")[0];
    throw new Failure(`--db ${path}: it cannot be written: ${why}`);
  }
}
