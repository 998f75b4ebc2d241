import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { peer } from "../peers.js";
import { GUESTS, guest } from "./witness/guests.js";
import { createRecorded } from "./witness/machine.js";
import type { Observed } from "./witness/observed.js";
import { QEMU, runQemu } from "./witness/qemu.js";

/** A case of guests/expected.json. */
interface Case {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly long?: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What is compared of a run. */
interface Shown {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | undefined;
}

/** What QEMU itself says when a signal ends the program. */
const QEMU_EPITAPH = /^qemu: uncaught target signal.*\n/m;

function shown({ stdout, stderr, code }: Observed): Shown {
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { stdout: text(stdout), stderr: text(stderr).replace(QEMU_EPITAPH, ""), code };
}

function recorded({ stdout, stderr, exitCode, signal }: Case): Shown {
  return {
    stdout,
    stderr,
    code: signal === null ? (exitCode ?? undefined) : 128 + constants.signals[signal],
  };
}

/** Runs with the path of a new, empty directory in place of each `{empty}`. */
async function withArguments<T>(
  args: readonly string[],
  run: (args: readonly string[]) => T,
): Promise<Awaited<T>> {
  const empty = mkdtempSync(join(tmpdir(), "qpp-guest-"));
  try {
    return await run(args.map((arg) => (arg === "{empty}" ? empty : arg)));
  } finally {
    rmSync(empty, { recursive: true });
  }
}

const runs = new Map<string, Promise<Shown>>();

/** Runs a case here; the same one only once. */
function runHere({ program, stdin = "" }: Case, args: readonly string[]): Promise<Shown> {
  const key = JSON.stringify([program, args, stdin]);
  const run =
    runs.get(key) ??
    withArguments(args, (real) => {
      const ours = createRecorded({ ...guest(program, real), stdin, allow: [GUESTS, ...real] });
      ours.machine.run();
      return shown(ours.observed());
    });
  runs.set(key, run);
  return run;
}

function runThere({ program, stdin = "" }: Case, args: readonly string[]): Promise<Shown> {
  return withArguments(args, async (real) =>
    shown(await runQemu({ program: `bin/${program}`, args: real, stdin, cwd: GUESTS })),
  );
}

/** Arguments that a long case is run with unless QPP_CONFORMANCE=full: a tenth of a second or so. */
const REDUCED: Readonly<Record<string, readonly string[]>> = {
  sieve: ["2000000"],
  qsort: ["30000"],
  matmul: ["90"],
  nbody: ["5000"],
  sha256: ["-n", "1000000"],
  json: ["data/stations.json", "4"],
  bytecode: ["2000"],
  fib: ["24"],
  chase: ["500000"],
  strings: ["40"],
  copy: ["8"],
  lz: ["2"],
  hash: ["100000"],
  bigint: ["2"],
  libm: ["9000"],
  stencil: ["5"],
  trees: ["8"],
  queens: ["9"],
};

const { cases } = JSON.parse(readFileSync(`${GUESTS}expected.json`, "utf8")) as {
  readonly cases: readonly Case[];
};
const full = process.env.QPP_CONFORMANCE === "full";
const whole = cases.filter(({ long }) => full || !long);
const reduced = full ? [] : cases.filter(({ long }) => long);

describe("guests do as recorded", () => {
  test.each(whole.map((c) => [c.program, c.args, c] as const))("%s %j", async (_program, args, c) => {
    expect(await runHere(c, args)).toEqual(recorded(c));
  });
});

describe.skipIf(!peer(QEMU))(`guests do as under QEMU now (needs ${QEMU})`, () => {
  const arguments_ = (c: Case): readonly string[] =>
    reduced.includes(c) ? (REDUCED[c.program] ?? []) : c.args;
  const all = cases.map((c) => [c.program, arguments_(c), c] as const);
  test.each(all)("%s %j", async (_program, args, c) => {
    expect(await runHere(c, args)).toEqual(await runThere(c, args));
  });
});
