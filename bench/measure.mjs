import { spawnSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import Table from "cli-table3";

/** The middle one. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Runs a command; its standard output, or an error that says what failed. */
export function outputOf(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (error !== undefined || status !== 0) {
    throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? stderr}`);
  }
  return stdout;
}

/** Seconds that a whole process takes. */
export function secondsOf(command, args) {
  const start = performance.now();
  outputOf(command, args);
  return (performance.now() - start) / 1000;
}

/** Whether a peer can be run here. */
export function hasPeer(command) {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

export const round = (value, digits = 2) => value.toFixed(digits);

/** A table as text. */
export function table(head, rows) {
  const made = new Table({ style: { head: [], border: [] }, head });
  made.push(...rows);
  return made.toString();
}

/** What the figures were measured on, and how busy it is now. */
export function environment() {
  const first = (command, missing) =>
    hasPeer(command) ? outputOf(command, ["--version"]).split("\n")[0] : missing;
  return [
    `${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores, load ${load()}`,
    `Node ${process.version}`,
    first("qemu-riscv64", "no qemu-riscv64"),
    first("gcc", "no gcc"),
  ].join("; ");
}

/** The load averages of the last 1, 5 and 15 minutes; above the number of cores, others took time from what was measured. */
export function load() {
  return loadavg()
    .map((average) => round(average, 1))
    .join(" ");
}
