import * as fc from "fast-check";
import { translated } from "../emulator/differential/mode.js";
import { type Outcome, run } from "../emulator/differential/run.js";
import {
  type Amount,
  attempt,
  type Summary,
  type Trial,
  type Tried,
  trials,
  tryAll,
} from "../emulator/differential/trial.js";
import { build } from "../emulator/programs/build.js";
import { signalHere, signalThere } from "./faults.js";
import { BASE_CPU } from "./witness/cpu.js";
import { runQemu } from "./witness/qemu.js";

/** Runs a program here, translated, and under QEMU. */
async function againstQemu({ program, after, slices, most }: Trial): Promise<Tried> {
  const built = build(program);
  const theirs = runQemu({ program: built.elf, options: ["-cpu", BASE_CPU, "-strace"] });
  const outcome = await run(built, translated(after, slices), { most });
  return { lines: compare(outcome, await theirs), outcome };
}

function compare(ours: Outcome, theirs: Awaited<ReturnType<typeof runQemu>>): readonly string[] {
  const lines: string[] = [];
  if (ours.exit.stopped !== undefined) return lines;
  const here = signalHere(ours.reports);
  const there = signalThere(theirs.log);
  if (here !== there) lines.push(`here ${here}, qemu ${there}`);
  if (ours.exit.code !== theirs.code) lines.push(`here code ${ours.exit.code}, qemu ${theirs.code}`);
  const { stdout } = ours;
  if (Buffer.compare(stdout, theirs.stdout) !== 0) {
    const at = stdout.findIndex((byte, i) => byte !== theirs.stdout[i]);
    lines.push(`standard output from byte ${at}: here ${stdout.length} bytes, qemu ${theirs.stdout.length}`);
  }
  return lines;
}

/**
 * Runs random programs with control flow here, translated, and under QEMU.
 * @throws Error on the first that leaves something else behind, shrunk.
 */
export function programCampaign(amount: Amount): Promise<Summary> {
  return tryAll(trials({ comparable: true, consumers: false, stopped: false }), againstQemu, amount);
}

/**
 * Runs random programs interpreted and translated, watched by consumers that come and go, and stopped somewhere.
 * @throws Error on the first that shows which it was, shrunk.
 */
export function trialCampaign(amount: Amount): Promise<Summary> {
  const all = fc.oneof(
    trials({ comparable: false, consumers: true, stopped: false }),
    trials({ comparable: false, consumers: true, stopped: true }),
    trials({ comparable: false, consumers: false, stopped: true }),
  );
  return tryAll(all, attempt, amount);
}
