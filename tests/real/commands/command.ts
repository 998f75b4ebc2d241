/** A command line that is compared. */
export interface RealCommand {
  readonly name: string;
  /** Absolute path of the program in the root, and its arguments. */
  readonly argv: readonly string[];
  readonly input: string;
  /** Whether it is one of the few that each run of the tests tries. */
  readonly always: boolean;
}

/** How a command line differs from what is usual. */
interface Unusual {
  readonly input?: string;
  readonly always?: boolean;
}

/** A program that is started by itself. */
export function program(name: string, argv: readonly string[], unusual: Unusual = {}): RealCommand {
  return { name, argv, input: unusual.input ?? "", always: unusual.always ?? false };
}

/** A line for bash, in an empty folder. */
export function bash(name: string, line: string, unusual: Unusual = {}): RealCommand {
  return program(name, ["/usr/bin/bash", "-c", `cd /w; ${line}`], unusual);
}

/** A script for python3. */
export function python(name: string, script: string, unusual: Unusual = {}): RealCommand {
  return program(name, ["/usr/bin/python3", "-c", script], unusual);
}
