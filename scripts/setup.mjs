// Installs what is pinned, with the pinned pnpm, through npx: a fresh clone needs Node and npm only.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds the workspace. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Lies in node_modules, so it goes when they go. */
const stampFile = join(root, "node_modules", ".qpp-setup");

/** Installs, unless what is installed was made from the present manifests. Ends the process when it cannot. */
export function setup() {
  requireNode(20, 19);
  const wanted = fingerprint();
  if (readIfThere(stampFile) === wanted) return;

  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  console.error(`installing with ${packageManager} …`);
  const { status, error } = spawnSync("npx", ["--yes", packageManager, "install", "--frozen-lockfile"], {
    cwd: root,
    // Standard output belongs to whoever called: it may be piped.
    stdio: ["ignore", 2, 2],
    env: { ...process.env, CI: "true", npm_config_loglevel: "error", npm_config_update_notifier: "false" },
  });
  if (status !== 0) {
    console.error(
      error ? `npx could not be started: ${error.message}` : "the installation failed; see above",
    );
    process.exit(1);
  }
  writeFileSync(stampFile, wanted);
}

function requireNode(major, minor) {
  const [hasMajor, hasMinor] = process.versions.node.split(".").map(Number);
  if (hasMajor > major || (hasMajor === major && hasMinor >= minor)) return;
  console.error(`Node ${major}.${minor} or newer is needed; this is ${process.versions.node}`);
  process.exit(1);
}

/** Of everything that decides what an installation contains, and links. */
function fingerprint() {
  const members = readdirSync(join(root, "packages")).map((name) => `packages/${name}/package.json`);
  const files = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ...members];
  const hash = createHash("sha256");
  const others = ["tests", "bench", "docs/reference"].map((name) => `${name}/package.json`);
  for (const file of [...files, ...others]) {
    hash.update(`${file}\0${readIfThere(join(root, file))}\0`);
  }
  return hash.digest("hex");
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
