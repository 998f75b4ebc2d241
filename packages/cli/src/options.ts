import type { FaultPolicy } from "@qpp/core";
import { type Command, InvalidArgumentError, Option } from "commander";

/** What `qpp run` was asked for. */
export interface RunOptions {
  readonly plugin: readonly string[];
  readonly json?: string;
  readonly allowRead: readonly string[];
  readonly allowWrite: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly maxInsns?: number;
  readonly translate: boolean;
  readonly onFault: FaultPolicy;
  readonly quiet?: true;
  readonly progress?: true;
  readonly watch?: true;
}

/** What `qpp wiring` was asked for. */
export interface WiringOptions {
  readonly plugin: readonly string[];
  readonly format: (typeof FORMATS)[number];
  readonly check?: true;
}

const FORMATS = ["text", "mermaid", "json"] as const;
const POLICIES: readonly FaultPolicy[] = ["uninstall", "abort", "report"];
const LARGEST_SEED = 0xffff_ffff;

/** Adds the options of `qpp wiring`. */
export function addWiringOptions(command: Command): Command {
  return command
    .addOption(pluginOption())
    .addOption(new Option("--format <format>", "how to show it").choices(FORMATS).default("text"))
    .option("--check", "show nothing; tell all that is wrong, and fail if anything is");
}

function pluginOption(): Option {
  return new Option(
    "-p, --plugin <name[,key=value...]>",
    "load a plugin, by name, package or path; repeatable",
  )
    .argParser(collect)
    .default([], "none");
}

/** Adds the options of `qpp run`. */
export function addRunOptions(command: Command): Command {
  return command
    .addOption(pluginOption())
    .option(
      "--json <file>",
      "write every plugin's result as one JSON document (-: stdout, the guest's goes to stderr)",
    )
    .addOption(
      new Option(
        "--allow-read <paths>",
        "files and folders that the guest may read; commas between, repeatable",
      )
        .argParser(collectPaths)
        .default([], "none"),
    )
    .addOption(
      new Option(
        "--allow-write <paths>",
        "files and folders that the guest may write; commas between, repeatable",
      )
        .argParser(collectPaths)
        .default([], "none"),
    )
    .addOption(
      new Option("--env <key=value>", "set a variable of the guest's environment, which is empty; repeatable")
        .argParser(collectVariables)
        .default({}, "none"),
    )
    .addOption(
      new Option("--seed <n>", "seed of the guest's randomness")
        .argParser(wholeNumber(0, LARGEST_SEED))
        .default(0),
    )
    .addOption(
      new Option("--max-insns <n>", "stop the guest after so many instructions").argParser(
        wholeNumber(1, Number.MAX_SAFE_INTEGER),
      ),
    )
    .option("--no-translate", "interpret everything: the same results, many times slower")
    .addOption(
      new Option("--on-fault <policy>", "what becomes of a plugin that fails")
        .choices(POLICIES)
        .default("uninstall"),
    )
    .option("--progress", "show how far the guest is, also where stderr is no terminal")
    .option("--watch", "run the guest again, without input, whenever the source of a plugin changes")
    .option("-q, --quiet", "no progress, no tables: only what plugins print, and errors");
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function collectPaths(value: string, before: readonly string[]): string[] {
  const paths = value.split(",");
  if (paths.includes("")) throw new InvalidArgumentError("A path in it is empty.");
  return [...before, ...paths];
}

function collectVariables(value: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = value.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It must be KEY=VALUE.");
  return { ...before, [value.slice(0, at)]: value.slice(at + 1) };
}

function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
