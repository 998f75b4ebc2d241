import type { DuckDBAppender, DuckDBType } from "@duckdb/node-api";
import type { Columns, ColumnType, Row, TableSink } from "@qpp/core";
import { type Cell, SQL_TYPES, TO_CELL } from "./cells.js";
import type { DuckDbModule } from "./duckdb.js";

/** A table of the database that is being made. */
export interface Table extends TableSink {
  readonly name: string;
  readonly columns: Columns;
  /** SQL that makes it, with what its columns hold as comments. */
  readonly statements: readonly string[];
  /** From now on rows go there. Those that have come before are kept for that. */
  start(appender: DuckDBAppender): void;
}

/** Rows that are handed to DuckDB at once; it takes no more in a chunk (`duckdb_vector_size`). */
const CHUNK_ROWS = 2048;

/** @param onError what DuckDB has thrown: a full disk, say. No plugin's fault; the rows are lost. */
export function createTable(
  { DuckDBDataChunk, BIGINT, UBIGINT, DOUBLE, VARCHAR, BOOLEAN }: DuckDbModule,
  name: string,
  columns: Columns,
  onError: (error: unknown) => void,
): Table {
  const types: Readonly<Record<ColumnType, DuckDBType>> = {
    integer: BIGINT,
    address: UBIGINT,
    real: DOUBLE,
    text: VARCHAR,
    boolean: BOOLEAN,
  };
  const specs = Object.entries(columns);
  const keys = specs.map(([key]) => key);
  const toCell = specs.map(([, [type]]) => TO_CELL[type]);
  // One for all: what was made for each would be freed no earlier than the event loop turns, and rows come without that.
  const chunk = DuckDBDataChunk.create(specs.map(([, [type]]) => types[type]));
  let pending: (readonly Cell[])[] = [];
  let appender: DuckDBAppender | undefined;

  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      onError(error);
    }
  };
  const flush = (): void => {
    if (appender === undefined) return;
    const to = appender;
    for (let from = 0; from < pending.length; from += CHUNK_ROWS) {
      const rows = pending.slice(from, from + CHUNK_ROWS);
      attempt(() => {
        chunk.reset();
        chunk.setRows(rows);
        to.appendDataChunk(chunk);
      });
    }
    pending = [];
  };
  const cellsOf = (row: Row): readonly Cell[] =>
    keys.map((key, i) => {
      try {
        return toCell[i]?.(row[key]) ?? null;
      } catch (error) {
        throw error instanceof TypeError ? new TypeError(`column ${key}: ${error.message}`) : error;
      }
    });

  return {
    name,
    columns,
    statements: [
      `CREATE TABLE ${name} (${specs.map(([key, [type]]) => `${quoted(key)} ${SQL_TYPES[type]}`).join(", ")})`,
      ...specs.map(([key, [, about]]) => `COMMENT ON COLUMN ${name}.${quoted(key)} IS ${literal(about)}`),
    ],
    start(made) {
      appender = made;
      flush();
    },
    add(row) {
      pending.push(cellsOf(row));
      if (pending.length >= CHUNK_ROWS) flush();
    },
    close() {
      flush();
      const last = appender;
      appender = undefined;
      if (last) attempt(() => last.closeSync());
    },
  };
}

/** An SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
