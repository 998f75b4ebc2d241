import { decode, instructionLength } from "../isa/riscv/decode.js";
import { type Extensions, RV64GC } from "../isa/riscv/extensions.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { PAGE_SIZE, Permission } from "../memory/layout.js";
import type { BlockInstruction } from "./plan.js";

/** Most instructions in a block, as in QEMU (`TCG_MAX_INSNS`). */
export const MAX_BLOCK_INSTRUCTIONS = 512;

/** What was found at an address: a block's instructions, or where the fetch of its first one faults. */
export type Scanned =
  | { readonly instructions: readonly BlockInstruction[]; readonly end: number }
  | { readonly fault: number };

const pageOf = (address: number): number => address - (address % PAGE_SIZE);

/**
 * Finds the instructions of the translation block at `pc`, cut where QEMU cuts them: at an instruction that ends a
 * block, before the last two bytes of its page (whether or not what stands there reaches into the next page), at the
 * end of the page, and after `limit` instructions. What the processor lacks of `extensions` is an illegal instruction.
 */
export function scanBlock(
  memory: GuestMemory,
  pc: number,
  limit: number,
  extensions: Extensions = RV64GC,
): Scanned {
  const instructions: BlockInstruction[] = [];
  const fetchable = (address: number): boolean => memory.check(address, 2, Permission.EXEC);
  const page = pageOf(pc);
  let at = pc;
  while (instructions.length < limit) {
    if (instructions.length > 0 && (pageOf(at) !== page || at % PAGE_SIZE === PAGE_SIZE - 2)) break;
    if (!fetchable(at)) return { fault: at };
    const low = memory.view.getUint16(at, true);
    const length = instructionLength(low);
    if (length === 4 && !fetchable(at + 2)) return { fault: at + 2 };
    const bits = length === 2 ? low : (low | (memory.view.getUint16(at + 2, true) << 16)) >>> 0;
    const decoded = decode(bits, extensions);
    instructions.push({ pc: at, bits, length, decoded });
    at += length;
    if (decoded === undefined || decoded.instruction.flow !== "next") break;
  }
  return { instructions, end: at };
}
