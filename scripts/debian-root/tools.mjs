import { spawnSync } from "node:child_process";

/** What keeps the root from being made here, though nothing is wrong with the script. */
export class NotReachable extends Error {}

/** Runs a tool; its standard output. Throws an error with the end of what it said if it fails, and {@link NotReachable} if it is not there. */
export function run(tool, ...args) {
  const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    encoding: "utf8",
    env,
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error?.code === "ENOENT") throw new NotReachable(`there is no ${tool} here`);
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${tool} ${args.at(-1)}: ${stderr.trim().split("\n").slice(-6).join("\n")}`);
  return stdout;
}
