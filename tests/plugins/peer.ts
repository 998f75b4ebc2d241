import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { peer } from "../peers.js";

const [QEMU, GCC] = ["qemu-riscv64", "gcc"];
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Whether plugins of QEMU can be built and run here. */
export const hasPeers: boolean = peer(QEMU) && peer(GCC);
/** What the tests say that need them. */
export const NEEDS_PEERS = `(needs ${QEMU} and ${GCC})`;

/**
 * Builds a plugin of QEMU's from `peers`, and gives what it found in a program of `guests/bin`, or of another absolute path.
 *
 * @param plugin its name, with arguments after commas as QEMU takes them
 */
export function foundByPeer(plugin: string, program: string, ...args: readonly string[]): unknown {
  return JSON.parse(writtenByPeer(plugin, program, ...args));
}

/** The same for a plugin that writes something else than JSON: gives its text. */
export function writtenByPeer(plugin: string, program: string, ...args: readonly string[]): string {
  const [name = "", ...options] = plugin.split(",");
  const folder = mkdtempSync(join(tmpdir(), "qpp-peer-"));
  try {
    const [object, out] = [join(folder, "peer.so"), join(folder, "found.json")];
    const flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden"];
    execFileSync(GCC, [...flags, "-I", path("../../bench/peers"), "-o", object, path(`peers/${name}.c`)]);
    const { error } = spawnSync(QEMU, [
      "-plugin",
      [object, `out=${out}`, ...options].join(","),
      resolve(path("../../guests/bin"), program),
      ...args,
    ]);
    if (error) throw error;
    return readFileSync(out, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
