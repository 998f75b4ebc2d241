// The main job, from a fresh clone: installs, builds, and runs a guest for a second or so under three plugins, one of
// them a file of ten lines.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildAll } from "./build.mjs";
import { root, setup } from "./setup.mjs";

setup();
console.log("building …");
if (!(await buildAll())) process.exit(1);
const command = [
  "run --progress -p hotblocks,limit=10 -p syscalls_logger -p docs/examples/opened.ts",
  "--allow-read guests/data guests/bin/json guests/data/stations.json 180",
];
run(`$ npx qpp ${command.join(" \\\n    ")}`, [
  process.execPath,
  join(root, "packages/cli/bin/qpp.js"),
  ...command.join(" ").split(" "),
]);

/** Says what is done and does it, in view; ends the process if it fails. */
function run(what, [tool, ...args]) {
  console.log(what);
  const { status } = spawnSync(tool, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
