import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** The workspace's folder. */
export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The built command, as `npx qpp` runs it. */
export const command: string = join(root, "packages/cli/bin/qpp.js");

/** What a process left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Path of a guest program. */
export function guest(name: string): string {
  return join(root, "guests/bin", name);
}

/** Runs the command in the workspace's folder, or another, to its end. */
export function qpp(args: readonly string[], options: { cwd?: string; input?: string | Buffer } = {}): Ended {
  const { cwd = root, input = "" } = options;
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd,
    input,
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 1 << 26,
  });
  return { code: status, stdout, stderr };
}

/** The document that `--json -` prints. */
export function document(args: readonly string[]): {
  readonly guest: Record<string, unknown>;
  readonly machine: { readonly insns: number; readonly seconds: number };
  readonly plugins: Record<string, unknown>;
  readonly faults?: readonly Record<string, string>[];
} {
  return JSON.parse(qpp(["run", "--json", "-", ...args]).stdout);
}

/** A folder for the present test, with these files in it. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "qpp-e2e-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
