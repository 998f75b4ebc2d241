import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { catalog } from "@qpp/plugins/catalog";
import { expect, test } from "vitest";
import { readArguments } from "../../bench/arguments.js";
import { COUNTERPARTS } from "../../bench/plugins/counterparts.js";
import { EACH_EVENT } from "../../bench/plugins/guests.js";
import { type PluginsRecord, readPluginsRecord } from "../../bench/plugins/record.js";
import { pluginsMarkdown } from "../../bench/plugins/suite.js";
import { pluginTables } from "../../bench/plugins/tables.js";

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const record: PluginsRecord = {
  environment: "CPU, 2 cores",
  date: "2026-01-02",
  load: ["0.1 0.2 0.3", "1.0 1.0 1.0"],
  runs: 3,
  speeds: [
    { plugin: "empty", guest: "a", seconds: [1, 9, 2], bare: [2, 2, 2], counterparts: {} },
    { plugin: "empty", guest: "b", seconds: [4], bare: [1], counterparts: {} },
    {
      plugin: "insn",
      guest: "a",
      seconds: [2],
      bare: [1],
      counterparts: { "bench/peers/insn-inline.c": [1, 8, 4] },
    },
    {
      plugin: "insn",
      guest: "b",
      seconds: [4],
      bare: [1],
      counterparts: { "bench/peers/insn-inline.c": [2] },
    },
    {
      plugin: "execlog",
      guest: "a",
      seconds: [1],
      bare: [1],
      counterparts: { "tests/plugins/peers/execlog.c": [4] },
    },
  ],
  leftOut: { hwprofile: "it needs system mode" },
};

test("overhead is of medians, beside no plugin; the mean is geometric, of what there is", () => {
  const [overhead] = pluginTables(record);
  expect(overhead).toEqual({
    head: ["time with the plugin / without", "a", "b", "mean"],
    rows: [
      ["`empty`", "1.00", "4.00", "2.00"],
      ["`insn`", "2.00", "4.00", "2.83"],
      ["`execlog`", "1.00", "-", "1.00"],
    ],
    notes: ["Left out: `hwprofile`: it needs system mode"],
  });
});

test("counterparts are held to what is wanted of each; one that is not installed has no figures", () => {
  const [, beside] = pluginTables(record);
  expect(beside?.rows).toEqual([
    ["`insn`", "bench/peers/insn-inline.c", "2.00", "0.50", "1.00", "1", "met"],
    ["`execlog`", "tests/plugins/peers/execlog.c", "4.00", "-", "4.00", "5", "not met"],
  ]);
  const without = record.speeds.map((speed) => ({ ...speed, counterparts: {} }));
  expect(pluginTables({ ...record, speeds: without })[1]?.rows[0]).toEqual([
    "`insn`",
    "bench/peers/insn-inline.c",
    "-",
    "-",
    "-",
    "1",
    "-",
  ]);
});

test("what is compared is there", () => {
  const names = catalog.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([...Object.keys(COUNTERPARTS), ...EACH_EVENT]));
  for (const { engine, name } of Object.values(COUNTERPARTS).flat()) {
    if (engine === "qemu") expect(existsSync(here(name)), name).toBe(true);
  }
});

test("the plugins' figures in bench/README.md are those of the record", () => {
  expect(readFileSync(here("bench/README.md"), "utf8")).toContain(pluginsMarkdown(readPluginsRecord()));
});

test("plugins to measure are asked for by name", () => {
  expect(readArguments(["plugins", "2", "--only", "mem,cache"])).toMatchObject({
    commands: ["plugins"],
    runs: 2,
    only: ["mem", "cache"],
  });
  expect(() => readArguments(["plugins", "--only", "fib"])).toThrow('there is no plugin "fib"');
});
