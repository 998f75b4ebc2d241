import { spawnSync } from "node:child_process";
import { cpus } from "node:os";

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

/** What the figures were measured on. */
export function environment() {
  const peer = hasPeer("qemu-riscv64")
    ? outputOf("qemu-riscv64", ["--version"]).split("\n")[0]
    : "no qemu-riscv64";
  return `${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores; Node ${process.version}; ${peer}`;
}
