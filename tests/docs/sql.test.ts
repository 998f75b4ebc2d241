import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { catalog } from "@qpp/plugins/catalog";
import { type Cell, table } from "@qpp/plugins/text";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { query, queryText } from "../db/read.js";
import { blocksOf, commandsOf } from "./blocks.js";
import { createPageFolder } from "./folder.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const qpp = `'${process.execPath}' '${join(root, "packages/cli/bin/qpp.js")}'`;

describe("docs/sql.md", () => {
  const page = readFileSync(join(root, "docs/sql.md"), "utf8");
  const blocks = blocksOf(page);
  const commands = blocks.flatMap(({ language, text }) => (language === "console" ? commandsOf(text) : []));
  const questions = blocks.flatMap(({ language, file, text, line }, i) =>
    language === "sql" && file !== undefined ? [{ file, sql: text, line, shown: blocks[i + 1] }] : [],
  );
  const databases = [...new Set(questions.map(({ file }) => file))];
  let folder: string;

  beforeAll(() => {
    folder = createPageFolder(root, "sql", ["guests"]);
    for (const { command } of commands) {
      const { status, stderr } = spawnSync("sh", ["-c", command.replace("npx qpp", qpp)], {
        cwd: folder,
        encoding: "utf8",
      });
      expect(status === 0 || command.endsWith("scratch"), stderr).toBe(true);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has ten questions", () => {
    expect(questions).toHaveLength(10);
  });

  it.each(questions)("line $line: the answer is what the page shows", async ({ file, sql, shown }) => {
    const { names, rows } = await queryText(join(folder, file), sql);
    expect(rows.length).toBeGreaterThan(0);
    expect(shown?.language).toBe("text");
    expect(
      `${table(
        names,
        rows.map((row) => row.map(toCell)),
      )}\n`,
    ).toBe(shown?.text);
  });

  it("has every column of every table, with what it holds", async () => {
    const found = await Promise.all(databases.map((file) => schemaOf(join(folder, file))));
    const schema = Object.assign({}, ...found) as Record<string, string[]>;
    expect(tablesOf(page)).toEqual(schema);
  });

  it("has the tables of every plugin that offers any", () => {
    const loaded = commands.flatMap(({ command }) =>
      [...command.matchAll(/-p (\w+)/g)].map(([, name]) => name),
    );
    // Loaded along with those that require them.
    const offering = catalog.filter(({ url }) =>
      /saveTable\(|openTable\(/.test(readFileSync(fileURLToPath(url), "utf8")),
    );
    expect(offering.length).toBeGreaterThan(5);
    for (const { name } of offering) expect([...loaded, "symbols"]).toContain(name);
  });
});

/** By table: its columns as rows of the page's tables. */
async function schemaOf(path: string): Promise<Record<string, string[]>> {
  const columns = await query(
    path,
    `SELECT table_name AS of, column_name AS name, data_type AS type, comment FROM duckdb_columns()
     WHERE NOT internal ORDER BY table_oid, column_index`,
  );
  const tables: Record<string, string[]> = {};
  for (const { of, name, type, comment } of columns) {
    tables[String(of)] ??= [];
    tables[String(of)]?.push(`| \`${name}\` | ${type} | ${comment} |`);
  }
  return tables;
}

/** By heading: the rows of the table below it. */
function tablesOf(page: string): Record<string, string[]> {
  const sections = page.slice(page.indexOf("\n## Tables")).split(/^### /m).slice(1);
  return Object.fromEntries(
    sections.map((section) => [
      section.slice(0, section.indexOf("\n")),
      section
        .split("\n")
        .filter((line) => line.startsWith("| `"))
        // Padded, so that columns are straight.
        .map((line) => line.replaceAll(/ +/g, " ")),
    ]),
  );
}

function toCell(value: unknown): Cell {
  if (value === null) return "";
  // 64-bit numbers are texts in JSON.
  if (typeof value === "string") return /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof value === "number" ? value : JSON.stringify(value);
}
