// npm run bench [-- [fabric|machine|plugins|readme] [RUNS] [--only …] [--sections …] [--node …] [--interpreter] [--json …]]: measures,
// side by side with peers, and prints tables. See README.md.
import { existsSync } from "node:fs";
import { type Arguments, ArgumentsError, readArguments } from "./arguments.js";
import { fabricTables } from "./fabric/tables.js";
import { measureMachine, writeReadme } from "./machine/suite.js";
import { environment, environmentText, load } from "./measure.js";
import { plugins } from "./plugins/suite.js";
import { asText } from "./table.js";

const OWN_FAILURE = 125;
const FABRIC_RUNS = 3;
const PLUGIN_RUNS = 3;

function fail(message: string): never {
  console.error(`bench: ${message}`);
  process.exit(OWN_FAILURE);
}

function understood(): Arguments {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    if (error instanceof ArgumentsError) fail(error.message);
    throw error;
  }
}

const asked = understood();
if (!existsSync(new URL("../packages/cli/dist/main.js", import.meta.url))) {
  fail("the packages are not built: run npm run build first");
}
for (const command of asked.commands) {
  if (command === "readme") {
    writeReadme();
    continue;
  }
  console.log(`${environmentText(environment(asked.node))}; load ${load()}`);
  if (command === "machine") await measureMachine(asked);
  else if (command === "plugins")
    plugins({
      runs: asked.runs ?? PLUGIN_RUNS,
      node: asked.node,
      only: asked.only,
      say: (text) => console.error(`- ${text}`),
    });
  else for (const table of fabricTables(asked.runs ?? FABRIC_RUNS)) console.log(`\n${asText(table)}`);
  console.log(`\nload at the end: ${load()}`);
}
