// Makes the reference of all that the packages export, from its docstrings, in docs/reference/html.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root, setup } from "./setup.mjs";

/** Runs typedoc; false if a public name has no docstring, or a link in one leads nowhere, which has been told. */
export function makeReference(...options) {
  const cwd = join(root, "docs/reference");
  const { status } = spawnSync(join(cwd, "node_modules/.bin/typedoc"), options, { cwd, stdio: "inherit" });
  return status === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup();
  if (!makeReference()) process.exitCode = 1;
}
