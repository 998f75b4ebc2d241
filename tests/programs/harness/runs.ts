import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { MachineOptions } from "@qpp/emulator";
import { createRecorded } from "../../conformance/witness/machine.js";
import { QEMU } from "../../conformance/witness/qemu.js";
import { compile } from "./compile.js";
import { type Program, shell } from "./program.js";

/** What a run showed. */
export interface Shown {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code, or 128 + the number of the signal that ended it. */
  readonly code: number | undefined;
}

/** Where the cross compiler's loader and libraries are. */
const CROSS_ROOT = "/usr/riscv64-linux-gnu";

/** All that a program's environment has, here and there. */
const ENVIRONMENT = { PATH: "/usr/bin:/bin", LANG: "C", TZ: "UTC0", HOME: "/" };
/** Milliseconds after which a program is taken not to end by itself. */
const TIMEOUT = 25_000;
const SLICE = 5_000_000;

const FATAL = /^qemu: uncaught target signal .*\n/gm;
const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

async function inFreshFolder<T>(action: (cwd: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "qpp-programs-"));
  try {
    const cwd = join(folder, "work");
    mkdirSync(cwd);
    chmodSync(cwd, 0o755);
    return await action(cwd);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a program by its witness: under QEMU, or as it is. */
export function runThere(program: Program, path: string): Promise<Shown> {
  const command = program.witness === "qemu" ? [QEMU, "-L", CROSS_ROOT, path] : [path];
  return inFreshFolder(
    (cwd) =>
      new Promise((resolve, reject) => {
        const [file = "", ...args] = [...command, ...program.args];
        const child = spawn(file, args, { cwd, env: ENVIRONMENT, timeout: TIMEOUT, killSignal: "SIGKILL" });
        const out: Uint8Array[] = [];
        const err: Uint8Array[] = [];
        child.stdout.on("data", (bytes: Uint8Array) => out.push(bytes));
        child.stderr.on("data", (bytes: Uint8Array) => err.push(bytes));
        // A program may end before it has read what it is given.
        child.stdin.on("error", () => {});
        child.stdin.end(program.stdin);
        child.once("error", reject);
        child.once("close", (code, signal) => {
          resolve({
            stdout: text(Buffer.concat(out)),
            stderr: text(Buffer.concat(err)).replaceAll(FATAL, ""),
            code: signal === null ? (code ?? undefined) : 128 + constants.signals[signal],
          });
        });
      }),
  );
}

/** Runs a program in a machine of this process, with the cross compiler's libraries and a shell where Linux has them. */
export async function runHere(
  program: Program,
  path: string,
  machine: Partial<MachineOptions>,
): Promise<Shown> {
  const sh = await compile(shell(), "riscv64");
  const given = [dirname(path), `${CROSS_ROOT}/lib:/lib`, `${sh}:/bin/sh`];
  return inFreshFolder((cwd) => {
    const root = join(dirname(cwd), "root");
    mkdirSync(root);
    const recorded = createRecorded({
      path,
      image: readFileSync(path),
      args: program.args,
      stdin: program.stdin,
      cwd,
      machine: {
        env: ENVIRONMENT,
        // A root with nothing in it: what is not given is not there, as in the witness.
        loopback: program.loopback,
        files: { cwd, root, allowRead: [...given, cwd], allowWrite: [cwd] },
        ...machine,
      },
    });
    const end = Date.now() + TIMEOUT;
    while (recorded.machine.runSlice(SLICE) === undefined) {
      if (Date.now() > end) recorded.machine.interrupt("timeout", 124);
    }
    const { stdout, stderr, code } = recorded.observed();
    return { stdout: text(stdout), stderr: text(stderr), code };
  });
}
