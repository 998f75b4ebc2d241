import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { HANDLERS } from "../../../packages/emulator/src/linux/dispatch.js";
import { SYSCALLS } from "../../../packages/emulator/src/linux/table.js";
import { createArena } from "../arena.js";
import { COMPILER } from "../attacks.js";
import { runGuest } from "./run-guest.js";

const SOURCE = fileURLToPath(new URL("calls.c", import.meta.url));
/** Calls of one run, before files and memory of the guest are fresh again. */
const CALLS_PER_RUN = 500;

/** Compiles the guest that makes random calls. */
export function compileFuzzer(path: string): void {
  execFileSync(COMPILER, ["-O1", "-w", "-D_GNU_SOURCE", "-static", "-o", path, SOURCE]);
}

/** What a campaign of random system calls came to. */
export interface CallsReport {
  /** Calls that were carried out. */
  readonly calls: number;
  /** Names of calls, with how often each gave something else than an error. */
  readonly succeeded: ReadonlyMap<string, number>;
}

/** Counts the calls that are carried out while `action` runs. */
function counting(action: () => void): CallsReport {
  const handlers = HANDLERS as (typeof HANDLERS)[number][];
  const originals = [...handlers];
  const succeeded = new Map<string, number>();
  let calls = 0;
  for (const { name, number } of SYSCALLS) {
    const handler = originals[number];
    if (!handler) continue;
    handlers[number] = (context, registers) => {
      calls += 1;
      const result = handler(context, registers);
      if (!Number.isSafeInteger(result) || result < -4095) throw new Error(`${name} gave ${result}`);
      if (result >= 0) succeeded.set(name, (succeeded.get(name) ?? 0) + 1);
      return result;
    };
  }
  try {
    action();
  } finally {
    handlers.splice(0, handlers.length, ...originals);
  }
  return { calls, succeeded };
}

/**
 * Has guests make random system calls until there were `wanted`.
 * @throws Error that names the seed, if the machine throws, does not end, or anything outside was touched.
 */
export function fuzzCalls(program: string, wanted: number, firstSeed: number): CallsReport {
  const image = readFileSync(program);
  const succeeded = new Map<string, number>();
  let calls = 0;
  for (let seed = firstSeed; calls < wanted; seed += 1) {
    const arena = createArena();
    try {
      const before = JSON.stringify(arena.outside());
      const report = counting(() =>
        runGuest({ path: program, image, args: [String(seed), String(CALLS_PER_RUN)] }, arena),
      );
      if (JSON.stringify(arena.outside()) !== before) throw new Error("files outside were changed");
      calls += report.calls;
      for (const [name, times] of report.succeeded) succeeded.set(name, (succeeded.get(name) ?? 0) + times);
    } catch (error) {
      throw new Error(`random calls, seed ${seed}`, { cause: error });
    } finally {
      arena.remove();
    }
  }
  return { calls, succeeded };
}
