import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Arguments } from "../arguments.js";
import { asText } from "../table.js";
import { picture } from "./picture.js";
import { PROGRAMS } from "./programs.js";
import { intoReadme } from "./readme.js";
import { OTHER_NODE_RECORD, RECORD, readRecord, writeRecord } from "./record.js";
import { report } from "./report.js";
import type { Results } from "./results.js";
import { measureSection, missing } from "./sections.js";

const RUNS = 5;
/** The picture of the tables. */
const PICTURE = fileURLToPath(new URL("../machine.svg", import.meta.url));
const README = fileURLToPath(new URL("../README.md", import.meta.url));

function show(results: Results): void {
  for (const { title, taken, tables } of report(results)) {
    console.log([`\n${title}`, ...(taken === undefined ? [] : [taken]), ...tables.map(asText)].join("\n"));
  }
}

/**
 * Measures the machine, section by section, and shows each as soon as it is there. Figures of all programs go into the record
 * of this Node or another; those of some only into a file that was asked for.
 */
export async function measureMachine({
  runs = RUNS,
  only,
  sections,
  json,
  ...engines
}: Arguments): Promise<void> {
  const own = engines.node === process.execPath ? RECORD : OTHER_NODE_RECORD;
  const file = json ?? (only ? undefined : own);
  const plan = {
    ...engines,
    runs,
    programs: PROGRAMS.filter(({ name }) => only === undefined || only.includes(name)),
    say: (text: string): void => console.error(`- ${text}`),
  };
  for (const name of sections) {
    const why = missing(name);
    if (why !== undefined) {
      console.log(`\n${name} left out: ${why}`);
      continue;
    }
    const results = await measureSection(name, plan);
    show(results);
    if (file !== undefined) writeRecord(file, results);
  }
}

/** Writes the tables and the picture of the record into the README. */
export function writeReadme(): void {
  const results = readRecord(RECORD);
  writeFileSync(PICTURE, picture(results));
  intoReadme(README, report(results, readRecord(OTHER_NODE_RECORD)));
}
