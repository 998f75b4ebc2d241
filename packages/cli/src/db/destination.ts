import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Failure, fileProblem } from "../failure.js";

/** Where the tables of a run go: one database, or a folder with a Parquet file for each table. */
export interface Destination {
  readonly kind: "database" | "parquet";
  /** As the user gave it. */
  readonly path: string;
  /** Path of a database that is filled beside what was there before, which stays until that is done. */
  readonly partial: string;
}

/** A DuckDB database has this after a checksum of eight bytes (https://duckdb.org/docs/stable/internals/storage). */
const MAGIC = "DUCK";
const MAGIC_AT = 8;

/**
 * Decides what `--db PATH` is: a folder of Parquet files if it ends in a slash or is a folder, else a database.
 * @throws Failure for a file that is there and no database: it would be a mistake to write over it
 */
export function destinationOf(path: string): Destination {
  if (path.endsWith("/") || isFolder(path))
    return { kind: "parquet", path, partial: join(path, `.tables.${process.pid}.partial`) };
  if (path.endsWith(".parquet"))
    throw new Failure(
      `--db ${path}: there is more than one table, and a Parquet file holds one; give a folder, ${path.slice(0, -".parquet".length)}/`,
    );
  if (!mayBeReplaced(path))
    throw new Failure(`--db ${path}: it is there and no DuckDB database, so it is not written over`);
  return {
    kind: "database",
    path,
    partial: join(dirname(path), `.${basename(path)}.${process.pid}.partial`),
  };
}

/** Makes the folder for Parquet files. @throws Failure */
export function makeRoom({ kind, path }: Destination): void {
  try {
    if (kind === "parquet") mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new Failure(`--db ${path}: it cannot be made: ${fileProblem(error)}`);
  }
}

/** Puts the finished database where it belongs, and drops the log of the one before. */
export function putInPlace({ path, partial }: Destination): void {
  rmSync(`${path}.wal`, { force: true });
  renameSync(partial, path);
}

/** Removes what is not finished, if it is there. */
export function discard({ partial }: Destination): void {
  for (const each of [partial, `${partial}.wal`]) rmSync(each, { force: true });
  rmSync(`${partial}.tmp`, { force: true, recursive: true });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function mayBeReplaced(path: string): boolean {
  if (!existsSync(path) || statSync(path).size === 0) return true;
  const bytes = Buffer.alloc(MAGIC_AT + MAGIC.length);
  const fd = openSync(path, "r");
  try {
    readSync(fd, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(fd);
  }
  return bytes.toString("latin1", MAGIC_AT) === MAGIC;
}
