// Type-checks everything and builds the packages: declarations by tsc, JavaScript by esbuild. See docs/decisions/0005.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { root, setup } from "./setup.mjs";

/** How each package is built, in the order of what is made from what. */
const PACKAGES = { core: library, emulator: library, plugins: pieces, cli: command };
/** What the command has in its one file, though it comes from elsewhere. All else is shared with plugins, or rarely wanted. */
const INLINED = ["commander", "@qpp/plugins/text"];

/** Builds all packages; false if something is wrong, which has been told. */
export async function buildAll() {
  const { status } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-b"], { cwd: root, stdio: "inherit" });
  if (status !== 0) return false;
  // What builds must be installed before it can be imported.
  const { build } = await import("esbuild");
  const interpreter = await generateInterpreter(build);
  for (const [name, how] of Object.entries(PACKAGES)) {
    const folder = join(root, "packages", name);
    const { outputFiles } = await build({
      write: false,
      absWorkingDir: folder,
      outbase: "src",
      outdir: "dist",
      format: "esm",
      platform: "node",
      target: "node20.19",
      sourcemap: true,
      logLevel: "warning",
      define: { INTERPRETER_FILE: JSON.stringify(interpreter.name) },
      ...how(folder),
    });
    if (name === "cli") outputFiles.push(...(await buildReportPage(build, folder)));
    // In front: what is built refers to it.
    if (name === "emulator")
      outputFiles.unshift({ path: join(folder, "dist", interpreter.name), contents: interpreter.bytes });
    for (const { path, contents } of outputFiles) replace(path, contents);
    removeLeftovers(folder, new Set(outputFiles.map(({ path }) => path)));
  }
  return true;
}

/** Loaded whole: one file for each entry point, and for what they share. */
function library(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const entryPoints = Object.values(exports).map((entry) => join(folder, entry["@qpp/source"]));
  return { entryPoints, bundle: true, splitting: true, packages: "external" };
}

/** Loaded piece by piece, as a run needs them: file by file. */
function pieces(folder) {
  return { entryPoints: filesIn(join(folder, "src"), /\.ts$/) };
}

/**
 * Started: one file, and beside it those that it hands to Node by their names. What any of its sources imports from elsewhere
 * at its top is loaded at every start, whatever for; a test tells.
 */
function command(folder) {
  const files = ["main.ts", "plugin/module-hooks.ts", "watch/child.ts"].map((file) =>
    join(folder, "src", file),
  );
  return {
    entryPoints: files.map((file) => ({ in: file, out: basename(file, ".ts") })),
    bundle: true,
    plugins: [{ name: "inlined", setup: leaveOthersOut }],
    // What is inlined of CommonJS requires Node's own modules.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
  };
}

function leaveOthersOut(build) {
  build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
    kind === "entry-point" || INLINED.includes(path) ? undefined : { path, external: true },
  );
}

/** What runs in the browser that shows a report: a script and a style, which the command puts into the page. */
async function buildReportPage(build, folder) {
  const { outputFiles } = await build({
    write: false,
    entryPoints: { "report-page": join(folder, "page/main.tsx") },
    outdir: join(folder, "dist"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    tsconfig: join(folder, "page/tsconfig.json"),
    logLevel: "warning",
  });
  return outputFiles;
}

/** The interpreter's module and the name of its file, which tells it from that of other builds. */
async function generateInterpreter(build) {
  const { outputFiles } = await build({
    write: false,
    entryPoints: [join(root, "packages/emulator/src/interpreter/generated.ts")],
    format: "esm",
    bundle: true,
    logLevel: "warning",
  });
  const { interpreterModule } = await import(
    `data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`
  );
  const bytes = interpreterModule();
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  return { name: `interpreter-${hash}.wasm`, bytes };
}

/** Writes a file whole or not at all, and only if it changes: the command may be running from these files. */
function replace(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, contents);
  renameSync(beside, path);
}

/** Removes what was built of sources that are gone, or cut otherwise; tsc keeps such declarations. */
function removeLeftovers(folder, built) {
  for (const file of filesIn(join(folder, "dist"), /\.(js(\.map)?|css|wasm)$/))
    if (!built.has(file)) rmSync(file);
  for (const file of filesIn(join(folder, "dist"), /\.d\.ts$/)) {
    const source = join(folder, "src", relative(join(folder, "dist"), file).replace(/\.d\.ts$/, ".ts"));
    if (existsSync(source)) continue;
    rmSync(file);
    rmSync(`${file}.map`, { force: true });
  }
}

function filesIn(folder, pattern) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => pattern.test(file))
    .map((file) => join(folder, file));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup();
  if (!(await buildAll())) process.exitCode = 1;
}
