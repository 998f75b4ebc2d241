import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { parquet, query } from "../db/read.js";
import { command, document, folderWith, guest, qpp, root } from "./qpp.js";

test("--db: what every run has, the same as in the JSON document", async () => {
  const file = join(folderWith(), "run.duckdb");
  const { machine, plugins } = document(["--db", file, "-p", "syscall", "-p", "mem", guest("hash")]);
  expect(await query(file, "SELECT * EXCLUDE seconds FROM run")).toEqual([
    {
      program: guest("hash"),
      arguments: "[]",
      seed: 0n,
      exit_code: 0n,
      signal: null,
      stopped: null,
      insns: BigInt(machine.insns),
      guest_ns: expect.any(BigInt),
    },
  ]);
  const results = await query(file, "SELECT plugin, result FROM plugins WHERE result IS NOT NULL");
  expect(Object.fromEntries(results.map((each) => [each.plugin, JSON.parse(String(each.result))]))).toEqual(
    plugins,
  );
  expect(await query(file, "SELECT path, value FROM counters WHERE plugin = 'mem' ORDER BY path")).toEqual([
    { path: "$.loads", value: (plugins.mem as { loads: number }).loads },
    { path: "$.stores", value: (plugins.mem as { stores: number }).stores },
  ]);
  expect(await query(file, "SELECT pid, name, first_insns, exit_code FROM processes")).toEqual([
    { pid: 100n, name: "hash", first_insns: 0n, exit_code: 0n },
  ]);
  expect(
    await query(file, "SELECT name FROM mappings WHERE permissions = 'r-xp' AND name = '[vdso]'"),
  ).toHaveLength(1);
  expect(await query(file, "FROM faults")).toEqual([]);
});

test("--db: what coverage, regions, files, hooks and watch found, by what others counted in the same run", async () => {
  const folder = folderWith();
  const file = join(folder, "found.duckdb");
  const wanted = [
    "coverage,edges=on",
    "regions",
    "files",
    "hooks,trace=main",
    "watch,symbol=__curbrk",
    "bb",
    "mem",
  ];
  const { machine, plugins } = document([
    ...["--db", file, "--allow-read", folder, "--allow-write", folder],
    ...wanted.flatMap((name) => ["-p", name]),
    ...[guest("files"), folder],
  ]);
  const one = async (sql: string): Promise<unknown> => Object.values((await query(file, sql))[0] ?? {})[0];
  const sum = (what: string): Promise<unknown> =>
    one(`SELECT sum(${what.replace(" of ", ")::BIGINT FROM ")}`);
  const { blocks } = plugins.bb as { blocks: number };
  expect(await sum("executions of coverage_blocks")).toBe(BigInt(blocks));
  expect(await sum("instructions * executions of coverage_blocks")).toBe(BigInt(machine.insns));
  expect(await sum("executions of coverage_edges")).toBe(BigInt(blocks - 1));
  expect(await one("SELECT count(*) FROM coverage_lines")).toBe(0n);
  const { loads, stores } = plugins.mem as { loads: number; stores: number };
  expect(await sum("loads of region_accesses")).toBe(BigInt(loads));
  expect(await sum("stores of region_accesses")).toBe(BigInt(stores));
  const { files } = plugins.files as { files: { path: string; bytesRead: number; opens: number }[] };
  expect(files.length).toBeGreaterThan(3);
  expect(await query(file, "SELECT path, opens, bytes_read FROM files")).toEqual(
    files.map(({ path, opens, bytesRead }) => ({
      path,
      opens: BigInt(opens),
      bytes_read: BigInt(bytesRead),
    })),
  );
  expect(await query(file, "FROM hooked_calls")).toEqual([{ function: "main", calls: 1n }]);
  const { last } = plugins.watch as { last: { before: string; after: string }[] };
  expect(last.length).toBeGreaterThan(1);
  expect(
    await query(file, "SELECT before, after FROM watched_accesses WHERE pid = 100 AND vcpu = 0"),
  ).toEqual(last.map(({ before, after }) => ({ before, after })));
});

test("--db: a folder gets a Parquet file for each table", async () => {
  const folder = join(folderWith(), "tables/");
  expect(qpp(["run", "-q", "--db", folder, "-p", "syscalls", guest("exit-code"), "42"]).code).toBe(42);
  expect(readdirSync(folder).sort()).toEqual(
    ["counters", "faults", "mappings", "plugins", "processes", "run", "syscalls"].map(
      (name) => `${name}.parquet`,
    ),
  );
  expect(await parquet(join(folder, "run.parquet"))).toMatchObject([{ exit_code: 42n }]);
  expect((await parquet(join(folder, "syscalls.parquet"))).at(-1)).toMatchObject({
    name: "exit_group",
    arguments: "42",
    result: null,
  });
});

test("--db: without the optional package it is refused before the guest runs", () => {
  const folder = folderWith({
    "resolve.mjs": `export const resolve = (name, context, next) => {
      if (name.startsWith("@duckdb/")) throw Object.assign(new Error("no"), { code: "ERR_MODULE_NOT_FOUND" });
      return next(name, context);
    };`,
    "without.mjs": `import { register } from "node:module"; register("./resolve.mjs", import.meta.url);`,
  });
  const hook = pathToFileURL(join(folder, "without.mjs")).href;
  const before = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = `--import=${hook}`;
  try {
    const file = join(folder, "a.duckdb");
    expect(qpp(["run", "--db", file, guest("hello")])).toEqual({
      code: 125,
      stdout: "",
      stderr: `qpp: --db ${file} needs the optional package @duckdb/node-api, which is not installed; npm install @duckdb/node-api, where qpp is installed\n`,
    });
    expect(existsSync(file)).toBe(false);
    expect(qpp(["run", "-q", guest("exit-code"), "3"]).code).toBe(3);
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
  }
});

test("--db: what there is at a fault and at Ctrl-C is written", async () => {
  const folder = folderWith({
    "failing.mjs": `import { plugin } from "@qpp/core"; import { machine } from "@qpp/emulator/contract";
      export default plugin("failing", { requires: { machine }, install({ machine, openTable }) {
        const table = openTable("seen", { n: ["integer", "number"] });
        let n = 0;
        machine.blocks.executed.register(() => { table.add({ n: n++ }); if (n === 10) throw new Error("enough"); });
      } });`,
  });
  const file = join(folder, "a.duckdb");
  const plugin = join(folder, "failing.mjs");
  expect(qpp(["run", "-q", "--db", file, "-p", plugin, guest("hello")]).code).toBe(125);
  expect(await query(file, "SELECT count(*) AS n, max(n) AS most FROM seen")).toEqual([{ n: 10n, most: 9n }]);
  expect(await query(file, "SELECT plugin, message FROM faults")).toEqual([
    { plugin: "failing", message: expect.stringContaining("enough") },
  ]);

  const stopped = join(folder, "b.duckdb");
  const child = spawn(
    process.execPath,
    [command, "run", "--progress", "--db", stopped, "-p", "syscalls", guest("fib"), "50"],
    { cwd: root, stdio: ["ignore", "ignore", "pipe"] },
  );
  await once(child.stderr, "data");
  child.kill("SIGINT");
  child.stderr.resume();
  expect(await once(child, "close")).toEqual([130, null]);
  expect(await query(stopped, "SELECT stopped FROM run")).toEqual([{ stopped: "interrupted" }]);
  expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
});
