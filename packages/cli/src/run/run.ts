import { isatty } from "node:tty";
import { type Container, createContainer, type Fault, type FileSink } from "@qpp/core";
import { createHostStdio } from "@qpp/emulator";
import { parseCpu } from "../cpu.js";
import type { Database } from "../db/database.js";
import type { RunTables } from "../db/run-tables.js";
import { Failure, messageOf, OWN_FAILURE } from "../failure.js";
import { guestFiles } from "../guest-files.js";
import { makeMachine } from "../machine.js";
import type { RunOptions } from "../options.js";
import { say } from "../output.js";
import { knownPlugins, loadAll } from "../plugin/load-all.js";
import { makeDocument } from "./document.js";
import { offerRelaxedSimd } from "./engine-features.js";
import { createFaultLog } from "./faults.js";
import { openJsonFile } from "./json-file.js";
import { turnOnOptimizer } from "./optimizer.js";
import { pluginFiles } from "./plugin-files.js";
import { createProgress, noProgress } from "./progress.js";
import { jsonResults } from "./results.js";
import { SIGNALS, type Signal, watchSignals } from "./signals.js";
import { runInSlices } from "./slices.js";
import { guestStdio } from "./stdio.js";
import { howItEnded, summaryText } from "./summary.js";
import { textOf } from "./text-of.js";

const STDERR = 2;
/** Whose the files are that the command itself writes. */
const OURSELVES = "(qpp)";

/**
 * `qpp run`: runs a program under plugins, prints and saves what they found.
 * @returns the exit code.
 * @throws Failure for what is wrong before the guest runs, and when the results cannot be written.
 */
export async function run(path: string, args: readonly string[], options: RunOptions): Promise<number> {
  const progress = wantsProgress(options) ? createProgress(isatty(STDERR), options.maxInsns) : noProgress;
  const tell = (line: string): void => {
    progress.clear();
    say(`${line}\n`);
  };
  const tellOurs = (line: string): void => tell(`qpp: ${line}`);

  const interrupt = (signal: Signal): void => {
    tellOurs(`${signal}: the guest is stopped; these are the results so far`);
    machine.interrupt("interrupted", 128 + SIGNALS[signal]);
  };
  const stdio = guestStdio(createHostStdio(), options.json === "-", progress);
  offerRelaxedSimd();
  const { env, seed, clock, random, maxInsns, maxMemory, maxProcesses, translate, cpu } = options;
  const extensions = cpu === undefined ? [] : parseCpu(cpu);
  const machineOptions = {
    ...guestFiles(path, options),
    args,
    env,
    stdio,
    seed,
    clock,
    random,
    maxInsns,
    maxMemory,
    maxProcesses,
    loopback: options.allowNet,
    translate,
    follow: options.followForks,
    extensions,
  };
  const machine = makeMachine({ ...machineOptions, report: tellOurs });
  const faults = createFaultLog(tellOurs);
  const openFile = pluginFiles(options.out);
  const database = await databaseFor(options);
  const container = createContainer({
    host: {
      log: (_plugin, ...values) => tell(values.map(textOf).join(" ")),
      fault: faults.take,
      progress: () => machine.executed,
      openFile,
      ...(database && { openTable: database.openTable }),
      abort: () => void machine.interrupt("aborted", OWN_FAILURE),
    },
    onFault: options.onFault,
    // Nobody asks for others where there is none.
    ...(options.plugin.length > 0 && (await knownPlugins())),
  });
  const strayErrors = collectStrayErrors(tellOurs);
  const problems = await loadAll(container, machine.plugin, options.plugin);
  if (problems.length > 0) throw new Failure(problems.join("\nqpp: "));
  const json = options.json === undefined ? undefined : openJsonFile(options.json);
  const runFile = openFile(OURSELVES, "run.json");
  const wiringFile = openFile(OURSELVES, "wiring.json");
  const tables = await startDatabase(database, container, options.seed);

  // Their callbacks may be called for every instruction.
  if (options.plugin.length > 0) turnOnOptimizer();
  const ignoreSignals = watchSignals(interrupt);
  const started = performance.now();
  const exit = await runInSlices(machine, () => {
    progress.update(machine.executed, performance.now() - started);
  });
  const seconds = (performance.now() - started) / 1000;
  progress.clear();
  ignoreSignals();

  const insns = machine.executed;
  const summaries = options.quiet ? new Map<string, string>() : container.summaries();
  if (summaries.size > 0) say(summaryText(summaries, { exit, insns, seconds }));
  else if (exit.signal !== undefined) tellOurs(howItEnded(exit));
  container.finishFiles();
  const outcomes = container.results();
  if (wiringFile) writeJson(wiringFile, container.describe());
  if (json || runFile || tables) {
    const more: Fault[] = [];
    const results = jsonResults(outcomes, (fault) => {
      faults.take(fault);
      more.push(fault);
    });
    const document = makeDocument({
      path,
      args,
      exit,
      insns,
      seconds,
      results,
      faults: [...container.faults, ...more],
    });
    json?.write(`${JSON.stringify(document, null, 2)}\n`);
    if (runFile) writeJson(runFile, document);
    tables?.finish(document);
    await database?.finish();
  }
  for (const line of faults.repeated()) tellOurs(line);
  if (strayErrors() > 0) return OWN_FAILURE;
  return faults.count > 0 && options.onFault !== "report" ? OWN_FAILURE : exit.code;
}

/** Its code is loaded by those alone who want it. @throws Failure */
async function databaseFor({ db }: RunOptions): Promise<Database | undefined> {
  if (db === undefined) return undefined;
  const { openDatabase } = await import("../db/database.js");
  return openDatabase(db);
}

/** To be called when all plugins have declared their tables. @throws Failure */
async function startDatabase(
  database: Database | undefined,
  container: Container,
  seed: number,
): Promise<RunTables | undefined> {
  if (database === undefined) return undefined;
  const { createRunTables } = await import("../db/run-tables.js");
  // At the top it would be read at every start.
  const { machine } = await import("@qpp/emulator/contract");
  const tables = createRunTables(container, container.use(machine), database.openTable, OURSELVES, seed);
  await database.start();
  return tables;
}

function writeJson(file: FileSink, value: unknown): void {
  file.write(`${JSON.stringify(value, null, 2)}\n`);
  file.close();
}

/** Whether to show how far the guest is: where somebody looks, unless they said no. */
function wantsProgress({ quiet, progress }: RunOptions): boolean {
  return progress === true || (quiet !== true && isatty(STDERR));
}

/** Errors that no plugin's code was called for, such as in a timer that a plugin set: each told once, and counted. */
function collectStrayErrors(tell: (line: string) => void): () => number {
  const messages = new Set<string>();
  process.on("uncaughtException", (error) => {
    const message = messageOf(error);
    if (!messages.has(message)) tell(`an error outside of every callback: ${message}`);
    messages.add(message);
  });
  return () => messages.size;
}
