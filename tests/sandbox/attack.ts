import { readFileSync } from "node:fs";
import { createMachine, type MachineOptions } from "../../packages/emulator/src/machine/machine.js";
import type { Arena } from "./arena.js";

/** What became of an attack. */
export interface Outcome {
  /** What it told, or how it ended: `stopped max-insns`, `signal SIGSEGV`, `ended`. */
  readonly told: string;
  readonly reports: readonly string[];
}

/** Milliseconds of the host that no attack may take. */
const TIMEOUT = 30_000;
const SLICE = 2_000_000;
/** More than any attack needs that ends by itself. */
const MOST_INSNS = 60_000_000;
/** 256 MiB. */
const MOST_MEMORY = 1 << 28;
/** What is told is short; what is written beyond is not kept. */
const MOST_KEPT = 4096;

/** Makes the machine that an attack runs in, under limits that a small attack can reach. */
export function machineFor(
  program: string,
  attack: string,
  arena: Arena,
  options: Partial<MachineOptions>,
): {
  readonly machine: ReturnType<typeof createMachine>;
  readonly told: () => string;
  readonly reports: string[];
} {
  const reports: string[] = [];
  let text = "";
  const machine = createMachine({
    path: program,
    image: readFileSync(program),
    args: [attack],
    env: {},
    files: { ...arena.files, maxFiles: 3000, maxOutput: 16 << 20 },
    stdio: [
      { read: () => 0, write: () => {} },
      {
        read: () => 0,
        write: (bytes) => {
          if (text.length < MOST_KEPT) text += new TextDecoder("latin1").decode(bytes.subarray(0, MOST_KEPT));
        },
      },
      { read: () => 0, write: () => {} },
    ],
    seed: 1,
    maxInsns: MOST_INSNS,
    maxMemory: MOST_MEMORY,
    report: (message) => void reports.push(message),
    ...options,
  });
  return { machine, told: () => text.trim(), reports };
}

/** The limits of the command that a report may name. */
const LIMIT = /--max-[a-z]+/;

/** Runs one attack to its end. */
export function runAttack(
  program: string,
  attack: string,
  arena: Arena,
  options: Partial<MachineOptions> = {},
): Outcome {
  const { machine, told, reports } = machineFor(program, attack, arena, options);
  const end = Date.now() + TIMEOUT;
  while (machine.runSlice(SLICE) === undefined) {
    if (Date.now() > end) return { told: "hangs", reports };
  }
  const { exit } = machine;
  if (exit?.stopped !== undefined) return { told: `${told()} stopped ${exit.stopped}`.trim(), reports };
  if (exit?.signal !== undefined) return { told: `${told()} signal ${exit.signal}`.trim(), reports };
  if (told() !== "") return { told: told(), reports };
  const limit = reports.map((report) => LIMIT.exec(report)?.[0]).find((name) => name !== undefined);
  return { told: limit === undefined ? "ended" : `ended, ${limit}`, reports };
}
