import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import type { Observed } from "./observed.js";

/** The name of the witness, for `peer` and titles. */
export const QEMU = "qemu-riscv64";

/** A run of QEMU, and the log that `-D` asked for. */
export interface QemuRun extends Observed {
  readonly log: string;
}

/** What is run. */
export interface QemuOptions {
  /** The program: its bytes, or the path of its file. */
  readonly program: Uint8Array | string;
  readonly args?: readonly string[];
  readonly stdin?: string;
  readonly cwd?: string;
  /** Options of QEMU's own; its log goes to {@link QemuRun.log}. */
  readonly options?: readonly string[];
}

/** Milliseconds after which a program is taken not to end by itself, and is ended. */
const TIMEOUT = 120_000;

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve(signal === null ? (code ?? 0) : 128 + constants.signals[signal]);
    });
  });
}

/** Runs a program under QEMU. Output goes through files, so QEMU never waits for us. */
export async function runQemu({
  program,
  args = [],
  stdin = "",
  cwd,
  options = [],
}: QemuOptions): Promise<QemuRun> {
  const folder = mkdtempSync(join(tmpdir(), "qpp-conformance-"));
  const file = (name: string): string => join(folder, name);
  try {
    if (typeof program !== "string") writeFileSync(file("program"), program, { mode: 0o755 });
    writeFileSync(file("stdin"), stdin);
    writeFileSync(file("log"), "");
    const fds = [openSync(file("stdin"), "r"), openSync(file("stdout"), "w"), openSync(file("stderr"), "w")];
    const path = typeof program === "string" ? program : file("program");
    const child = spawn(QEMU, ["-U", "PATH", ...options, "-D", file("log"), path, ...args], {
      cwd,
      env: { PATH: process.env.PATH ?? "" },
      stdio: fds,
      timeout: TIMEOUT,
    });
    for (const fd of fds) closeSync(fd);
    const code = await ended(child);
    return {
      code,
      stdout: new Uint8Array(readFileSync(file("stdout"))),
      stderr: new Uint8Array(readFileSync(file("stderr"))),
      log: readFileSync(file("log"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
