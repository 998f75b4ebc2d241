import { type Columns, createContainer, type Fault, type OpenTable, plugin, type Row } from "@qpp/core";
import fc from "fast-check";
import { expect, test } from "vitest";

interface Kept {
  readonly columns: Columns;
  readonly rows: Row[];
  closed: number;
}

function hostOf(openTable?: OpenTable) {
  const faults: Fault[] = [];
  const container = createContainer({
    host: { log() {}, fault: (fault) => void faults.push(fault), ...(openTable && { openTable }) },
  });
  return { container, faults };
}

/** Keeps tables in memory. */
function keeping() {
  const tables = new Map<string, Kept>();
  const openTable: OpenTable = (owner, name, columns) => {
    const table: Kept = { columns, rows: [], closed: 0 };
    tables.set(`${owner}: ${name}`, table);
    return {
      // A row may be changed once it has been taken.
      add: (row) => void table.rows.push({ ...row }),
      close: () => void table.closed++,
    };
  };
  return { tables, ...hostOf(openTable) };
}

const COUNTS = { pc: ["address", "Where"], count: ["integer", "How often"] } as const;

const counts = (name: string, rows = (): Iterable<{ pc: number; count: number }> => [{ pc: 1, count: 2 }]) =>
  plugin(name, { install: ({ saveTable }) => saveTable("counts", COUNTS, rows) });

const cell = fc.oneof(fc.integer(), fc.bigInt(), fc.string(), fc.boolean(), fc.double(), fc.constant(null));
const rowsOf = fc.array(fc.record({ pc: cell, count: cell }));

test("rows arrive whole, in order and once, whoever ends it", () =>
  fc.assert(
    fc.asyncProperty(
      rowsOf,
      rowsOf,
      fc.array(fc.constantFrom("finish", "uninstall"), { minLength: 1, maxLength: 3 }),
      async (saved, streamed, ends) => {
        const { container, tables, faults } = keeping();
        const both = plugin("both", {
          install({ saveTable, openTable }) {
            saveTable("saved", COUNTS, function* () {
              // One object for all rows.
              const row: Record<string, unknown> = {};
              for (const each of saved) yield Object.assign(row, each) as never;
            });
            const table = openTable("streamed", COUNTS);
            for (const row of streamed) table?.add(row as never);
          },
        });
        await container.load([{ plugin: both }]);
        expect(tables.get("both: saved")).toEqual({ columns: COUNTS, rows: [], closed: 0 });
        expect(tables.get("both: streamed")).toEqual({ columns: COUNTS, rows: streamed, closed: 0 });
        for (const end of ends) {
          if (end === "finish") container.finishFiles();
          else container.uninstall("both");
        }
        expect(tables.get("both: saved")).toEqual({ columns: COUNTS, rows: saved, closed: 1 });
        expect(tables.get("both: streamed")).toEqual({ columns: COUNTS, rows: streamed, closed: 1 });
        expect(faults).toEqual([]);
      },
    ),
  ));

test("where nobody wants tables, none are opened and no rows are asked for", async () => {
  for (const { container, faults } of [hostOf(), hostOf(() => undefined)]) {
    let opened: unknown;
    const asking = plugin("asking", {
      install({ saveTable, openTable }) {
        saveTable("counts", COUNTS, () => {
          throw new Error("asked");
        });
        opened = openTable("more", COUNTS);
      },
    });
    await container.load([{ plugin: asking }]);
    container.finishFiles();
    expect(opened).toBeUndefined();
    expect(faults).toEqual([]);
  }
});

test("rows that fail are a fault of their plugin, once; those before are kept, and so are the other tables", async () => {
  const { container, faults, tables } = keeping();
  let asked = 0;
  const failing = plugin("failing", {
    install({ saveTable }) {
      saveTable("counts", COUNTS, function* () {
        asked++;
        yield { pc: 1, count: 2 };
        throw new Error("no more");
      });
      saveTable("after", COUNTS, () => [{ pc: 3, count: undefined }]);
    },
  });
  await container.load([{ plugin: failing }, { plugin: counts("fine") }]);
  container.finishFiles();
  expect(faults.map(({ message }) => message)).toEqual([
    'plugin "failing" failed in table counts: Error: no more',
  ]);
  expect(asked).toBe(1);
  expect(tables.get("failing: counts")).toMatchObject({ rows: [{ pc: 1, count: 2 }], closed: 1 });
  expect(tables.get("failing: after")).toMatchObject({ rows: [{ pc: 3, count: undefined }], closed: 1 });
  expect(tables.get("fine: counts")).toMatchObject({ rows: [{ pc: 1, count: 2 }], closed: 1 });
});

test("a plugin whose file is a fault has its tables filled once all the same", async () => {
  const tables: Kept[] = [];
  const faults: Fault[] = [];
  const container = createContainer({
    host: {
      log() {},
      fault: (fault) => void faults.push(fault),
      openFile() {
        throw new Error("no space");
      },
      openTable(_owner, _name, columns) {
        const table: Kept = { columns, rows: [], closed: 0 };
        tables.push(table);
        return { add: (row) => void table.rows.push(row), close: () => void table.closed++ };
      },
    },
  });
  const failing = plugin("failing", {
    install({ save, saveTable }) {
      save("file", () => "");
      saveTable("counts", COUNTS, () => [{ pc: 1, count: 2 }]);
    },
  });
  await container.load([{ plugin: failing }]);
  container.finishFiles();
  expect(faults.map(({ where }) => where)).toEqual(["file file"]);
  expect(tables).toEqual([{ columns: COUNTS, rows: [{ pc: 1, count: 2 }], closed: 1 }]);
});

test("a host that cannot make a table has the plugin refused, with the reason", async () => {
  const { container } = hostOf((_owner, name) => {
    throw new Error(`table ${name}: there is one`);
  });
  const { refused } = await container.load([{ plugin: counts("late") }]);
  expect(refused.map(({ error }) => error.message)).toEqual([
    'plugin "late" could not be installed: Error: table counts: there is one',
  ]);
});

test.each([
  ["Counts", COUNTS, '"Counts" is no name: it must be lower-case letters, digits and underscores'],
  ["", COUNTS, '"" is no name: it must be lower-case letters, digits and underscores'],
  [
    "counts",
    { "a b": ["text", ""] },
    '"a b" is no name: it must be lower-case letters, digits and underscores',
  ],
  ["counts", {}, "it has no columns"],
] as const)("a table %j with columns %j is refused", async (name, columns, problem) => {
  const { container } = hostOf();
  const bad = plugin("bad", { install: ({ saveTable }) => saveTable(name, columns, () => []) });
  const { refused } = await container.load([{ plugin: bad }]);
  expect(refused[0]?.error.message).toContain(`plugin "bad": table ${name}: ${problem}`);
});

test("open tables are closed with their plugin, also with one that could not be installed", async () => {
  const { container, tables } = keeping();
  let add = (): void => {};
  const open = plugin("open", {
    install({ openTable }) {
      const table = openTable("counts", COUNTS);
      add = () => table?.add({ pc: 1, count: 2n });
    },
  });
  const failing = plugin("failing", {
    install({ openTable }) {
      openTable("counts", COUNTS)?.add({ pc: 1, count: null });
      throw new Error("cannot");
    },
  });
  await container.load([{ plugin: open }, { plugin: failing }]);
  expect(tables.get("failing: counts")).toMatchObject({ rows: [{ pc: 1, count: null }], closed: 1 });
  add();
  expect(tables.get("open: counts")).toMatchObject({ rows: [{ pc: 1, count: 2n }], closed: 0 });
  container.uninstall("open");
  expect(tables.get("open: counts")).toMatchObject({ rows: [{ pc: 1, count: 2n }], closed: 1 });
  expect(add).toThrow('table counts: plugin "open" has been uninstalled');
});
