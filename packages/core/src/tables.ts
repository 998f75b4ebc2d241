/**
 * What a column of a table holds: a whole number, with its sign (`integer`, 64 bits) or without one (`address`), a number that
 * need not be whole (`real`), a text, a truth value.
 */
export type ColumnType = "integer" | "address" | "real" | "text" | "boolean";

/** A column: what it holds, and in words what that is, with its unit. */
export type Column = readonly [type: ColumnType, about: string];

/** The columns of a table by name, in order. Names are lower-case words with underscores, as SQL has them. */
export type Columns = Readonly<Record<string, Column>>;

/** What may stand in a column of each type, besides nothing. Numbers must be exact: whole ones from 2^53 on are bigints. */
interface Cells {
  readonly integer: number | bigint;
  readonly address: number | bigint;
  readonly real: number;
  readonly text: string;
  readonly boolean: boolean;
}

/** A row: what it has in each column; null or undefined for nothing. */
export type RowOf<C extends Columns> = {
  readonly [K in keyof C]: Cells[C[K][0]] | null | undefined;
};

/** A row of any table. */
export type Row = Readonly<Record<string, unknown>>;

/** A table that is being filled. */
export interface OutputTable<C extends Columns> {
  /** Adds a row; it may be changed once it has been taken. @throws TypeError for what its column cannot hold */
  add(row: RowOf<C>): void;
}

/** The host's end of an {@link OutputTable}. */
export interface TableSink {
  /** @throws TypeError for a cell that its column cannot hold, telling which */
  add(row: Row): void;
  /** Nothing more comes. */
  close(): void;
}

/**
 * Makes a table for a plugin; undefined where nobody wants tables. Called when the table is declared, whenever its rows come.
 * @throws Error telling which table cannot be made, and why
 */
export type OpenTable = (plugin: string, name: string, columns: Columns) => TableSink | undefined;
