import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FilePermissions } from "@qpp/emulator";
import { onTestFinished } from "vitest";

/** Where the cross compiler's loader and libraries are. */
const CROSS_ROOT = "/usr/riscv64-linux-gnu";

/** One of the cross compiler's libraries. */
export const crossLibrary = (name: string): string => `${CROSS_ROOT}/lib/${name}`;

/** For a program with its libraries beside it, or the compiler's own: a root with these and nothing else. For one test. */
export function crossFiles(program: string): FilePermissions {
  const root = mkdtempSync(join(tmpdir(), "qpp-root-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return { cwd: "/", root, allowRead: [dirname(program), `${CROSS_ROOT}/lib:/lib`], allowWrite: [], program };
}
