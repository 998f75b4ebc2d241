import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

/** A file that this process alone uses, gone when it ends. */
export function scratch(name: string): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "qpp-bench-"));
    process.on("exit", () => rmSync(made, { recursive: true }));
    folder = made;
  }
  return join(folder, name);
}
