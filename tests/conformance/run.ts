// npm run conformance: random programs here and under qemu-riscv64, for as long as one likes. See README.md.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Amount, Summary } from "../emulator/differential/trial.js";
import { peer } from "../peers.js";
import { campaign, type Done } from "./campaign.js";
import { faultCampaign } from "./faults.js";
import { programCampaign, trialCampaign } from "./programs.js";
import { INTERPRETED, TRANSLATED, TRANSLATED_WARM } from "./witness/machine.js";
import { QEMU } from "./witness/qemu.js";

const USAGE =
  "usage: npm run conformance -- [--insns N [--rounds N] [--interpret]] [--faults N] [--programs N] [--trials N] [--seed N] [--path P]";

function fail(message: string): never {
  console.error(`conformance: ${message}\n${USAGE}`);
  process.exit(125);
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) fail(`--${name} wants a whole number, not "${text}"`);
  return value;
}

/** What is to be done, and how much of it. Once something is told, what is not told is left out. */
interface Options {
  readonly insns: number;
  readonly faults: number;
  readonly programs: number;
  readonly trials: number;
  readonly seed: number;
  readonly path: string | undefined;
  /** Random instructions are interpreted, not translated. */
  readonly interpret: boolean;
  /** How often each sequence of them is executed. */
  readonly rounds: number;
}

/** Where differences that were found are kept, beside what else is of no interest to others. */
const FAILURES = ".qpp";

const DEFAULTS = { insns: "1000000", faults: "200", programs: "200", trials: "200" } as const;

function options(): Options {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      options: {
        insns: text,
        faults: text,
        programs: text,
        trials: text,
        seed: text,
        path: text,
        rounds: text,
        interpret: { type: "boolean" },
      },
    });
    const kinds = Object.keys(DEFAULTS) as readonly (keyof typeof DEFAULTS)[];
    const told = kinds.some((kind) => values[kind] !== undefined);
    const amount = (kind: keyof typeof DEFAULTS): number =>
      whole(kind, values[kind] ?? (told ? "0" : DEFAULTS[kind]));
    return {
      insns: amount("insns"),
      faults: amount("faults"),
      programs: amount("programs"),
      trials: amount("trials"),
      seed: whole("seed", values.seed ?? String(Date.now() % 1_000_000_000)),
      path: values.path,
      rounds: Math.max(1, whole("rounds", values.rounds ?? "50")),
      interpret: values.interpret === true,
    };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { insns, faults, programs, trials, seed, path, rounds, interpret } = options();
if (!peer(QEMU)) fail(`${QEMU} is not installed; Debian has it in qemu-user`);

const started = Date.now();
const seconds = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
const describe = (done: Done): string =>
  `${done.insns} instructions in ${done.sequences} sequences of ${rounds} rounds, ${seconds()}`;
const endings = (ends: ReadonlyMap<string, number>): string =>
  [...ends].map(([end, count]) => `${count} ${end}`).join(", ");
const summary = (done: Summary): string =>
  `${done.insns} instructions in ${done.trials} runs (${endings(done.ends)}), ${seconds()}`;

let told = started;
function tell(text: () => string): void {
  if (Date.now() - told < 10_000) return;
  told = Date.now();
  console.log(`  ${text()}`);
}

const amount = (count: number): Amount => ({
  seed,
  trials: count,
  path,
  progress: (sofar) => tell(() => summary(sofar)),
});

try {
  if (insns > 0) {
    console.log(
      `random instructions from seed ${seed}, at least ${insns}, ${interpret ? "interpreted" : "translated"}`,
    );
    const translated = rounds > 1 ? TRANSLATED_WARM : TRANSLATED;
    const machine = interpret ? INTERPRETED : translated;
    const progress = (sofar: Done): void => tell(() => describe(sofar));
    const done = await campaign({ seed, insns, rounds, machine, progress });
    console.log(`no difference: ${describe(done)}`);
  }
  if (faults > 0) {
    console.log(`${faults} programs that end in a fault`);
    const ends = await faultCampaign({ seed, programs: faults });
    console.log(`no difference: ${endings(ends)}`);
  }
  if (programs > 0) {
    console.log(`${programs} programs with control flow, translated and under QEMU, from seed ${seed}`);
    console.log(`no difference: ${summary(await programCampaign(amount(programs)))}`);
  }
  if (trials > 0) {
    console.log(`${trials} programs with consumers and stops, interpreted and translated, from seed ${seed}`);
    console.log(`no difference: ${summary(await trialCampaign(amount(trials)))}`);
  }
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(message);
  const file = join(FAILURES, `conformance-${seed}.txt`);
  mkdirSync(FAILURES, { recursive: true });
  writeFileSync(file, `${message}\n`);
  console.error(`kept in ${file}`);
  process.exitCode = 1;
}
