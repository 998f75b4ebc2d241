import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder with one folder of programs per category. */
export const PROGRAMS: string = fileURLToPath(new URL("..", import.meta.url));

/** Who says what a program does: QEMU, or Linux itself running the same source compiled for this machine. */
export type Witness = "qemu" | "native";

/** One program: a source file, and what comment lines in it ask for. */
export interface Program {
  /** Category and file name, as in `files/rename.c`. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** `// flags: -pthread`: for the compiler, beyond the usual ones. */
  readonly flags: readonly string[];
  /** `// link: dynamic`: against the shared libraries of the cross compiler; statically unless told. */
  readonly link: "static" | "dynamic";
  /** `// libraries: one.c`: sources in the same folder, each made a shared library beside the program (`one.so`). */
  readonly libraries: readonly string[];
  /** `// args: one two`. */
  readonly args: readonly string[];
  /** `// network: loopback`; none unless told. */
  readonly loopback: boolean;
  /** `// stdin: text`, with the escapes of JSON. */
  readonly stdin: string;
  /** `// witness: native, because ...`; QEMU unless told. */
  readonly witness: Witness;
}

/** The categories: every folder with programs in it. */
export function categories(): readonly string[] {
  return readdirSync(PROGRAMS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && programsOf(entry.name).length > 0)
    .map((entry) => entry.name);
}

/** The programs of a category, by name; sources that belong to another program (`lib-*`) are none. */
export function programsOf(category: string): readonly Program[] {
  return readdirSync(`${PROGRAMS}${category}`)
    .filter((file) => [".c", ".cc"].includes(extname(file)) && !file.startsWith("lib-"))
    .sort()
    .map((file) => readProgram(category, file));
}

/** A shell for programs that call for one; it is what the guest finds as `/bin/sh`. */
export function shell(): Program {
  return readProgram("processes", "lib-sh.c");
}

function readProgram(category: string, file: string): Program {
  const path = `${PROGRAMS}${category}/${file}`;
  const text = readFileSync(path, "utf8");
  const told = (key: string): string => new RegExp(`^// ${key}: (.*)$`, "m").exec(text)?.[1] ?? "";
  const words = (key: string): readonly string[] =>
    told(key)
      .split(" ")
      .filter((word) => word !== "");
  return {
    name: `${category}/${file}`,
    path,
    text,
    flags: words("flags"),
    link: told("link") === "dynamic" ? "dynamic" : "static",
    libraries: words("libraries"),
    args: words("args"),
    loopback: told("network") === "loopback",
    stdin: JSON.parse(`"${told("stdin")}"`) as string,
    witness: told("witness").startsWith("native") ? "native" : "qemu",
  };
}
