import {
  at,
  burn,
  type Context,
  free,
  freeOfLinks,
  functionCell,
  markCell,
  RA,
  row,
  SP,
  wordAddress,
} from "./context.js";
import { FRAME } from "./layout.js";
import type { Routine, Statement } from "./statement.js";

type Kind<K extends Statement["kind"]> = Extract<Statement, { readonly kind: K }>;

/** Fuel for a call: what there is at most times this bounds the stack. */
const CALL = 2;

function calleeOf({ whole }: Context, index: number): { readonly callee: Routine; readonly entry: number } {
  const i = index % whole.functions.length;
  const callee = whole.functions[i];
  const entry = whole.entries[i];
  if (callee === undefined || entry === undefined) throw new Error("a program has at least one function");
  return { callee, entry };
}

/** What stands behind a call: instructions that a return may skip. */
export function pad({ asm }: Pick<Context, "asm">, register: number): void {
  for (const imm of [1, 2]) asm.put(row.cAddi, { rd: register, rs1: register, imm });
}

/** Makes a stack frame. */
export function enter({ asm, whole, function: { leaf, link } }: Context): void {
  if (leaf) return;
  asm.put(row.addi, { rd: SP, rs1: SP, imm: -FRAME.size });
  asm.put(row.sd, { rs1: SP, rs2: link, imm: FRAME.link });
  whole.roles.counters.forEach((counter, i) => {
    asm.put(row.sd, { rs1: SP, rs2: counter, imm: FRAME.counters[i] ?? 0 });
  });
}

function leave({ asm, whole, function: { leaf, link } }: Context): void {
  if (leaf) return;
  asm.put(row.ld, { rd: link, rs1: SP, imm: FRAME.link });
  whole.roles.counters.forEach((counter, i) => {
    asm.put(row.ld, { rd: counter, rs1: SP, imm: FRAME.counters[i] ?? 0 });
  });
  asm.put(row.addi, { rd: SP, rs1: SP, imm: FRAME.size });
}

/** Returns from the function. */
export function writeReturn(context: Context): void {
  const { asm } = context;
  const { link, return: form } = context.function;
  leave(context);
  const other = freeOfLinks(context, 6);
  switch (form) {
    case "short":
      asm.put(row.cJr, { rs1: link });
      break;
    case "full":
      asm.put(row.jalr, { rd: 0, rs1: link, imm: 0 });
      break;
    case "other":
      asm.put(row.cMv, { rd: other, rs2: link });
      asm.put(row.cJr, { rs1: other });
      break;
    case "offset":
      asm.put(row.addi, { rd: link, rs1: link, imm: -8 });
      asm.put(row.jalr, { rd: 0, rs1: link, imm: 8 });
      break;
    case "skip":
      asm.put(row.andi, { rd: other, rs1: 12, imm: 2 });
      asm.put(row.add, { rd: link, rs1: link, rs2: other });
      asm.put(row.cJr, { rs1: link });
      break;
  }
}

/** Calls a function; a leaf calls nothing. */
export function writeCall(context: Context, statement: Kind<"call">): void {
  const { asm, whole } = context;
  if (context.function.leaf) return;
  const { callee, entry } = calleeOf(context, statement.function);
  const { link } = callee;
  const via = free(context, statement.via, link);
  const through = (): void => {
    if (link === RA) asm.put(row.cJalr, { rs1: via });
    else asm.put(row.jalr, { rd: link, rs1: via, imm: 0 });
  };
  burn(context, CALL);
  switch (statement.form) {
    case "near":
      asm.jump(link, entry);
      break;
    case "far":
      asm.addressed(via, entry, row.jalr, { rd: link });
      break;
    case "register":
      asm.address(via, entry, statement.via % 2 === 0);
      through();
      break;
    case "same":
      asm.addressed(link, entry, row.jalr, { rd: link });
      break;
    case "table": {
      const address = wordAddress(whole.tables.get(link) ?? 0);
      const low = (address << 20) >> 20;
      asm.put(row.andi, { rd: via, rs1: statement.via, imm: 3 });
      asm.put(row.slli, { rd: via, rs1: via, imm: 3 });
      asm.put(row.lui, { rd: link, imm: address - low });
      asm.put(row.add, { rd: via, rs1: via, rs2: link });
      asm.put(row.ld, { rd: via, rs1: via, imm: low });
      asm.put(row.jalr, { rd: link, rs1: via, imm: 0 });
      break;
    }
    case "cell":
      at(context, row.ld, via, functionCell(link, statement.pad), { rd: via });
      through();
      break;
  }
  pad(context, free(context, statement.pad));
}

/** Goes on with another function in place of a return. */
export function writeTail(context: Context, statement: Kind<"tail">): void {
  const { asm } = context;
  const { callee, entry } = calleeOf(context, statement.function);
  const { link } = context.function;
  burn(context, CALL);
  leave(context);
  if (callee.link !== link) asm.put(row.cMv, { rd: callee.link, rs2: link });
  if (statement.via === undefined) asm.jump(0, entry, true);
  else asm.addressed(freeOfLinks(context, statement.via), entry, row.jalr, { rd: 0 });
}

/** Has a cell hold a function. */
export function writeAssign(context: Context, statement: Kind<"assign">): void {
  const { callee, entry } = calleeOf(context, statement.function);
  const via = free(context, statement.via);
  const value = free(context, via + 1, via);
  context.asm.address(value, entry, true);
  at(context, row.sd, via, functionCell(callee.link, statement.cell), { rs2: value });
}

/** Keeps this place. A leaf's return address would not come back with it, so it keeps none. */
export function writeMark(context: Context, { cell, via: drawn }: Kind<"mark" | "leap">): void {
  const { asm } = context;
  if (context.function.leaf) return;
  const via = free(context, drawn);
  const value = free(context, via + 1, via);
  const here = asm.label();
  at(context, row.sd, via, markCell(cell), { rs2: SP });
  asm.address(value, here, false);
  at(context, row.sd, via, markCell(cell) + 8, { rs2: value });
  asm.place(here);
}

/** Goes to the place that a cell keeps, with its stack. */
export function writeLeap(context: Context, { cell, via: drawn }: Kind<"mark" | "leap">): void {
  const via = free(context, drawn);
  burn(context, CALL);
  at(context, row.ld, via, markCell(cell), { rd: SP });
  at(context, row.ld, via, markCell(cell) + 8, { rd: via });
  context.asm.put(row.cJr, { rs1: via });
}
