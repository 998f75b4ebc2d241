import { createContainer } from "@qpp/core";
import { createHostStdio, type Stdio } from "@qpp/emulator";
import type { SymbolAt, Translation } from "@qpp/emulator/dump";
import { parseCpu } from "../cpu.js";
import { codeOf, Failure } from "../failure.js";
import { guestFiles } from "../guest-files.js";
import { makeMachine } from "../machine.js";
import type { DumpOptions } from "../options.js";
import { say, writeFully } from "../output.js";
import { knownPlugins, loadAll } from "../plugin/load-all.js";
import { createFaultLog } from "../run/faults.js";
import { runInSlices } from "../run/slices.js";
import { textOf } from "../run/text-of.js";

const STDOUT = 1;
const nowhere: Stdio = { read: () => 0, write: () => {} };

/**
 * `qpp dump`: runs a program as `qpp run` does, without what it prints, and shows what the translator made of its hot code.
 * Of a region that was translated more than once, it is the last translation.
 *
 * @throws Failure for what is wrong before the guest runs, and if nothing of what was asked for was translated.
 */
export async function dump(path: string, args: readonly string[], options: DumpOptions): Promise<void> {
  const tell = (line: string): void => say(`qpp: ${line}\n`);
  const { env, seed, clock, random, maxInsns, maxMemory, maxProcesses, at, after, cpu } = options;
  const translations = new Map<number, Translation>();
  const machine = makeMachine({
    ...guestFiles(path, options),
    args,
    env,
    stdio: [createHostStdio()[0], nowhere, nowhere],
    seed,
    clock,
    random,
    maxInsns,
    maxMemory,
    maxProcesses,
    loopback: options.allowNet,
    extensions: cpu === undefined ? [] : parseCpu(cpu),
    translateAfter: after,
    observe: (translation) => translations.set(translation.order.region.head, translation),
    report: tell,
  });
  const container = createContainer({
    host: {
      log: (_plugin, ...values) => say(`${values.map(textOf).join(" ")}\n`),
      fault: createFaultLog(tell).take,
    },
    ...(options.plugin.length > 0 && (await knownPlugins())),
  });
  const problems = await loadAll(container, machine.plugin, options.plugin);
  if (problems.length > 0) throw new Failure(problems.join("\nqpp: "));
  await runInSlices(machine, () => {});

  // Here and not above: the command is one file, and a run has no use for these.
  const { machine: machineContract } = await import("@qpp/emulator/contract");
  const { moduleText, translationText } = await import("@qpp/emulator/dump");
  const { symbolAt } = container.use(machineContract).program;
  const chosen = [...translations.values()].filter((each) => at === undefined || holds(each, at, symbolAt));
  if (chosen.length === 0) {
    const where = at === undefined ? "" : ` of ${at}`;
    throw new Failure(`no code${where} was executed often enough to be translated; try --after 1`);
  }
  const text = options.wasm
    ? moduleText(chosen)
    : chosen.map((each) => translationText(options.stage, each, symbolAt)).join("\n");
  print(text);
}

/** Whether some instruction of the region is at this place: an address, or anywhere in the function of this name. */
function holds({ order }: Translation, at: string, symbolAt: SymbolAt): boolean {
  const isThere = /^0x[\da-f]+$/i.test(at)
    ? (pc: number) => pc === Number(at)
    : (pc: number) => symbolAt(pc)?.name === at;
  return order.nodes.some(({ block }) => block.instructions.some(({ pc }) => isThere(pc)));
}

/** A reader who has seen enough may leave. */
function print(text: string): void {
  try {
    writeFully(STDOUT, Buffer.from(text));
  } catch (error) {
    if (codeOf(error) !== "EPIPE") throw error;
  }
}
