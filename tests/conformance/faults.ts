import * as fc from "fast-check";
import { compare, listing, startingState } from "./compare.js";
import { faultingSequences } from "./program/faults.js";
import { buildImage, type Image } from "./program/image.js";
import type { Sequence } from "./program/sequence.js";
import { BASE_CPU } from "./witness/cpu.js";
import { createRecorded, INTERPRETED, TRANSLATED } from "./witness/machine.js";
import { runQemu } from "./witness/qemu.js";

/** QEMU's log of a signal; `si_addr` is where it happened, or what address could not be used. */
const TAKEN = /--- (SIG\w+) \{.*si_addr=(NULL|0x[0-9a-f]+)\} ---/;
/** The first lines of our report. */
const REPORTED = /^(SIG\w+) at pc (0x[0-9a-f]+)[^\n]*\n(?: {2}faulting address (0x[0-9a-f]+))?/m;

/** Addresses from here on are not the guest's: what the host tells of them depends on the host. */
const HOST_ONLY = 2 ** 38;

/** A signal and its address, as text; without the address where that is the host's. */
function signalText(name: string, address: number): string {
  return address < HOST_ONLY && address > 0 ? `${name} at 0x${address.toString(16)}` : name;
}

/** The signal that ended a program here, and its address. */
export function signalHere(reports: readonly string[]): string {
  const [, name, pc, address] = REPORTED.exec(reports.join("\n")) ?? [];
  return name === undefined ? "no signal" : signalText(name, Number(address ?? pc));
}

/** The same, from QEMU's log. */
export function signalThere(log: string): string {
  const [, name, at] = TAKEN.exec(log) ?? [];
  return name === undefined ? "no signal" : signalText(name, at === "NULL" ? 0 : Number(at));
}

/** Far more than a program of one sequence has: one that does not end is told by its missing signal. */
const MAX_INSNS = 1_000_000;

/** How a program ended here, and in what QEMU does not agree. */
export interface Outcome {
  readonly lines: readonly string[];
  /** The signal that ended it, or undefined if nothing faulted. */
  readonly signal: string | undefined;
}

/** Runs a program of one sequence on both machines. */
export async function outcome(image: Image): Promise<Outcome> {
  const run = runQemu({ program: image.elf, options: ["-cpu", BASE_CPU, "-strace"] });
  const theirs = await run;
  const there = signalThere(theirs.log);
  const lines: string[] = [];
  let signal: string | undefined;
  for (const machine of [INTERPRETED, TRANSLATED]) {
    const ours = createRecorded({ path: "fault", image: image.elf, maxInsns: MAX_INSNS, machine });
    ours.machine.run();
    lines.push(...(compare(image, ours.observed(), theirs)?.lines ?? []));
    const here = signalHere(ours.reports);
    if (here !== there) lines.push(`here ${here}, qemu ${there}`);
    signal = ours.machine.exit?.signal;
  }
  return { lines, signal };
}

/** What a campaign of faults is made of. */
export interface FaultOptions {
  readonly seed: number;
  readonly programs: number;
}

/**
 * Runs random programs that end in a fault here and under QEMU, and compares the signal, its address, and, where there
 * is none, what they leave behind.
 *
 * @returns how often each signal ended a program; "none" for those that did not fault.
 * @throws Error on the first difference, with a minimal program.
 */
export async function faultCampaign({ seed, programs }: FaultOptions): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>();
  const property = fc.asyncProperty(faultingSequences, async (sequence) => {
    const { lines, signal } = await outcome(buildImage([sequence]));
    ends.set(signal ?? "none", (ends.get(signal ?? "none") ?? 0) + 1);
    return lines.length === 0;
  });
  const { counterexample, counterexamplePath } = await fc.check(property, { seed, numRuns: programs });
  if (counterexample === null) return ends;
  throw new Error(await explain(counterexample, `seed ${seed}, path ${counterexamplePath}`));
}

async function explain(sequences: readonly Sequence[], where: string): Promise<string> {
  const image = buildImage(sequences);
  const { lines } = await outcome(image);
  return image.placed
    .map((placed) => {
      const text = listing(image, placed);
      const start = startingState(image, placed, text);
      return [`not as under QEMU: ${where}`, text, "starting with", start, "ends with", ...lines].join("\n");
    })
    .join("\n");
}
