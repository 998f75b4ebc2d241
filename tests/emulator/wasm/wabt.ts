import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs one of WABT's programs on a file with this content; gives what it writes to its output file. */
function convert(program: string, input: string | Uint8Array, ...options: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "qpp-wabt-"));
  try {
    const [from, to] = [join(folder, "input"), join(folder, "output")];
    writeFileSync(from, input);
    const { status, stderr } = spawnSync(program, [...options, from, "-o", to], { encoding: "utf8" });
    if (status !== 0) throw new Error(`${program}: ${stderr.slice(0, 2000)}`);
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Assembles and validates a text. */
export function assembleText(text: string): Buffer {
  return convert("wat2wasm", text, "--enable-tail-call");
}

/** Takes a module apart, without its hints about alignment: they mean nothing, and texts leave them to the assembler. */
export function plainText(module: Uint8Array): string {
  return convert("wasm2wat", module, "--enable-tail-call")
    .toString()
    .replaceAll(/ align=\d+/g, "");
}
