import { Buffer } from "node:buffer";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createContainer } from "@qpp/core";
import { createMachine } from "@qpp/emulator";
import { describe, expect, test } from "vitest";
import type { Stdio } from "../../../packages/emulator/src/linux/stdio.js";

/** A run of a guest as `qemu-riscv64` saw it; see guests/record.mjs. */
interface Case {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly long?: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

const guests = fileURLToPath(new URL("../../../guests/", import.meta.url));
const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync(join(guests, "expected.json"), "utf8"));
const short = cases.filter((one) => one.long !== true);

/** Runs a guest from `guests/`, where it may read all and write into `empty`. */
async function run(one: Case, empty: string): Promise<Omit<Case, "program" | "args">> {
  let input = Buffer.from(one.stdin ?? "");
  const output: Uint8Array[][] = [[], []];
  const sink = (number: number): Stdio => ({
    read: () => 0,
    write: (bytes) => {
      output[number]?.push(bytes.slice());
    },
  });
  const source: Stdio = {
    read(into) {
      const count = input.copy(into);
      input = input.subarray(count);
      return count;
    },
    write: () => {},
  };
  const machine = createMachine({
    path: `bin/${one.program}`,
    image: readFileSync(join(guests, "bin", one.program)),
    args: one.args.map((arg) => (arg === "{empty}" ? empty : arg)),
    env: {},
    files: { cwd: guests, allowRead: [guests, empty], allowWrite: [empty] },
    stdio: [source, sink(0), sink(1)],
    seed: 0,
    report: () => {},
  });
  const host = { log: () => {}, fault: () => {}, abort: () => {} };
  await createContainer({ host }).load([{ plugin: machine.plugin }]);
  const { code, signal } = machine.run();
  const [stdout = [], stderr = []] = output;
  return {
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
    exitCode: signal === undefined ? code : null,
    signal: signal ?? null,
  };
}

describe("a guest does what it does under qemu-riscv64", () => {
  test.each(short.map((one) => [`${one.program} ${one.args.join(" ")}`, one] as const))(
    "%s",
    async (_name, one) => {
      const empty = mkdtempSync(join(tmpdir(), "qpp-guest-"));
      try {
        const { stdout, stderr, exitCode, signal } = one;
        expect(await run(one, empty)).toEqual({ stdout, stderr, exitCode, signal });
      } finally {
        rmSync(empty, { recursive: true });
      }
    },
  );
});
