import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContainer, type Fault, plugin } from "@qpp/core";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../packages/cli/src/db/database.js";
import { leavesOf } from "../../packages/cli/src/db/flatten.js";
import { parquet, query } from "./read.js";

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "qpp-db-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const COLUMNS = {
  i: ["integer", "a whole number"],
  a: ["address", "one without a sign; it's quoted"],
  r: ["real", "any number"],
  t: ["text", "a text"],
  b: ["boolean", "true or false"],
  select: ["integer", "a word of SQL"],
} as const;

const nothing = fc.constant(null);
const row = fc.record({
  i: fc.oneof(nothing, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.maxSafeInteger()),
  a: fc.oneof(nothing, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat()),
  r: fc.oneof(nothing, fc.double({ noNaN: true })),
  t: fc.oneof(nothing, fc.string({ unit: "grapheme" })),
  b: fc.oneof(nothing, fc.boolean()),
  select: fc.oneof(nothing, fc.integer()),
});
type Given = typeof row extends fc.Arbitrary<infer T> ? T : never;

const big = (value: number | bigint | null): bigint | null => (value === null ? null : BigInt(value));
const asStored = ({ i, a, r, t, b, select }: Given) => ({
  i: big(i),
  a: big(a),
  r,
  t,
  b,
  select: big(select),
});

/** Saves rows at the end and while it runs, into a database or a folder. @returns faults */
async function write(path: string, saved: readonly Given[], streamed: readonly Given[]): Promise<Fault[]> {
  const faults: Fault[] = [];
  const database = await openDatabase(path);
  const container = createContainer({
    host: { log() {}, fault: (fault) => void faults.push(fault), openTable: database.openTable },
  });
  let run = (): void => {};
  const writer = plugin("writer", {
    install({ saveTable, openTable }) {
      saveTable("saved", COLUMNS, () => saved);
      const table = openTable("streamed", COLUMNS);
      // Some before there is a database, as a plugin may, and some after.
      const half = streamed.length >> 1;
      for (const each of streamed.slice(0, half)) table?.add(each);
      run = () => {
        for (const each of streamed.slice(half)) table?.add(each);
      };
    },
  });
  const { refused } = await container.load([{ plugin: writer }]);
  expect(refused).toEqual([]);
  await database.start();
  run();
  container.finishFiles();
  await database.finish();
  return faults;
}

test("rows come back as they were given, from a database and from Parquet files", () =>
  fc.assert(
    fc.asyncProperty(fc.array(row), fc.array(row), async (saved, streamed) => {
      const folder = mkdtempSync(join(tmpdir(), "qpp-db-"));
      try {
        const file = join(folder, "a.duckdb");
        expect(await write(file, saved, streamed)).toEqual([]);
        expect(await query(file, "FROM saved")).toEqual(saved.map(asStored));
        expect(await query(file, "FROM streamed")).toEqual(streamed.map(asStored));
        expect(readdirSync(folder)).toEqual(["a.duckdb"]);

        const tables = join(folder, "new/tables/");
        expect(await write(tables, saved, streamed)).toEqual([]);
        expect(await parquet(join(tables, "saved.parquet"))).toEqual(saved.map(asStored));
        expect(await parquet(join(tables, "streamed.parquet"))).toEqual(streamed.map(asStored));
        expect(readdirSync(tables).sort()).toEqual(["saved.parquet", "streamed.parquet"]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 20 },
  ));

test("more rows than one chunk and one buffer hold are all there, in order", async () => {
  const file = join(scratch(), "a.duckdb");
  const rows = Array.from({ length: 300_001 }, (_, i) => ({
    i,
    a: i * 3,
    r: i / 2,
    t: i % 7 ? `text ${i}` : null,
    b: i % 2 === 0,
    select: -i,
  }));
  expect(await write(file, rows, rows.slice(0, 5000))).toEqual([]);
  expect(
    await query(
      file,
      `SELECT count(*) AS n, sum(i) AS i, sum(a - 3 * i) AS a, sum(r) AS r, count(t) AS t,
              count(*) FILTER (b) AS b, count(*) FILTER (rowid <> i) AS moved FROM saved`,
    ),
  ).toEqual([
    { n: 300_001n, i: 45_000_150_000n, a: 0n, r: 22_500_075_000, t: 257_143n, b: 150_001n, moved: 0n },
  ]);
  expect(await query(file, "SELECT count(*) AS n FROM streamed")).toEqual([{ n: 5000n }]);
});

test("columns say what they hold", async () => {
  const file = join(scratch(), "a.duckdb");
  await write(file, [], []);
  const columns = await query(
    file,
    "SELECT column_name AS name, data_type AS type, comment FROM duckdb_columns() WHERE table_name = 'saved' ORDER BY column_index",
  );
  expect(columns).toEqual([
    { name: "i", type: "BIGINT", comment: "a whole number" },
    { name: "a", type: "UBIGINT", comment: "one without a sign; it's quoted" },
    { name: "r", type: "DOUBLE", comment: "any number" },
    { name: "t", type: "VARCHAR", comment: "a text" },
    { name: "b", type: "BOOLEAN", comment: "true or false" },
    { name: "select", type: "BIGINT", comment: "a word of SQL" },
  ]);
});

const GOOD: Given = { i: 1, a: 2, r: 3, t: "4", b: true, select: 5 };

test.each([
  [{ i: 1.5 }, "column i: 1.5 was given, and it holds a whole number of 64 bits"],
  [{ i: 2 ** 53 }, "column i: 9007199254740992 was given, and it holds a whole number of 64 bits"],
  [{ i: 2n ** 63n }, "column i: 9223372036854775808 was given, and it holds a whole number of 64 bits"],
  [{ a: -1 }, "column a: -1 was given, and it holds a whole number of 64 bits without a sign"],
  [{ a: "0x1" }, 'column a: "0x1" was given, and it holds a whole number of 64 bits without a sign'],
  [{ r: 1n }, "column r: 1 was given, and it holds a number"],
  [{ t: 1 }, "column t: 1 was given, and it holds a text"],
  [{ b: 1 }, "column b: 1 was given, and it holds a truth value"],
])("a cell that does not fit is a fault of its plugin: %o", async (cell, problem) => {
  const file = join(scratch(), "a.duckdb");
  const faults = await write(file, [GOOD, { ...GOOD, ...cell } as Given, GOOD], []);
  expect(faults.map(({ message }) => message)).toEqual([
    `plugin "writer" failed in table saved: TypeError: ${problem}`,
  ]);
  expect(await query(file, "FROM saved")).toEqual([asStored(GOOD)]);
});

test("a table's name is taken once", async () => {
  const database = await openDatabase(join(scratch(), "a.duckdb"));
  database.openTable("one", "counts", COLUMNS);
  expect(() => database.openTable("two", "counts", COLUMNS)).toThrow(
    'table counts: plugin "one" has one of that name',
  );
  await database.start();
  expect(() => database.openTable("two", "late", COLUMNS)).toThrow(
    "table late: tables are made before the guest runs, by install",
  );
  await database.finish();
});

test("a database is replaced when the new one is whole; other files are not written over", async () => {
  const folder = scratch();
  const file = join(folder, "a.duckdb");
  await write(file, [GOOD], []);
  const database = await openDatabase(file);
  database.openTable("one", "other", COLUMNS);
  await database.start();
  expect(await query(file, "FROM saved")).toEqual([asStored(GOOD)]);
  await database.finish();
  expect(await query(file, "SELECT table_name FROM duckdb_tables()")).toEqual([{ table_name: "other" }]);

  const text = join(folder, "text");
  writeFileSync(text, "precious, and longer than a header");
  await expect(openDatabase(text)).rejects.toThrow("it is there and no DuckDB database");
  expect(readFileSync(text, "utf8")).toMatch("precious");
  await expect(openDatabase(join(folder, "a.parquet"))).rejects.toThrow(
    `give a folder, ${join(folder, "a/")}`,
  );
});

test("what cannot be written is told, and leaves nothing half done behind", async () => {
  const folder = scratch();
  const nowhere = await openDatabase(join(folder, "missing/a.duckdb"));
  await expect(nowhere.start()).rejects.toThrow(
    /^--db .*: it cannot be written: .*No such file or directory/,
  );

  // Where a table's file should be, there is a folder.
  mkdirSync(join(folder, "tables/counts.parquet/in-the-way"), { recursive: true });
  const tables = await openDatabase(join(folder, "tables"));
  tables.openTable("one", "counts", COLUMNS);
  await tables.start();
  await expect(tables.finish()).rejects.toThrow(/^--db .*: it cannot be written: /);
  expect(readdirSync(join(folder, "tables"))).toEqual(["counts.parquet"]);
});

test("the leaves of a result have paths that lead to them", () =>
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const leaves = [...leavesOf(value)];
      for (const { path, value: leaf } of leaves) {
        const steps = [...path.matchAll(/\.(\w+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)].map(
          ([, name, index, quoted]) => name ?? index ?? JSON.parse(quoted ?? ""),
        );
        const found = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], value);
        expect(found).toBe(leaf);
      }
      const count = (each: unknown): number =>
        typeof each === "object" && each !== null
          ? Object.values(each).reduce<number>((sum, child) => sum + count(child), 0)
          : Number(each !== null);
      expect(leaves).toHaveLength(count(value));
    }),
  ));
