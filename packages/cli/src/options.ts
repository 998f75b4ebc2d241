import type { FaultPolicy } from "@qpp/core";
import type { Stage } from "@qpp/emulator/dump";
import { type Command, InvalidArgumentError, Option } from "commander";
import { SWITCHES } from "./switches.js";

/** What every command that runs a guest was asked for. */
export interface GuestOptions {
  readonly plugin: readonly string[];
  readonly root?: string;
  readonly allowRead: readonly string[];
  readonly allowWrite: readonly string[];
  readonly tmpfs: readonly string[];
  readonly allowNet: boolean;
  readonly maxFiles?: number;
  readonly maxMemory?: number;
  readonly maxOutput?: number;
  readonly maxProcesses?: number;
  readonly env: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly maxInsns?: number;
  readonly clock: (typeof CLOCKS)[number];
  readonly random: (typeof RANDOMS)[number];
  readonly cpu?: string;
}

/** What `qpp run` was asked for. */
export interface RunOptions extends GuestOptions {
  readonly json?: string;
  readonly out?: string;
  readonly db?: string;
  readonly translate: boolean;
  readonly onFault: FaultPolicy;
  readonly followForks: boolean;
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

/** What `qpp dump` was asked for. */
export interface DumpOptions extends GuestOptions {
  readonly stage: Stage;
  readonly wasm?: true;
  readonly at?: string;
  readonly after?: number;
}

/** What `qpp report` was asked for. */
export interface ReportOptions {
  readonly source: readonly string[];
  readonly output?: string;
}

const STAGES: readonly Stage[] = ["discover", "order", "allocate", "emit"];
const CLOCKS = ["virtual", "host"] as const;
const RANDOMS = ["seed", "host"] as const;
const MOST_PROCESSES = 128;
const FORMATS = ["text", "mermaid", "json"] as const;
const POLICIES: readonly FaultPolicy[] = ["uninstall", "abort", "report"];
const MOST_FILES = 1_000_000_000;
const MOST_EXECUTIONS = 100_000_000;
const LARGEST_SEED = 0xffff_ffff;

/** Adds the options of `qpp wiring`. */
export function addWiringOptions(command: Command): Command {
  return command
    .addOption(pluginOption())
    .addOption(new Option("--format <format>", "how to show it").choices(FORMATS).default("text"))
    .option("--check", "show nothing; tell all that is wrong, and fail if anything is");
}

/** Adds the options of `qpp report`. */
export function addReportOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--source <folders>", "folders with the program's source files; commas between, repeatable")
        .argParser(collectPaths)
        .default([], "none"),
    )
    .option("--output <file>", "where to write it, instead of report.html in the folder");
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
  return addGuestOptions(command)
    .option(
      "--json <file>",
      "write every plugin's result as one JSON document (-: stdout, the guest's goes to stderr)",
    )
    .option("--out <folder>", "have plugins write their files there: profiles, traces, coverage, …")
    .option(
      "--db <path>",
      "write tables of what plugins found into a DuckDB database, or, for a folder or a path that ends in /, Parquet files",
    )
    .option("--no-translate", "interpret everything: the same results, many times slower")
    .addOption(
      new Option("--on-fault <policy>", "what becomes of a plugin that fails")
        .choices(POLICIES)
        .default("uninstall"),
    )
    .addOption(
      new Option(
        "--follow-forks <on|off>",
        "off: plugins see the first process alone, with all of its threads",
      )
        .argParser(onOrOff)
        .default(true, "on"),
    )
    .option("--progress", "show how far the guest is, also where stderr is no terminal")
    .option("--watch", "run the guest again, without input, whenever the source of a plugin changes")
    .option("-q, --quiet", "no progress, no tables: only what plugins print, and errors");
}

/** Adds the options of `qpp dump`. */
export function addDumpOptions(command: Command): Command {
  return addGuestOptions(command)
    .addOption(new Option("--stage <stage>", "the stage to show").choices(STAGES).default("discover"))
    .addOption(new Option("--wasm", "a whole module instead, as WebAssembly text").conflicts("stage"))
    .option(
      "--at <place>",
      "only regions with code of this function, or with the instruction at this 0x address",
    )
    .addOption(
      new Option("--after <n>", "translate what has been executed so often, instead of 200 times").argParser(
        wholeNumber(1, MOST_EXECUTIONS),
      ),
    );
}

function addGuestOptions(command: Command): Command {
  return command
    .addOption(pluginOption())
    .option("--root <folder>", "the guest's /: a root file system, which it may read")
    .addOption(
      new Option(
        "--allow-read <paths>",
        "files and folders that the guest may read (HOST, or HOST:/GUEST); commas between, repeatable",
      )
        .argParser(collectPaths)
        .default([], "none"),
    )
    .addOption(
      new Option(
        "--allow-write <paths>",
        "files and folders that the guest may write (HOST, or HOST:/GUEST); commas between, repeatable",
      )
        .argParser(collectPaths)
        .default([], "none"),
    )
    .addOption(
      new Option(
        "--allow-net",
        "a loopback interface for the guest, by which its processes reach each other; no network",
      ).default(false, "no sockets but local ones"),
    )
    .addOption(
      new Option(
        "--tmpfs <folders>",
        "empty folders of the guest that are kept in memory; commas between, repeatable",
      )
        .argParser(collectFolders)
        .default([], "/tmp if there is a root"),
    )
    .addOption(
      new Option(
        "--max-files <n>",
        "most files that the guest may have open on the host, and may add",
      ).argParser(wholeNumber(1, MOST_FILES)),
    )
    .addOption(
      new Option(
        "--max-memory <size>",
        "most memory that the guest's processes may have accessible together: bytes, or as 512M; 2G unless told",
      ).argParser(size),
    )
    .addOption(
      new Option("--max-output <size>", "most bytes that the guest may write to files and streams").argParser(
        size,
      ),
    )
    .addOption(
      new Option(
        "--max-processes <n>",
        `most threads and processes that the guest may have at a time; ${MOST_PROCESSES} unless told`,
      ).argParser(wholeNumber(1, MOST_PROCESSES)),
    )
    .addOption(
      new Option("--env <key=value>", "set a variable of the guest's environment, which is empty; repeatable")
        .argParser(collectVariables)
        .default({}, "none"),
    )
    .addOption(
      new Option(
        "--seed <n>",
        "seed of the guest's randomness, and of the order in which its threads take turns",
      )
        .argParser(wholeNumber(0, LARGEST_SEED))
        .default(0),
    )
    .addOption(
      new Option("--clock <clock>", "the guest's time: one that its instructions move, or the host's")
        .choices(CLOCKS)
        .default("virtual"),
    )
    .addOption(
      new Option("--random <source>", "where the guest's randomness comes from: the seed, or the host")
        .choices(RANDOMS)
        .default("seed"),
    )
    .option("--cpu <model>", "rv64gc, or with more: rv64gc[,zba][,zbb][,zbs][,zicond]")
    .addOption(
      new Option("--max-insns <n>", "stop the guest after so many instructions").argParser(
        wholeNumber(1, Number.MAX_SAFE_INTEGER),
      ),
    );
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function collectPaths(value: string, before: readonly string[]): string[] {
  const paths = value.split(",");
  if (paths.includes("")) throw new InvalidArgumentError("A path in it is empty.");
  return [...before, ...paths];
}

function collectFolders(value: string, before: readonly string[]): string[] {
  const folders = value.split(",");
  if (folders.some((folder) => !folder.startsWith("/"))) {
    throw new InvalidArgumentError("Folders of the guest start with a slash.");
  }
  return [...before, ...folders];
}

function collectVariables(value: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = value.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It must be KEY=VALUE.");
  return { ...before, [value.slice(0, at)]: value.slice(at + 1) };
}

function onOrOff(value: string): boolean {
  const on = SWITCHES.get(value);
  if (on === undefined) throw new InvalidArgumentError("It must be on or off.");
  return on;
}

function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Bytes; K, M and G count by 1024. */
function size(value: string): number {
  const [, digits = "", unit = ""] = /^(\d+)([KMG]?)$/.exec(value) ?? [];
  const bytes = Number(digits) * 1024 ** " KMG".indexOf(unit || " ");
  if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  throw new InvalidArgumentError("It must be a number of bytes from 1, as 268435456, 256M or 2G.");
}
