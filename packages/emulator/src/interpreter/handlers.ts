import { Exception } from "../isa/riscv/emitter.js";
import type { Instruction } from "../isa/riscv/instruction.js";
import { instructions } from "../isa/riscv/table.js";
import { EXIT_CAUSE, PC, TRACE_STORED } from "../memory/layout.js";
import type { Variable } from "../wasm/body.js";
import { i32, i64 } from "../wasm/expr.js";
import type { HandlerEmitter } from "./emitter.js";
import { Exit } from "./exit.js";
import { Field, LONG_OPERATION_SIZE, OPERATION_SIZE } from "./operation.js";
import { PROBE_HANDLERS, type ProbeName } from "./probe-handlers.js";

/** What the interpreter does at an operation whose handler field is this handler's position. */
export interface Handler {
  readonly name: string;
  /** Bytes of its operation. */
  readonly size: number;
  /** Leaves accesses in the TRACE cells. */
  readonly traced: boolean;
  /** It executes a guest instruction. */
  readonly executes: boolean;
  emit(e: HandlerEmitter, operation: Variable<"i32">): void;
}

function execute(instruction: Instruction, traced: boolean): Handler {
  const endsBlock = instruction.flow !== "next";
  const size = endsBlock ? LONG_OPERATION_SIZE : OPERATION_SIZE;
  return {
    name: traced ? `${instruction.name} (traced)` : instruction.name,
    size,
    traced,
    executes: true,
    emit(e) {
      if (traced) e.store(0, i32.const(0), TRACE_STORED);
      instruction.meaning(e);
      if (instruction.flow === "next") e.advance(size);
      else if (instruction.flow === "system") e.follow(Field.NEXT_LINK);
    },
  };
}

/** First operation of each block. Blocks that follow on others skip it, having done the same. */
const enter: Handler = {
  name: "enter",
  size: OPERATION_SIZE,
  traced: false,
  executes: false,
  emit(e, operation) {
    e.enterBlock(operation);
  },
};

/** Last operation of a block that no instruction ends. */
const goOn: Handler = {
  name: "go on",
  size: LONG_OPERATION_SIZE,
  traced: false,
  executes: false,
  emit(e) {
    e.follow(Field.NEXT_LINK);
  },
};

/** Last operation of a block that was cut short so as to stop at an exact count of instructions. */
const cut: Handler = {
  name: "cut",
  size: OPERATION_SIZE,
  traced: false,
  executes: false,
  emit(e, operation) {
    e.store(0, i64.load32_u(operation, Field.PC), PC);
    e.store(0, i32.const(Exit.CUT), EXIT_CAUSE);
    e.return();
  },
};

/** Stands where an instruction cannot be decoded. */
const illegal: Handler = {
  name: "illegal",
  size: OPERATION_SIZE,
  traced: false,
  executes: true,
  emit(e) {
    e.raise(Exception.ILLEGAL_INSTRUCTION);
  },
};

const memoryInstructions = instructions.filter((i) => i.memory !== undefined);
const probeNames = Object.keys(PROBE_HANDLERS) as ProbeName[];

/** All handlers, by number. Instructions come first, under their own ids. */
export const handlers: readonly Handler[] = [
  ...instructions.map((i) => execute(i, false)),
  ...memoryInstructions.map((i) => execute(i, true)),
  enter,
  goOn,
  cut,
  illegal,
  ...probeNames.map((name): Handler => {
    const { size, emit } = PROBE_HANDLERS[name];
    return {
      name,
      size,
      traced: false,
      executes: false,
      emit(e, operation) {
        emit(e, operation);
        e.advance(size);
      },
    };
  }),
];

const firstTraced = instructions.length;
const firstSpecial = firstTraced + memoryInstructions.length;
const firstProbe = firstSpecial + 4;

/** Numbers of the handlers that are neither instructions nor instrumentation. */
export const HandlerNumber: Readonly<Record<"ENTER" | "GO_ON" | "CUT" | "ILLEGAL", number>> = {
  ENTER: firstSpecial,
  GO_ON: firstSpecial + 1,
  CUT: firstSpecial + 2,
  ILLEGAL: firstSpecial + 3,
};

const tracedNumber = new Map(memoryInstructions.map((i, at) => [i.id, firstTraced + at]));
const probeNumber = new Map(probeNames.map((name, at) => [name, firstProbe + at]));

/** Number of the handler that executes an instruction and traces its accesses. */
export function tracedHandler(instruction: Instruction): number {
  return tracedNumber.get(instruction.id) ?? instruction.id;
}

/** Number of an instrumentation operation's handler. */
export function probeHandler(name: ProbeName): number {
  return probeNumber.get(name) ?? HandlerNumber.ILLEGAL;
}
