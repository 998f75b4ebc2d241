import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SOURCES = fileURLToPath(new URL("./attacks/", import.meta.url));

/** One attack: a function in one of the C files, with what has to become of it. */
export interface Attack {
  readonly name: string;
  /** File without its ending: what it goes for. */
  readonly family: string;
  readonly expected: string;
}

/** The compiler that the attacks need. */
export const COMPILER = "riscv64-linux-gnu-gcc";

const files = (): readonly string[] => readdirSync(SOURCES).filter((file) => file.endsWith(".c"));

/** All attacks, as their sources list them. */
export function listAttacks(): readonly Attack[] {
  return files().flatMap((file) => {
    const text = readFileSync(`${SOURCES}${file}`, "utf8");
    return [...text.matchAll(/^ATTACK\((\w+), "([^"]*)"\)/gm)].map(([, name = "", expected = ""]) => ({
      name,
      family: file.replace(".c", ""),
      expected,
    }));
  });
}

/** Compiles them to one program for the guest. */
export function compileAttacks(path: string): void {
  const flags = ["-O1", "-w", "-D_GNU_SOURCE", "-static", "-pthread", "-fno-stack-protector"];
  execFileSync(COMPILER, [...flags, "-o", path, ...files().map((file) => `${SOURCES}${file}`)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}
