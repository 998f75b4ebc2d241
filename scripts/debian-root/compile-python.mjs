import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { run } from "./tools.mjs";

const LIBRARY = "usr/lib/python3.13";
/** Left as they are: nobody starts them in a test. */
const LEFT_OUT = "/test|idlelib|turtle|tkinter|ensurepip|pydoc_data";

/**
 * Compiles python's library, as Debian's scripts do when it is installed: each start would do it otherwise. Without
 * qemu-riscv64 there is nothing to do it with.
 */
export function compilePython(root) {
  if (spawnSync("qemu-riscv64", ["--version"], { stdio: "ignore" }).status !== 0) {
    console.log("python's library stays uncompiled: there is no qemu-riscv64 here");
    return;
  }
  const environment = ["-E", `PYTHONHOME=${join(root, "usr")}`, "-E", "PYTHONDONTWRITEBYTECODE=1"];
  const python = ["-L", root, ...environment, join(root, "usr/bin/python3.13")];
  const names = ["-s", root, "-p", "/", "-x", LEFT_OUT];
  run("qemu-riscv64", ...python, "-m", "compileall", "-q", ...names, join(root, LIBRARY));
}
