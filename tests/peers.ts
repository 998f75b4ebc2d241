import { spawnSync } from "node:child_process";

const present = new Map<string, boolean>();

/**
 * Whether a peer program (a witness such as `qemu-riscv64`) can be run here. Tests that need one use
 * `describe.skipIf(!peer("qemu-riscv64"))("... (needs qemu-riscv64)", ...)`, so that its absence is reported by name.
 */
export function peer(command: string): boolean {
  let found = present.get(command);
  if (found === undefined) {
    found = spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
    present.set(command, found);
  }
  return found;
}
