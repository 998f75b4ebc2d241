import { disassemble } from "../../packages/emulator/src/isa/riscv/disassemble.js";
import { EVERY_EXTENSION } from "../../packages/emulator/src/isa/riscv/extensions.js";
import { DUMP_SIZE, nameInDump } from "./program/dump.js";
import { type Image, initialRegisters, type Placed } from "./program/image.js";
import { CODE_ADDRESS } from "./program/layout.js";
import type { Observed } from "./witness/observed.js";

/** What two runs of an image do not agree on. */
export interface Difference {
  /** Index of the first sequence that differs; undefined if only the end of the whole program does. */
  readonly sequence: number | undefined;
  /** One line for each thing that differs. */
  readonly lines: readonly string[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).reverse().toString("hex");

function differencesInDump(ours: Uint8Array, theirs: Uint8Array): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < DUMP_SIZE; at += 8) {
    const mine = hex(ours.subarray(at, at + 8));
    const its = hex(theirs.subarray(at, at + 8));
    if (mine !== its) lines.push(`${nameInDump(at)}: here ${mine}, qemu ${its}`);
  }
  return lines;
}

/** Compares what each sequence left behind, and how the program ended. Undefined if all is the same. */
export function compare({ placed }: Image, ours: Observed, theirs: Observed): Difference | undefined {
  for (let i = 0; i < placed.length; i++) {
    const dumpOf = ({ stdout }: Observed): Uint8Array => stdout.subarray(i * DUMP_SIZE, (i + 1) * DUMP_SIZE);
    const [mine, its] = [dumpOf(ours), dumpOf(theirs)];
    if (Buffer.compare(mine, its) === 0) continue;
    const cut = mine.length < DUMP_SIZE || its.length < DUMP_SIZE;
    const lines = cut ? [ending(ours, theirs)] : differencesInDump(mine, its);
    return { sequence: i, lines };
  }
  if (ours.code === theirs.code && ours.stdout.length === theirs.stdout.length) return undefined;
  return { sequence: undefined, lines: [ending(ours, theirs)] };
}

function ending(ours: Observed, theirs: Observed): string {
  const say = ({ code, stdout }: Observed): string => `ended with ${code} after ${stdout.length} bytes`;
  return `here ${say(ours)}, qemu ${say(theirs)}`;
}

/** Text of the instructions of one sequence, one a line. */
export function listing({ code }: Image, { start, end }: Placed): string {
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  const lines: string[] = [];
  for (let pc = start; pc < end; ) {
    const low = view.getUint16(pc - CODE_ADDRESS, true);
    const long = (low & 3) === 3;
    const bits = long ? view.getUint32(pc - CODE_ADDRESS, true) : low;
    lines.push(
      `  ${pc.toString(16)}: ${bits.toString(16).padStart(long ? 8 : 4, "0")}  ${disassemble(bits, pc, { extensions: EVERY_EXTENSION })}`,
    );
    pc += long ? 4 : 2;
  }
  return lines.join("\n");
}

/** What a sequence starts with: `fcsr` and the registers that its listing names. */
export function startingState(image: Image, placed: Placed, text: string): string {
  return [...initialRegisters(image, placed)]
    .filter(([name]) => name === "fcsr" || (name !== "zero" && new RegExp(`\\b${name}\\b`).test(text)))
    .map(([name, value]) => `  ${name} = 0x${value.toString(16).padStart(16, "0")}`)
    .join("\n");
}
