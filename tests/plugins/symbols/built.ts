import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const GUESTS = fileURLToPath(new URL("guests/", import.meta.url));
const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/symbols/", import.meta.url));
const PREFIX = "riscv64-linux-gnu-";

/** The cross compilers and binary tools that these tests call. */
export const TOOLS = ["gcc", "g++", "nm", "addr2line", "objdump", "strip"].map((tool) => PREFIX + tool);

/** Calls one of them; gives what it prints. */
export function tool(name: string, args: readonly string[], input = ""): string {
  return execFileSync(PREFIX + name, args, { encoding: "utf8", input, maxBuffer: 2 ** 28 });
}

/** Builds one of the sources in `guests`, unless that was done before; gives the path of what it makes. */
export function built(source: string, flags: readonly string[]): string {
  const path = join(GUESTS, source);
  const key = JSON.stringify([readFileSync(path, "utf8"), flags]);
  const folder = join(CACHE, createHash("sha256").update(key).digest("hex").slice(0, 16));
  const made = join(folder, source.replace(/\.cc?$/, flags.includes("-shared") ? ".so" : ""));
  if (existsSync(made)) return made;
  mkdirSync(dirname(made), { recursive: true });
  tool(
    source.endsWith(".cc") ? "g++" : "gcc",
    ["-o", `${made}.${process.pid}`, source, ...flags].map((arg) => (arg === source ? path : arg)),
  );
  renameSync(`${made}.${process.pid}`, made);
  return made;
}
