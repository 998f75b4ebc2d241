// Runs every case of guests/expected.json under qemu-riscv64 and rewrites the file with what it saw.
// A new case needs only its program and arguments; the rest is filled in. Cases run in guests/, and the
// argument {empty} stands for the path of a new, empty directory.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const guests = fileURLToPath(new URL(".", import.meta.url));
const file = join(guests, "expected.json");

function observe({ program, args, stdin, long }) {
  const empty = mkdtempSync(join(tmpdir(), "guest-"));
  try {
    const run = spawnSync(
      "qemu-riscv64",
      [`bin/${program}`, ...args.map((a) => (a === "{empty}" ? empty : a))],
      {
        cwd: guests,
        input: stdin ?? "",
        encoding: "utf8",
      },
    );
    if (run.error) throw new Error(`cannot run qemu-riscv64: ${run.error.message}`);
    return {
      program,
      args,
      ...(stdin === undefined ? {} : { stdin }),
      ...(long ? { long } : {}),
      stdout: run.stdout,
      stderr: run.stderr.replace(/^qemu: uncaught target signal.*\n/m, ""),
      exitCode: run.status,
      signal: run.signal,
    };
  } finally {
    rmSync(empty, { recursive: true });
  }
}

const { about, cases } = JSON.parse(readFileSync(file, "utf8"));
writeFileSync(file, `${JSON.stringify({ about, cases: cases.map(observe) }, null, 2)}\n`);
