// Everything that must hold before a change lands: installs, lints, looks for dead code, type-checks and builds, runs
// every test, and looks whether those of the fabric reach all of it. Goes on after a failure, so that one run tells all. Its last line is the count of tests.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAll } from "./build.mjs";
import { makeReference } from "./docs.mjs";
import { root, setup } from "./setup.mjs";

setup();

const folder = mkdtempSync(join(tmpdir(), "qpp-test-"));
/** What each run of tests reports. */
const reportFiles = [];
const failed = [
  step("lint", "biome", "ci", "--log-level=warn", "."),
  step("dead code", "knip"),
  await build(),
  referenceStep(),
  tests("tests"),
  // Most guests of the tests are too short to be translated.
  withVariable("QPP_TEST_TRANSLATE_AFTER", "1", () =>
    tests("the machine's tests, translated", "tests/emulator/machine"),
  ),
  coverage(),
].filter((name) => name !== undefined);

const counts = sum(reportFiles.map(count));
rmSync(folder, { recursive: true });
if (counts === undefined) failed.push("tests (they made no report)");
if (failed.length > 0) console.log(`\nFAILED: ${failed.join(", ")}; see above`);
const { passed, broken, skipped } = counts ?? { passed: 0, broken: 0, skipped: 0 };
console.log(`tests: ${passed} passed, ${broken} failed, ${skipped} skipped`);
process.exitCode = failed.length > 0 || broken > 0 ? 1 : 0;

/** Looks for public names without a docstring; "reference" if there are any. */
function referenceStep() {
  console.log("\n=== reference");
  return makeReference("--emit", "none") ? undefined : "reference";
}

/** Type-checks and builds; its name if it failed. */
async function build() {
  console.log("\n=== types and build");
  return (await buildAll()) ? undefined : "types and build";
}

/** The fabric's tests once more, each property tried twice only: what they reach does not depend on luck. */
function coverage() {
  const quick = [
    "--exclude=tests/core/allocation.test.ts",
    "--reporter=dot",
    "--coverage.reporter=text-summary",
  ];
  return withVariable("QPP_PROPERTY_RUNS", "2", () =>
    step("coverage", "vitest", "run", "--coverage", ...quick, "tests/core"),
  );
}

/** Runs tests, all of them unless told which, and has them counted. */
function tests(name, ...which) {
  const file = join(folder, `${reportFiles.length}.json`);
  reportFiles.push(file);
  return step(
    name,
    "vitest",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
    ...which,
  );
}

/** Does something while a variable is in the environment. */
function withVariable(name, value, action) {
  process.env[name] = value;
  try {
    return action();
  } finally {
    delete process.env[name];
  }
}

/** The counts of all runs together; undefined if one of them made no report. */
function sum(all) {
  return all.reduce(
    (a, b) =>
      a && b && { passed: a.passed + b.passed, broken: a.broken + b.broken, skipped: a.skipped + b.skipped },
  );
}

/** Runs one tool of the workspace in view; its name if it failed. */
function step(name, tool, ...args) {
  console.log(`\n=== ${name}`);
  const { status } = spawnSync(join(root, "node_modules", ".bin", tool), args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: process.stdout.isTTY ? process.env : { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1" },
  });
  return status === 0 ? undefined : name;
}

/** Reads vitest's report; undefined if it did not get to write one. A file that cannot even be loaded is one failure. */
function count(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
  const unloadable = report.testResults.filter(
    (f) => f.status === "failed" && f.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    broken: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
