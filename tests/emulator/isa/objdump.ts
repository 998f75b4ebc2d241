import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { peer } from "../../peers.js";

const COMMAND = "riscv64-linux-gnu-objdump";

/** The witness of the disassembler. Texts change from version to version of binutils; ours are those of 2.40. */
export const OBJDUMP = `${COMMAND} 2.40`;

/** Whether the witness is there, in that version. */
export function objdumpPresent(): boolean {
  if (!peer(COMMAND)) return false;
  return /\b2\.40\b/.test(execFileSync(COMMAND, ["--version"], { encoding: "latin1" }));
}

/** One line of objdump's output. */
export interface Line {
  readonly address: number;
  readonly bits: number;
  readonly text: string;
}

const LINE = /^ *([0-9a-f]+):\t([0-9a-f ]+)\t(.*)$/;

function run(options: readonly string[], file: string, aliases: boolean): Line[] {
  const output = execFileSync(COMMAND, [...options, ...(aliases ? [] : ["-M", "no-aliases"]), file], {
    encoding: "latin1",
    maxBuffer: 2 ** 30,
  });
  const lines: Line[] = [];
  for (const line of output.split("\n")) {
    const [, address, bits, text] = LINE.exec(line) ?? [];
    if (address === undefined || bits === undefined || text === undefined) continue;
    lines.push({ address: Number.parseInt(address, 16), bits: Number.parseInt(bits, 16), text: clean(text) });
  }
  return lines;
}

/** One space after the mnemonic, targets as `0x…`, no symbols, no comments. */
function clean(text: string): string {
  const comment = text.indexOf("#");
  const bare = (comment < 0 ? text : text.slice(0, comment)).trimEnd().replace("\t", " ");
  return bare.includes("<") ? bare.replace(/([0-9a-f]+) <[^>]*>/, "0x$1") : bare;
}

/**
 * Disassembles bare instructions of 2 or 4 bytes each, the first at `address`, for a processor with these extensions beyond
 * RV64GC; objdump 2.40 takes them from the attributes of an object file.
 */
export function objdumpBits(
  instructions: readonly number[],
  size: 2 | 4,
  aliases: boolean,
  address: number = 0,
  extensions: readonly string[] = [],
): string[] {
  const bytes = Buffer.alloc(instructions.length * size);
  instructions.forEach((bits, i) => {
    if (size === 4) bytes.writeUInt32LE(bits >>> 0, i * 4);
    else bytes.writeUInt16LE(bits, i * 2);
  });
  const folder = mkdtempSync(join(tmpdir(), "qpp-isa-"));
  try {
    const file = join(folder, "code.bin");
    writeFileSync(file, bytes);
    const place = `--adjust-vma=0x${address.toString(16)}`;
    const lines =
      extensions.length === 0
        ? run(["-D", "-z", "-b", "binary", "-m", "riscv:rv64", place], file, aliases)
        : run(["-d", "-z", place], objectFile(folder, file, extensions), aliases);
    if (lines.length !== instructions.length) {
      throw new Error(`objdump gave ${lines.length} lines for ${instructions.length} instructions`);
    }
    return lines.map((line) => line.text);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes an object file whose code are these bytes. */
function objectFile(folder: string, bytes: string, extensions: readonly string[]): string {
  const file = join(folder, "code.o");
  const arch = ["rv64gc", ...extensions].join("_").toLowerCase();
  execFileSync("riscv64-linux-gnu-as", [`-march=${arch}`, "-o", file, "-"], { input: "nop\n" });
  execFileSync("riscv64-linux-gnu-objcopy", ["--update-section", `.text=${bytes}`, file]);
  return file;
}

/** Disassembles the code sections of an ELF file, without what the assembler has marked as data. */
export function objdumpFile(file: string, aliases: boolean): Line[] {
  return run(["-d", "-z"], file, aliases).filter(({ text }) => !/^\.(short|word|byte) /.test(text));
}
