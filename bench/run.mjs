// npm run bench [-- [fabric|machine] [RUNS]]: measures, side by side with peers, and prints tables. See README.md.
import { existsSync } from "node:fs";
import { fabricTables } from "./fabric/tables.mjs";
import { machineTables } from "./machine/tables.mjs";
import { environment, load } from "./measure.mjs";

const SUITES = { fabric: { tables: fabricTables, runs: 3 }, machine: { tables: machineTables, runs: 5 } };

const wanted = process.argv.slice(2);
const names = wanted[0] in SUITES ? [wanted.shift()] : Object.keys(SUITES);
const runs = wanted.length === 0 ? undefined : Number(wanted.shift());
if (wanted.length > 0 || (runs !== undefined && !(Number.isInteger(runs) && runs >= 1))) {
  console.error(
    `bench: cannot read "${process.argv.slice(2).join(" ")}": give fabric or machine or neither, then a whole number of runs of 1 or more`,
  );
  process.exit(125);
}
if (!existsSync(new URL("../packages/cli/dist/main.js", import.meta.url))) {
  console.error("bench: the packages are not built: run npm run build first");
  process.exit(125);
}

console.log(environment());
for (const name of names) {
  const suite = SUITES[name];
  for (const table of suite.tables(runs ?? suite.runs)) console.log(`\n${table}`);
}
console.log(`\nload at the end: ${load()}`);
