import { encode } from "../../../packages/emulator/src/isa/riscv/encoding.js";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import { createWriter } from "../../conformance/program/assembler.js";
import { shortRow } from "./assembly.js";
import { pad } from "./calls.js";
import {
  at,
  type Context,
  free,
  harmless,
  loadNumber,
  RA,
  row,
  type Slot,
  SP,
  unpinned,
  wordAddress,
} from "./context.js";
import { BUFFER_ADDRESS, CODE_ADDRESS, FRAME, LAB } from "./layout.js";
import type { Patch, Statement } from "./statement.js";

type Kind<K extends Statement["kind"]> = Extract<Statement, { readonly kind: K }>;

const [A0, A1, A2, A3, A4, A5, A7] = [10, 11, 12, 13, 14, 15, 17];
const JAL = instructionNamed("jal");

/** An access anywhere in the page around the slot. Atomics are brought into line. */
export function writeWide(context: Context, { row: of, operands }: Kind<"wide">): void {
  const { asm, pins } = context;
  const via = free(context, operands.rs1);
  const isAtomic = of.operands.includes("atomicAddress");
  asm.put(row.slli, { rd: via, rs1: operands.rs1, imm: 52 });
  asm.put(row.srli, { rd: via, rs1: via, imm: isAtomic ? 55 : 52 });
  if (isAtomic) asm.put(row.slli, { rd: via, rs1: via, imm: 3 });
  asm.put(row.add, { rd: via, rs1: via, rs2: pins.anchor });
  if (isAtomic) asm.put(row.addi, { rd: via, rs1: via, imm: -0x800 });
  asm.put(of, { ...harmless(context, of, operands), rs1: via, imm: -0x800 });
}

/** An access to the scratch words of the stack frame. */
export function writeStack(context: Context, { short, store, float, register, slot }: Kind<"stack">): void {
  const imm = FRAME.scratch[slot % 2] ?? 0;
  const name = `${float ? "f" : ""}${store ? "sd" : "ld"}`;
  const to = store || float ? register : free(context, register);
  const of = short ? shortRow(`c.${name}sp`) : instructionNamed(name);
  context.asm.put(of, { rd: to, rs2: to, rs1: SP, imm });
}

/** An access to the page whose protection changes. */
export function writeLab(context: Context, { row: of, operands, offset }: Kind<"lab">): void {
  const via = free(context, operands.rs1);
  context.asm.put(row.lui, { rd: via, imm: LAB });
  context.asm.put(of, { ...harmless(context, of, operands), rs1: via, imm: offset });
}

/** Reads a counter. */
export function writeCounter(context: Context, { row: of, csr, register }: Kind<"counter">): void {
  context.asm.put(of, { rd: unpinned(context, register), rs1: 0, imm: csr });
}

const NUMBER = {
  brk: 214,
  yield: 124,
  getpid: 172,
  clock: 113,
  random: 278,
  write: 64,
  mprotect: 226,
  mmap: 222,
};
const PROTECTIONS = [3, 1, 3, 7, 3, 0, 3, 5];
/** MAP_PRIVATE, MAP_FIXED and MAP_ANONYMOUS. */
const REPLACE = 0x32;

/** Makes a system call. */
export function writeSystem(context: Context, { call, argument }: Kind<"system">): void {
  const { asm, whole, pins } = context;
  const ask = (number: number): void => {
    loadNumber(context, A7, number);
    asm.put(row.ecall, {});
  };
  const slot = (rd: number): void => asm.put(row.addi, { rd, rs1: pins.anchor, imm: 0 });
  switch (call) {
    case "write":
    case "write-fault":
      loadNumber(context, A0, 1);
      if (call === "write") slot(A1);
      else loadNumber(context, A1, 0x1000);
      loadNumber(context, A2, argument % 32);
      ask(NUMBER.write);
      break;
    case "protect":
      loadNumber(context, A0, LAB);
      loadNumber(context, A1, 4096);
      loadNumber(context, A2, PROTECTIONS[argument % PROTECTIONS.length] ?? 3);
      ask(NUMBER.mprotect);
      break;
    case "protect-code": {
      const size = asm.word((place) => BigInt((place(whole.end) - CODE_ADDRESS + 4095) & -4096));
      at(context, row.ld, A1, wordAddress(size), { rd: A1 });
      loadNumber(context, A0, CODE_ADDRESS);
      whole.writable = true;
      loadNumber(context, A2, 7);
      ask(NUMBER.mprotect);
      break;
    }
    case "remap":
      loadNumber(context, A0, argument % 2 === 0 ? LAB : BUFFER_ADDRESS);
      loadNumber(context, A1, 4096);
      loadNumber(context, A2, argument % 2 === 0 ? 3 : 7);
      loadNumber(context, A3, REPLACE);
      loadNumber(context, A4, -1);
      loadNumber(context, A5, 0);
      ask(NUMBER.mmap);
      break;
    case "brk":
      loadNumber(context, A0, 0);
      ask(NUMBER.brk);
      break;
    case "clock":
      loadNumber(context, A0, 1);
      slot(A1);
      ask(NUMBER.clock);
      break;
    case "random":
      slot(A0);
      loadNumber(context, A1, 8);
      loadNumber(context, A2, 0);
      ask(NUMBER.random);
      break;
    default:
      ask(NUMBER[call]);
  }
}

const jumpTarget = ({ behind }: Slot, to: number): number => behind[to % behind.length] ?? 0;

/** Code that is rewritten. */
export function writeSlot(context: Context, { first }: Kind<"slot">): void {
  const { asm, whole } = context;
  const slot = whole.slots[whole.placedSlots++];
  if (slot === undefined) throw new Error("a slot that was not counted");
  asm.place(slot.label);
  if (first.kind === "jump") asm.jump(0, jumpTarget(slot, first.to));
  else asm.put(first.row, harmless(context, first.row, first.operands));
}

function patchWord(context: Context, slot: Slot, patch: Patch): number {
  return context.asm.word((place) => {
    if (patch.kind === "jump") {
      return BigInt(
        encode(JAL.encoding, { rd: 0, imm: place(jumpTarget(slot, patch.to)) - place(slot.label) }),
      );
    }
    return BigInt(encode(patch.row.encoding, harmless(context, patch.row, patch.operands)));
  });
}

/** Rewrites a slot. What is written may be of another function, so it spares the registers that a leaf pins, too. */
export function writePatch(context: Context, { slot: index, to, via: drawn, fence }: Kind<"patch">): void {
  const { asm, whole } = context;
  const slot = whole.slots[index % Math.max(1, whole.slots.length)];
  if (slot === undefined) return;
  whole.writable = true;
  const via = free(context, drawn);
  const other = free(context, via + 1, via);
  const careful: Context = {
    ...context,
    pins: { ...context.pins, all: new Set([...context.pins.all, 1, 5]) },
  };
  at(context, row.lw, via, wordAddress(patchWord(careful, slot, to)), { rd: via });
  asm.address(other, slot.label, false);
  asm.put(row.sw, { rs1: other, rs2: via, imm: 0 });
  if (fence) asm.put(row.fencei, {});
}

/** Data between instructions. */
export function writeIsland(context: Context, { register, via: drawn }: Kind<"island">): void {
  const { asm, whole } = context;
  whole.writable = true;
  const via = free(context, drawn);
  const [data, over] = [asm.label(), asm.label()];
  asm.jump(0, over, true);
  asm.place(data);
  asm.bytes(new Uint8Array(8));
  asm.place(over);
  asm.address(via, data, false);
  asm.put(row.sd, { rs1: via, rs2: register, imm: 0 });
  asm.put(row.ld, { rd: free(context, register), rs1: via, imm: 0 });
}

/** Copies code to the buffer, where it may cross a page, and calls it. */
export function writeMake(context: Context, { atoms, offset, via: drawn, fence }: Kind<"make">): void {
  const { asm } = context;
  if (context.function.leaf) return;
  const writer = createWriter(0);
  // Code that was made may not lose its way back.
  writer.atoms(atoms, { ...context.pins, all: new Set([...context.pins.all, RA]) });
  writer.put(row.cJr, { rs1: RA });
  const { bytes } = writer.finish();
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
  padded.set(bytes);
  const words = [...new BigUint64Array(padded.buffer)].map((word) => asm.word(() => word));
  const buffer = BUFFER_ADDRESS + 0x1000;
  const base = free(context, drawn, RA);
  const from = free(context, base + 1, base, RA);
  words.forEach((index, i) => {
    at(context, row.ld, from, wordAddress(index), { rd: from });
    asm.put(row.lui, { rd: base, imm: buffer });
    asm.put(row.sd, { rs1: base, rs2: from, imm: offset + 8 * i });
  });
  if (fence) asm.put(row.fencei, {});
  asm.put(row.jalr, { rd: RA, rs1: base, imm: offset });
  pad(context, from);
}
