import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { peer } from "../../peers.js";
import { someCases } from "./operands.js";
import { type Case, compute, describeCase, NX, OPERATIONS, type Outcome } from "./operations.js";

const RECORD = 32;
const ANSWER = 16;

/** What the real instructions do, executed by qemu-riscv64. */
function witness(cases: readonly Case[]): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), "softfloat-"));
  try {
    const program = join(folder, "witness");
    const source = fileURLToPath(new URL("witness.c", import.meta.url));
    const built = spawnSync("riscv64-linux-gnu-gcc", ["-O1", "-static", "-o", program, source], {
      encoding: "utf8",
    });
    if (built.status !== 0) throw new Error(`witness.c does not compile:\n${built.stderr}`);
    const input = Buffer.alloc(cases.length * RECORD);
    cases.forEach(({ operation, format, rm, operands }, i) => {
      input[i * RECORD] = OPERATIONS.indexOf(operation);
      input[i * RECORD + 1] = format === "single" ? 0 : 1;
      input[i * RECORD + 2] = rm;
      for (const [n, x] of operands.entries()) input.writeBigUInt64LE(x, i * RECORD + 8 + n * 8);
    });
    const run = spawnSync("qemu-riscv64", [program], { input, maxBuffer: cases.length * ANSWER + 1024 });
    if (run.status !== 0) throw new Error(`witness failed: ${run.stderr.toString()}`);
    return cases.map((_, i) => ({
      result: run.stdout.readBigUInt64LE(i * ANSWER),
      flags: Number(run.stdout.readBigUInt64LE(i * ANSWER + 8)),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const show = (c: Case, { result, flags }: Outcome): string =>
  `${describeCase(c)} = 0x${result.toString(16)} flags ${flags}`;

const here = peer("qemu-riscv64") && peer("riscv64-linux-gnu-gcc");

describe.skipIf(!here)("against the instructions (needs qemu-riscv64, riscv64-linux-gnu-gcc)", () => {
  const COUNT = Number(process.env.SOFTFLOAT_CASES ?? 252_000);
  const seed = Number(process.env.SOFTFLOAT_SEED ?? 20260701);
  const cases = here ? someCases(seed, COUNT) : [];
  const answers = here ? witness(cases) : [];

  it.each(OPERATIONS)("%s: same results and flags, inexact accrued before or not", (operation) => {
    let compared = 0;
    const wrong: string[] = [];
    cases.forEach((c, i) => {
      const answer = answers[i];
      if (c.operation !== operation || answer === undefined) return;
      compared++;
      // With the inexact flag set, what the native operations do comes in.
      for (const before of [0, NX]) {
        const mine = compute(c, before);
        if (mine.result === answer.result && mine.flags === (answer.flags | before)) continue;
        wrong.push(`${show(c, mine)}, not ${show(c, answer)} (flags before: ${before})`);
      }
    });
    expect(wrong.length === 0 ? [] : [`${wrong.length} wrong, seed ${seed}`, ...wrong.slice(0, 10)]).toEqual(
      [],
    );
    expect(compared).toBeGreaterThanOrEqual(Math.floor(COUNT / OPERATIONS.length));
  });
});
