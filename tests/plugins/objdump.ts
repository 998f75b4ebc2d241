import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { peer } from "../peers.js";

const OBJDUMP = "riscv64-linux-gnu-objdump";

/** Whether there is objdump for RISC-V here. */
export const hasObjdump: boolean = peer(OBJDUMP);
/** What the tests say that need it. */
export const NEEDS_OBJDUMP = `(needs ${OBJDUMP})`;

/** An instruction as objdump reads its bits. */
export interface Dumped {
  readonly name: string;
  readonly operands: string;
}

/** What objdump says of instructions, by their bits. */
export function dump(opcodes: readonly number[]): ReadonlyMap<number, Dumped> {
  const folder = mkdtempSync(join(tmpdir(), "qpp-objdump-"));
  try {
    const file = join(folder, "code");
    writeFileSync(file, Buffer.concat(opcodes.map(bytesOf)));
    const text = execFileSync(
      OBJDUMP,
      ["-D", "-b", "binary", "-m", "riscv:rv64", "-M", "no-aliases", "-z", file],
      { encoding: "utf8", maxBuffer: 1 << 28 },
    );
    const lines = [...text.matchAll(/^ +[\da-f]+:\t([\da-f]+) +\t(\S+)(?:\t(.*))?$/gm)];
    return new Map(
      lines.map(([, bits = "", name = "", operands = ""]) => [Number.parseInt(bits, 16), { name, operands }]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Little-endian: 4 bytes where the lowest two bits are set, else 2 (unprivileged manual, "Base Instruction-Length Encoding"). */
function bytesOf(opcode: number): Buffer {
  const bytes = Buffer.alloc((opcode & 3) === 3 ? 4 : 2);
  if (bytes.length === 4) bytes.writeUInt32LE(opcode >>> 0);
  else bytes.writeUInt16LE(opcode);
  return bytes;
}
