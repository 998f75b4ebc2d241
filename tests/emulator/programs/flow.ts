import {
  at,
  branch,
  burn,
  type Context,
  counterCell,
  everyStatement,
  free,
  loadNumber,
  row,
  wordAddress,
} from "./context.js";
import type { Statement } from "./statement.js";

type Kind<K extends Statement["kind"]> = Extract<Statement, { readonly kind: K }>;
/** Writes statements one after the other. */
export type Write = (context: Context, list: readonly Statement[]) => void;

/** A choice of two. */
export function writeIf(context: Context, statement: Kind<"if">, write: Write): void {
  const { asm } = context;
  const otherwise = asm.label();
  branch(context, statement.test, otherwise);
  write(context, statement.yes);
  if (statement.no.length === 0) {
    asm.place(otherwise);
    return;
  }
  const end = asm.label();
  asm.jump(0, end, true);
  asm.place(otherwise);
  write(context, statement.no);
  asm.place(end);
}

/** How a loop counts down. */
interface Counting {
  /** Sets the counter, and pays for all rounds. */
  readonly start: () => void;
  /** Counts down by one; gives the register that tells how many rounds are left. */
  readonly down: () => number;
}

const jumpsAbout = (list: readonly Statement[]): boolean => {
  for (const { kind } of everyStatement(list)) if (kind === "goto" || kind === "slot") return true;
  return false;
};

function counting(context: Context, { form, times, register }: Kind<"loop">): Counting {
  const { asm, whole, index, depth } = context;
  const registers = context.function.leaf ? whole.roles.leafCounters : whole.roles.counters;
  const counter = form === "memory" ? undefined : registers[depth];
  if (counter === undefined) {
    const cell = counterCell(index, depth);
    const via = free(context, register);
    const value = free(context, via + 1, via);
    return {
      start() {
        loadNumber(context, value, times);
        at(context, row.sd, via, cell, { rs2: value });
        burn(context, times);
      },
      down() {
        at(context, row.ld, via, cell, { rd: value });
        asm.put(row.addi, { rd: value, rs1: value, imm: -1 });
        at(context, row.sd, via, cell, { rs2: value });
        return value;
      },
    };
  }
  const { fuel } = whole.roles;
  return {
    start() {
      if (form === "computed") {
        asm.put(row.andi, {
          rd: counter,
          rs1: register,
          imm: 2 ** Math.min(10, Math.ceil(Math.log2(times + 1))) - 1,
        });
        asm.put(row.sub, { rd: fuel, rs1: fuel, rs2: counter });
        burn(context, 1);
      } else {
        loadNumber(context, counter, times);
        burn(context, times);
      }
    },
    down() {
      if (times % 2 === 0) asm.put(row.cAddi, { rd: counter, rs1: counter, imm: -1 });
      else asm.put(row.addi, { rd: counter, rs1: counter, imm: -1 });
      return counter;
    },
  };
}

/** A loop, which ends whatever its counter holds when it is jumped into. */
export function writeLoop(outer: Context, statement: Kind<"loop">, write: Write): void {
  const { asm } = outer;
  const [top, next, leave] = [asm.label(), asm.label(), asm.label()];
  const context: Context = { ...outer, around: { leave, next }, depth: outer.depth + 1 };
  const { form, body } = statement;
  const { start, down } = counting(outer, statement);
  start();
  asm.place(top);
  if (form === "top") {
    asm.place(next);
    asm.branch(row.blt, { rs1: down(), rs2: 0 }, leave);
    write(context, body);
    asm.jump(0, top, true);
  } else if (form === "middle") {
    const half = body.length >>> 1;
    write(context, body.slice(0, half));
    asm.place(next);
    asm.branch(row.bge, { rs1: 0, rs2: down() }, leave);
    write(context, body.slice(half));
    asm.jump(0, top, true);
  } else {
    write(context, body);
    asm.place(next);
    const counter = down();
    // Nothing but its own loop changes a counter of a leaf that does not jump about, so it meets zero.
    const exact =
      outer.function.leaf && form === "register" && outer.depth < 2 && !jumpsAbout(outer.function.body);
    if (!exact) asm.branch(row.blt, { rs1: 0, rs2: counter }, top);
    else if (counter >= 8 && counter <= 15) asm.branch(row.cBnez, { rs1: counter }, top);
    else asm.branch(row.bne, { rs1: counter, rs2: 0 }, top);
  }
  asm.place(leave);
}

/** A jump to another statement of the function; each that leads back costs fuel. */
export function writeGoto(context: Context, { test, to }: Kind<"goto">): void {
  const { asm, labels, placed } = context;
  const index = to % labels.length;
  const target = labels[index];
  if (target === undefined) return;
  const forward = index >= placed.count;
  if (forward && test !== undefined) {
    branch(context, test, target);
    return;
  }
  const skip = asm.label();
  if (test !== undefined) branch(context, test, skip);
  if (!forward) burn(context, 1);
  asm.jump(0, target, true);
  asm.place(skip);
}

/** A choice of four by an indirect jump. */
export function writeSwitch(context: Context, statement: Kind<"switch">, write: Write): void {
  const { asm } = context;
  const via = free(context, statement.via);
  const other = free(context, via + 1, via);
  const cases = statement.cases.map(() => asm.label());
  const end = asm.label();
  asm.put(row.andi, { rd: via, rs1: statement.register, imm: 3 });
  if (statement.form === "addresses") {
    const indices = Array.from({ length: 4 }, (_, i) =>
      asm.word((place) => BigInt(place(cases[i % cases.length] ?? end))),
    );
    asm.put(row.slli, { rd: via, rs1: via, imm: 3 });
    const address = wordAddress(indices[0] ?? 0);
    const low = (address << 20) >> 20;
    asm.put(row.lui, { rd: other, imm: address - low });
    asm.put(row.add, { rd: via, rs1: via, rs2: other });
    asm.put(row.ld, { rd: via, rs1: via, imm: low });
    asm.put(row.cJr, { rs1: via });
  } else {
    const table = asm.label();
    asm.put(row.slli, { rd: via, rs1: via, imm: 2 });
    asm.address(other, table, false);
    asm.put(row.add, { rd: via, rs1: via, rs2: other });
    asm.put(row.jalr, { rd: 0, rs1: via, imm: 0 });
    asm.place(table);
    for (let i = 0; i < 4; i++) asm.jump(0, cases[i % cases.length] ?? end);
  }
  statement.cases.forEach((list, i) => {
    asm.place(cases[i] ?? end);
    write(context, list);
    asm.jump(0, end, true);
  });
  asm.place(end);
}
