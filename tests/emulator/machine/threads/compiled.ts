import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { peer } from "../../../peers.js";
import { compile } from "../../../programs/harness/compile.js";
import type { Guest } from "../rig.js";

const COMPILER = "riscv64-linux-gnu-gcc";

/** Whether the guests of these tests can be compiled here. */
export const canCompile: boolean = peer(COMPILER);
/** What the tests say that need it. */
export const NEEDS = `(needs ${COMPILER})`;

/** One of the C programs in `guests`, compiled unless it was before. */
export async function compiled(name: string, ...args: readonly string[]): Promise<Guest> {
  const path = fileURLToPath(new URL(`guests/${name}.c`, import.meta.url));
  const made = await compile(
    {
      name,
      path,
      text: readFileSync(path, "utf8"),
      flags: ["-pthread"],
      link: "static",
      libraries: [],
      args,
      loopback: false,
      stdin: "",
      witness: "qemu",
    },
    "riscv64",
  );
  return { path: made, image: readFileSync(made), args };
}
