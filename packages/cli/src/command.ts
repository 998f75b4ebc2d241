import { Command, CommanderError } from "commander";
import { Failure, OWN_FAILURE } from "./failure.js";
import {
  addDumpOptions,
  addReportOptions,
  addRunOptions,
  addWiringOptions,
  type DumpOptions,
  type ReportOptions,
  type RunOptions,
  type WiringOptions,
} from "./options.js";
import { say } from "./output.js";

/**
 * Runs the command.
 * @param watched whether this is one of the runs of `qpp run --watch`.
 * @returns the exit code: the guest's, 128 + signal, or 125 for a failure of ours.
 */
export async function main(args: readonly string[], watched = false): Promise<number> {
  let exitCode = 0;
  const program = new Command("qpp")
    .description("Dynamic analysis of RISC-V programs by small plugins that build on each other")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .showSuggestionAfterError();

  const run = program
    .command("run")
    .description("run a program under plugins; options after PROGRAM are the program's own")
    .argument("<program>", "a static riscv64 Linux program")
    .argument("[args...]", "its arguments")
    .passThroughOptions();
  addRunOptions(run).action(async (path: string, guestArgs: string[], options: RunOptions) => {
    if (options.watch && !watched) {
      const { watch } = await import("./watch/watch.js");
      exitCode = await watch(args);
    } else {
      const { run } = await import("./run/run.js");
      exitCode = await run(path, guestArgs, options);
    }
  });

  program
    .command("plugins")
    .description("list the plugins there are, or tell what one of them takes and offers")
    .argument("[name]", "a plugin by name, package or path")
    .action(async (name: string | undefined) => {
      const { listPlugins, describePlugin } = await import("./plugins/describe.js");
      process.stdout.write(await (name === undefined ? listPlugins() : describePlugin(name)));
    });

  program
    .command("new")
    .description("write a new plugin, with its contract and its property test, into a folder of its name")
    .argument("<name>", "such as my-plugin")
    .action(async (name: string) => {
      const { newPlugin } = await import("./new/new.js");
      process.stdout.write(await newPlugin(name));
    });

  const report = program
    .command("report")
    .description("make one HTML file of what `qpp run --out` left in a folder")
    .argument("<folder>", "the folder");
  addReportOptions(report).action(async (folder: string, options: ReportOptions) => {
    const { report } = await import("./report/report.js");
    process.stdout.write(`${await report(folder, options)}\n`);
  });

  const dump = program
    .command("dump")
    .description(
      "show what the translator makes of a program's hot code, by running it; its output is dropped",
    )
    .argument("<program>", "a static riscv64 Linux program")
    .argument("[args...]", "its arguments")
    .passThroughOptions();
  addDumpOptions(dump).action(async (path: string, guestArgs: string[], options: DumpOptions) => {
    const { dump } = await import("./dump/dump.js");
    await dump(path, guestArgs, options);
  });

  const wiring = program
    .command("wiring")
    .description("show who offers what to whom among plugins, without running a program")
    .argument("[program]", "the program to load them for; without one, for one that does nothing");
  addWiringOptions(wiring).action(async (path: string | undefined, options: WiringOptions) => {
    const { wiring } = await import("./wiring/wiring.js");
    exitCode = await wiring(path, options);
  });

  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    return fail(error, program);
  }
  return exitCode;
}

function fail(error: unknown, program: Command): number {
  if (error instanceof CommanderError) {
    // Help is not a failure, unless it is shown because nothing was asked for.
    if (error.code === "commander.helpDisplayed") return 0;
    const text = error.code === "commander.help" ? program.helpInformation() : error.message;
    say(`${text.replace(/^error: /, "qpp: ").trimEnd()}\n`);
    return OWN_FAILURE;
  }
  if (error instanceof Failure) {
    say(`qpp: ${error.message}\n`);
    return OWN_FAILURE;
  }
  say(`qpp: this is a bug in qpp: ${error instanceof Error ? error.stack : String(error)}\n`);
  return OWN_FAILURE;
}
