import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PROGRAMS, type Program } from "./program.js";

/** Whom a program is compiled for. */
export type Target = "riscv64" | "native";

const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/programs", import.meta.url));
const PREFIX: Readonly<Record<Target, string>> = { riscv64: "riscv64-linux-gnu-", native: "" };
/** Not `-Wall`: many programs do on purpose what a compiler warns of. */
const USUAL = ["-O2", "-w", "-D_GNU_SOURCE"];
const run = promisify(execFile);

/** The compiler for a source: gcc, or g++ for `.cc`. */
export function compilerOf(program: Program, target: Target): string {
  return `${PREFIX[target]}${program.path.endsWith(".cc") ? "g++" : "gcc"}`;
}

/**
 * Compiles a program and its libraries, unless that was done before.
 * The native one is always linked dynamically.
 * @returns path of the executable, alone in its folder with the libraries that it asks for.
 * @throws Error with what the compiler says.
 */
export async function compile(program: Program, target: Target): Promise<string> {
  const compiler = compilerOf(program, target);
  const flags = [
    ...USUAL,
    ...(target === "riscv64" && program.link === "static" ? ["-static"] : []),
    ...program.flags,
  ];
  const libraries = program.libraries.map((file) => join(dirname(program.path), file));
  const key = [versionOf(compiler), flags, program.text, header()];
  for (const library of libraries) key.push(readFileSync(library, "utf8"));
  const folder = join(CACHE, createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 24));
  const made = join(folder, "program");
  if (existsSync(made)) return made;

  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  for (const [index, library] of libraries.entries()) {
    const name = (program.libraries[index] ?? "").replace(/\.cc?$/, ".so");
    await run(compiler, [...USUAL, "-shared", "-fPIC", "-o", join(draft, name), library]);
  }
  await run(compiler, ["-o", join(draft, "program"), program.path, ...flags]);
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another worker was faster.
    if (!existsSync(made)) throw error;
    rmSync(draft, { recursive: true });
  }
  return made;
}

let shared: string | undefined;
function header(): string {
  shared ??= readFileSync(join(PROGRAMS, "show.h"), "utf8");
  return shared;
}

const versions = new Map<string, string>();
function versionOf(compiler: string): string {
  const known = versions.get(compiler);
  if (known !== undefined) return known;
  const version = spawnSync(compiler, ["--version"], { encoding: "utf8" }).stdout;
  versions.set(compiler, version);
  return version;
}
