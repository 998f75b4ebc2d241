// npm run debian-root: makes a root file system of Debian for riscv64 in the cache, from packages that apt verifies. Does nothing
// where it is there already. Tests of real programs and their benchmarks use it, and skip themselves without it.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openArchive } from "./debian-root/apt.mjs";
import { compilePython } from "./debian-root/compile-python.mjs";
import { CODENAME, PACKAGES } from "./debian-root/packages.mjs";
import { cacheFolder, rootFolder } from "./debian-root/place.mjs";
import { NotReachable } from "./debian-root/tools.mjs";
import { unpack } from "./debian-root/unpack.mjs";

const folder = cacheFolder();
const versionsFile = join(folder, "versions");

try {
  if (!isThere()) make();
  console.log(`${readFileSync(versionsFile, "utf8").trim()}\n${rootFolder()}`);
} catch (error) {
  if (!(error instanceof NotReachable)) throw error;
  console.log(`skipped: not reachable: ${error.message}`);
  // As sysexits.h has it: a failure that may be gone at another time.
  process.exitCode = 75;
}

function make() {
  const started = performance.now();
  mkdirSync(folder, { recursive: true });
  const apt = openArchive(folder);
  console.log(
    `downloading ${PACKAGES.length} packages of Debian ${CODENAME} for riscv64, and what they need ...`,
  );
  try {
    apt("-q=2", "--yes", "--download-only", "install", ...PACKAGES);
  } catch (error) {
    throw new NotReachable(error.message);
  }
  const made = join(folder, `root.${process.pid}`);
  mkdirSync(made);
  const archives = join(folder, "archives");
  unpack(archives, made);
  compilePython(made);
  const versions = readdirSync(archives)
    .filter((name) => name.endsWith(".deb"))
    .map((name) => decodeURIComponent(name).split("_").slice(0, 2).join(" "));
  rmSync(rootFolder(), { recursive: true, force: true });
  renameSync(made, rootFolder());
  rmSync(archives, { recursive: true });
  writeFileSync(versionsFile, `${versions.join("\n")}\n`);
  writeFileSync(join(folder, "made-from"), fingerprint());
  console.log(`made in ${Math.round((performance.now() - started) / 1000)} s`);
}

/** Whether the root was made by these scripts as they are now. */
function isThere() {
  const stamp = join(folder, "made-from");
  return existsSync(rootFolder()) && existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint();
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const name of ["packages.mjs", "unpack.mjs", "compile-python.mjs"])
    hash.update(readFileSync(new URL(`debian-root/${name}`, import.meta.url)));
  return hash.digest("hex");
}
