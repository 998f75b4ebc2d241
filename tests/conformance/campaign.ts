import * as fc from "fast-check";
import type { MachineOptions } from "../../packages/emulator/src/machine/machine.js";
import { compare, type Difference, listing, startingState } from "./compare.js";
import { buildImage, type Image, type Rounds } from "./program/image.js";
import { extendedSequences, type Sequence } from "./program/sequence.js";
import { EXTENDED_CPU, WITNESSED } from "./witness/cpu.js";
import { createRecorded } from "./witness/machine.js";
import { runQemu } from "./witness/qemu.js";

/** How random programs are made. */
export interface CampaignOptions {
  readonly seed: number;
  /** Ends after the batch in which this many random instructions have been executed. */
  readonly insns: number;
  /** Sequences in a program. */
  readonly batch?: number;
  /** How often each sequence is executed, each time with other registers and memory; once unless told. */
  readonly rounds?: number;
  /** Most atoms in a sequence. */
  readonly length?: number;
  /** How the machine is made: interpreted, or translated. */
  readonly machine: Partial<MachineOptions>;
  /** Told after each batch. */
  readonly progress?: (done: Done) => void;
}

/** What has been compared. */
export interface Done {
  readonly batches: number;
  readonly sequences: number;
  /** Instructions of the sequences that were executed, without those that load and dump registers. */
  readonly insns: number;
  /** How often each mnemonic was generated. */
  readonly mnemonics: ReadonlyMap<string, number>;
}

/** How the machine is made. */
type Making = CampaignOptions["machine"];

/** Compared with QEMU: what differs, and how many instructions of the sequences were executed. */
async function agree(
  image: Image,
  machine: Making,
): Promise<{ difference: Difference | undefined; insns: number }> {
  const theirs = runQemu({ program: image.elf, options: ["-cpu", EXTENDED_CPU] });
  const ours = createRecorded({
    path: "random",
    image: image.elf,
    machine: { ...machine, extensions: WITNESSED },
  });
  ours.machine.run();
  const difference = compare(image, ours.observed(), await theirs);
  return { difference, insns: ours.machine.executed - image.harness };
}

/**
 * The rounds that are to be tried with a sequence that differs in some round: the first one that it differs in, alone if it
 * differs there alone, else with all before it. Undefined if no sequence differs by itself.
 */
async function fewestRounds(
  sequence: Sequence,
  { count, seed }: Rounds,
  machine: Making,
): Promise<Rounds | undefined> {
  const differs = async (rounds: Rounds): Promise<boolean> =>
    (await agree(buildImage([sequence], rounds), machine)).difference !== undefined;
  const first = (rounds: number): Rounds => ({ count: rounds, from: 0, seed });
  if (!(await differs(first(count)))) return undefined;
  // The digest goes on differing once a round has.
  let [same, different] = [0, count];
  while (different - same > 1) {
    const middle = (same + different) >> 1;
    if (await differs(first(middle))) different = middle;
    else same = middle;
  }
  const alone: Rounds = { count: 1, from: different - 1, seed };
  return (await differs(alone)) ? alone : first(different);
}

/** The sequence at `index` of a batch, shrunk to a smallest one that still differs; undefined if alone it does not. */
async function shrink(
  arbitrary: fc.Arbitrary<Sequence>,
  sequence: Sequence,
  index: number,
  rounds: Rounds,
  machine: Making,
): Promise<string | undefined> {
  const tried = await fewestRounds(sequence, rounds, machine);
  if (tried === undefined) return undefined;
  const property = fc.asyncProperty(arbitrary, async (sequence) => {
    const { difference } = await agree(buildImage([sequence], tried), machine);
    return difference === undefined;
  });
  const { seed } = rounds;
  const { counterexample, counterexamplePath } = await fc.check(property, {
    seed,
    path: String(index),
    numRuns: 1,
  });
  if (counterexample === null) return undefined;
  const image = buildImage(counterexample, tried);
  const { difference } = await agree(image, machine);
  const { from, count } = tried;
  return [
    explain(image, 0, difference?.lines ?? []),
    `in round ${count === 1 ? from : `${from + count - 1}, after those before it`}; fast-check path ${counterexamplePath}`,
  ].join("\n");
}

function explain(image: Image, index: number, lines: readonly string[]): string {
  const placed = image.placed[index];
  if (placed === undefined) return lines.join("\n");
  const text = listing(image, placed);
  return [
    text,
    "starting with",
    startingState(image, placed, text),
    "leaves",
    ...lines.map((l) => `  ${l}`),
  ].join("\n");
}

/**
 * Runs random programs here and under QEMU and compares every register, `fcsr` and all memory they can touch.
 *
 * @throws Error on the first difference, with a minimal program, what it starts with and what differs.
 */
export async function campaign(options: CampaignOptions): Promise<Done> {
  const { insns: wanted, batch = 1000, length = 60, rounds: count = 1 } = options;
  const arbitrary = extendedSequences(length);
  const mnemonics = new Map<string, number>();
  let insns = 0;
  let batches = 0;
  const done = (): Done => ({ batches, sequences: batches * batch, insns, mnemonics });
  while (insns < wanted) {
    const seed = (options.seed + batches) | 0;
    const rounds: Rounds = { count, from: 0, seed };
    const image = buildImage(fc.sample(arbitrary, { seed, numRuns: batch }), rounds);
    const result = await agree(image, options.machine);
    if (result.difference !== undefined)
      throw new Error(await failure(arbitrary, rounds, image, result.difference, options.machine));
    insns += result.insns;
    batches++;
    for (const [name, count] of image.mnemonics) mnemonics.set(name, (mnemonics.get(name) ?? 0) + count);
    options.progress?.(done());
  }
  return done();
}

async function failure(
  arbitrary: fc.Arbitrary<Sequence>,
  rounds: Rounds,
  image: Image,
  { sequence: index, lines }: Difference,
  machine: Making,
): Promise<string> {
  const { seed, count } = rounds;
  const again = `npm run conformance -- --seed ${seed} --insns 1 --rounds ${count}${machine.translate === false ? " --interpret" : ""}`;
  const head = `not as under QEMU: seed ${seed}, sequence ${index ?? "none"}; again with: ${again}`;
  const sequence = index === undefined ? undefined : image.placed[index]?.sequence;
  if (index === undefined || sequence === undefined) return [head, ...lines].join("\n");
  const minimal = await shrink(arbitrary, sequence, index, rounds, machine);
  return [head, minimal ?? `only in its batch:\n${explain(image, index, lines)}`].join("\n");
}
