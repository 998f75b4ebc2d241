import { dumpRegisters } from "../../conformance/program/dump.js";
import type { Label } from "./assembly.js";
import { enter, writeAssign, writeCall, writeLeap, writeMark, writeReturn, writeTail } from "./calls.js";
import {
  branch,
  type Context,
  everyStatement,
  freeOfLinks,
  RA,
  row,
  type Slot,
  type Whole,
} from "./context.js";
import {
  writeCounter,
  writeIsland,
  writeLab,
  writeMake,
  writePatch,
  writeSlot,
  writeStack,
  writeSystem,
  writeWide,
} from "./effects.js";
import { writeGoto, writeIf, writeLoop, writeSwitch } from "./flow.js";
import { pinsOf } from "./roles.js";
import type { Routine, Statement } from "./statement.js";

function writeOne(context: Context, statement: Statement): void {
  const { asm, pins, around } = context;
  switch (statement.kind) {
    case "straight":
      asm.atoms(statement.atoms, pins);
      break;
    case "if":
      writeIf(context, statement, writeAll);
      break;
    case "loop":
      writeLoop(context, statement, writeAll);
      break;
    case "break":
    case "continue": {
      const to = statement.kind === "break" ? around?.leave : around?.next;
      if (to !== undefined) branch(context, statement.test, to);
      break;
    }
    case "goto":
      writeGoto(context, statement);
      break;
    case "call":
      writeCall(context, statement);
      break;
    case "return":
      writeReturn(context);
      break;
    case "tail":
      writeTail(context, statement);
      break;
    case "switch":
      writeSwitch(context, statement, writeAll);
      break;
    case "mark":
      writeMark(context, statement);
      break;
    case "leap":
      writeLeap(context, statement);
      break;
    case "assign":
      writeAssign(context, statement);
      break;
    case "wide":
      writeWide(context, statement);
      break;
    case "stack":
      writeStack(context, statement);
      break;
    case "lab":
      writeLab(context, statement);
      break;
    case "counter":
      writeCounter(context, statement);
      break;
    case "system":
      writeSystem(context, statement);
      break;
    case "slot":
      writeSlot(context, statement);
      break;
    case "patch":
      writePatch(context, statement);
      break;
    case "island":
      writeIsland(context, statement);
      break;
    case "make":
      writeMake(context, statement);
      break;
    case "fault":
      asm.atoms([statement.atom], pins);
      break;
    case "dump":
      writeDump(context);
      break;
  }
}

/** Writes registers to standard output; that takes ra, which a leaf still needs. */
function writeDump(context: Context): void {
  const { asm, pins } = context;
  const kept = freeOfLinks(context, 6);
  asm.put(row.cMv, { rd: kept, rs2: RA });
  dumpRegisters(asm, pins.anchor);
  asm.put(row.cMv, { rd: RA, rs2: kept });
}

function writeAll(context: Context, list: readonly Statement[]): void {
  for (const statement of list) {
    const label = context.labels[context.placed.count++];
    if (label !== undefined) context.asm.place(label);
    writeOne(context, statement);
  }
}

/** Labels of a function's statements, and of its end. */
export function labelsOf(make: () => Label, { body }: Routine): readonly Label[] {
  return [...everyStatement(body), undefined].map(make);
}

/** The slots of a function. */
export function* slotsOf(make: () => Label, { body }: Routine, labels: readonly Label[]): Iterable<Slot> {
  let index = 0;
  for (const { kind } of everyStatement(body)) {
    index++;
    if (kind === "slot") yield { label: make(), behind: labels.slice(index) };
  }
}

/** Writes a function. */
export function writeFunction(whole: Whole, index: number, labels: readonly Label[]): void {
  const { asm } = whole;
  const of = whole.functions[index];
  const entry = whole.entries[index];
  const end = labels.at(-1);
  if (of === undefined || entry === undefined || end === undefined) throw new Error(`no function ${index}`);
  const pins = pinsOf(whole.roles, of);
  const context: Context = {
    whole,
    asm,
    pins,
    function: of,
    index,
    labels,
    placed: { count: 0 },
    around: undefined,
    depth: 0,
  };
  asm.place(entry);
  enter(context);
  writeAll(context, of.body);
  asm.place(end);
  writeReturn(context);
}
