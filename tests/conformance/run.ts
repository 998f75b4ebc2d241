// npm run conformance: random programs here and under qemu-riscv64, for as long as one likes. See README.md.
import { parseArgs } from "node:util";
import { peer } from "../peers.js";
import { campaign, type Done } from "./campaign.js";
import { faultCampaign } from "./faults.js";
import { QEMU } from "./witness/qemu.js";

const USAGE = "usage: npm run conformance -- [--insns N] [--faults N] [--seed N]";

function fail(message: string): never {
  console.error(`conformance: ${message}\n${USAGE}`);
  process.exit(125);
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) fail(`--${name} wants a whole number, not "${text}"`);
  return value;
}

function options(): { readonly insns: number; readonly faults: number; readonly seed: number } {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({ options: { insns: text, faults: text, seed: text } });
    return {
      insns: whole("insns", values.insns ?? "1000000"),
      faults: whole("faults", values.faults ?? "200"),
      seed: whole("seed", values.seed ?? String(Date.now() % 1_000_000_000)),
    };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { insns, faults, seed } = options();
if (!peer(QEMU)) fail(`${QEMU} is not installed; Debian has it in qemu-user`);

const started = Date.now();
const describe = (done: Done): string =>
  `${done.insns} instructions in ${done.sequences} sequences, ${Math.round((Date.now() - started) / 1000)} s`;
let told = started;

console.log(`random programs from seed ${seed}, at least ${insns} instructions`);
try {
  const done = await campaign({
    seed,
    insns,
    progress(sofar) {
      if (Date.now() - told < 10_000) return;
      told = Date.now();
      console.log(`  ${describe(sofar)}`);
    },
  });
  console.log(`no difference: ${describe(done)}`);
  console.log(`${faults} programs that end in a fault`);
  const ends = await faultCampaign({ seed, programs: faults });
  console.log(`no difference: ${[...ends].map(([signal, count]) => `${count} ${signal}`).join(", ")}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
