import type { Extensions } from "../../../isa/riscv/extensions.js";
import type { Tree } from "../tree/tree.js";

/** The texts of proc(5) about the machine as a whole. */

const KIB = 1024;

/** /proc/cpuinfo, as arch/riscv/kernel/cpu.c writes it. */
export function cpuText(extensions: Extensions): string {
  return [
    ["processor", "0"],
    ["hart", "0"],
    ["isa", isaText(extensions)],
    ["mmu", "sv39"],
    ["mvendorid", "0x0"],
    ["marchid", "0x0"],
    ["mimpid", "0x0"],
  ]
    .map(([name, value]) => `${name}\t${(name ?? "").length < 8 ? "\t" : ""}: ${value}\n`)
    .join("")
    .concat("\n");
}

/** Extensions of more than a letter in the order in which Linux names them (arch/riscv/kernel/cpufeature.c): Zi* come first. */
function isaText(extensions: Extensions): string {
  const names = [...ALWAYS, ...extensions].map((name) => name.toLowerCase());
  const rank = (name: string): string => (name.startsWith("zi") ? `0${name}` : `1${name}`);
  return ["rv64imafdc", ...names.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))].join("_");
}

const ALWAYS = ["Zicntr", "Zicsr", "Zifencei"] as const;

/** /proc/version. */
export const VERSION = "Linux version 6.12.0 (qpp) #1 SMP\n";

/** /proc/filesystems. */
export const FILE_SYSTEMS = "nodev\tproc\nnodev\ttmpfs\nnodev\tdevtmpfs\n\text4\n";

/** /proc/meminfo: a machine that has as much memory as a guest may map. */
export function memoryText(total: number): string {
  const row = (name: string, bytes: number): string =>
    `${`${name}:`.padEnd(16)}${Math.floor(bytes / KIB)
      .toString()
      .padStart(8)} kB\n`;
  return [
    row("MemTotal", total),
    row("MemFree", total / 2),
    row("MemAvailable", total / 2),
    ...["Buffers", "Cached", "SwapCached", "Active", "Inactive", "SwapTotal", "SwapFree", "Dirty"].map(
      (name) => row(name, 0),
    ),
    row("CommitLimit", total),
    row("Committed_AS", 0),
  ].join("");
}

/** /proc/uptime, in seconds. */
export function uptimeText(nanoseconds: number): string {
  const seconds = (nanoseconds / 1e9).toFixed(2);
  return `${seconds} 0.00\n`;
}

/** /proc/stat; a tick is 10 ms. */
export function machineText(nanoseconds: number, startSeconds: number, processes: number): string {
  const ticks = Math.floor(nanoseconds / 1e7);
  const times = `${ticks} 0 0 0 0 0 0 0 0 0`;
  return (
    `cpu  ${times}\ncpu0 ${times}\nintr 0\nctxt 0\nbtime ${startSeconds}\n` +
    `processes ${processes}\nprocs_running 1\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n`
  );
}

const escaped = (path: string): string =>
  path.replace(/[ \t\n\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);

const options = (mount: { writable: boolean }): string => (mount.writable ? "rw" : "ro");

/** /proc/mounts (fstab(5)). What the host calls things is not told. */
export function mountsText(tree: Tree): string {
  return tree.mounts
    .map(
      ({ path, mount }) =>
        `${mount.kind} ${escaped(path)} ${mount.kind} ${options(mount)},nosuid,nodev,noatime 0 0\n`,
    )
    .join("");
}

/** /proc/pid/mountinfo. */
export function mountInfoText(tree: Tree): string {
  return tree.mounts
    .map(
      ({ path, mount }) =>
        `${mount.id} 0 0:${mount.id} / ${escaped(path)} ${options(mount)},nosuid,nodev,noatime - ${mount.kind} ${mount.kind} ${options(mount)}\n`,
    )
    .join("");
}
