import { spawnSync } from "node:child_process";
import { cpus, loadavg } from "node:os";

/**
 * Runs a command; its standard output.
 * @param env its environment, this process's unless told
 * @throws Error that says what failed
 */
export function outputOf(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    env,
    maxBuffer: 1 << 28,
  });
  if (error !== undefined || status !== 0) {
    const why = error?.message ?? `${signal ?? `exit code ${status}`}: ${stderr}`;
    throw new Error(`${[command, ...args].join(" ")} failed: ${why}`);
  }
  return stdout;
}

/** A process that has ended. */
export interface Run {
  /** How long the whole process took, from its start to its end. */
  readonly seconds: number;
  readonly stdout: string;
}

/**
 * Runs a command, and says how long it took. Its environment is empty, as that of guests is, so that they do the same in every
 * engine. @throws Error that says what failed
 */
export function timed([command, ...args]: Command): Run {
  const start = performance.now();
  const stdout = outputOf(command, args, {});
  return { seconds: (performance.now() - start) / 1000, stdout };
}

/** A command, by its path, and its arguments. */
export type Command = readonly [command: string, ...args: string[]];

/** Path of an installed command. @throws Error if there is none */
export const pathOf = (command: string): string => outputOf("sh", ["-c", `command -v ${command}`]).trim();

/** Whether a peer can be run here. */
export function hasPeer(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

/** A figure for people. */
export const round = (value: number, digits = 2): string => value.toFixed(digits);

/** What figures were measured on. */
export interface Environment {
  readonly cpu: string;
  readonly cores: number;
  /** Versions of what was measured; those that are missing are named so. */
  readonly versions: readonly string[];
}

/** The environment of figures taken now, QPP being run by this Node. */
export function environment(node: string = process.execPath): Environment {
  const first = (command: string): string =>
    hasPeer(command) ? (outputOf(command, ["--version"]).split("\n")[0] ?? "") : `no ${command}`;
  return {
    cpu: cpus()[0]?.model ?? "unknown CPU",
    cores: cpus().length,
    versions: [`Node ${outputOf(node, ["--version"]).trim()}`, first("qemu-riscv64"), first("gcc")],
  };
}

/** The environment as one line. */
export const environmentText = ({ cpu, cores, versions }: Environment): string =>
  [`${cpu}, ${cores} cores`, ...versions].join("; ");

/** The load averages of the last 1, 5 and 15 minutes; above the number of cores, others took time from what was measured. */
export function load(): string {
  return loadavg()
    .map((average) => round(average, 1))
    .join(" ");
}
