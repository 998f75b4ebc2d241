import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { picture } from "../../bench/machine/picture.js";
import { intoReadme, markdown } from "../../bench/machine/readme.js";
import { OTHER_NODE_RECORD, RECORD, readRecord, writeRecord } from "../../bench/machine/record.js";
import { report } from "../../bench/machine/report.js";
import { section } from "./results.js";

const bench = (file: string): string => fileURLToPath(new URL(`../../bench/${file}`, import.meta.url));

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "qpp-bench-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe("the figures in bench/README.md", () => {
  const results = readRecord(RECORD);

  test("are those of the records", () => {
    expect(readFileSync(bench("README.md"), "utf8")).toContain(
      markdown(report(results, readRecord(OTHER_NODE_RECORD))),
    );
  });

  test("are drawn in bench/machine.svg", () => {
    expect(readFileSync(bench("machine.svg"), "utf8")).toBe(picture(results));
  });
});

test("a report goes between the marks, and what is around them stays", () => {
  const file = join(scratch(), "README.md");
  const marks = readFileSync(bench("README.md"), "utf8").match(/<!-- (from here|up to here).*?-->/g) ?? [];
  expect(marks.length).toBe(2);
  writeFileSync(file, `before\n\n${marks.join("\nold\n")}\nafter\n`);
  intoReadme(file, [{ title: "New", tables: [{ head: ["a", "b"], rows: [["x|y", 1.5]] }] }]);
  expect(readFileSync(file, "utf8")).toBe(
    `before\n\n${marks.join("\n\n### New\n\n| a    |   b |\n| ---- | --: |\n| x\\|y | 1.5 |\n\n")}\nafter\n`,
  );
});

test("what figures were taken on is told where it changes", () => {
  const startUp = section({ qpp: [1] });
  const elsewhere = { ...startUp, environment: { ...startUp.environment, cpu: "another CPU" } };
  const text = markdown(report({ startUp, warmUp: startUp }, { startUp: elsewhere }));
  expect(text.match(/^.*cores; .*$/gm)).toEqual([
    "CPU, 2 cores; Node v20.",
    "another CPU, 2 cores; Node v20.",
  ]);
});

test("a file without marks is refused", () => {
  const file = join(scratch(), "README.md");
  writeFileSync(file, "nothing\n");
  expect(() => intoReadme(file, [])).toThrow("no place for the tables");
});

test("a record keeps the sections that are not written anew", () => {
  const file = join(scratch(), "machine.json");
  const crowds = (seconds: number) => section([{ lane: "inline", plugins: 1, seconds: [seconds] }]);
  const startUp = section({ qpp: [1] });
  writeRecord(file, { startUp, crowds: crowds(1) });
  writeRecord(file, { crowds: crowds(2) });
  expect(readRecord(file)).toEqual({ startUp, crowds: crowds(2) });
});
