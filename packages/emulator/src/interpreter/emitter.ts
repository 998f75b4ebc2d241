import { type AccessBytes, type Emitter, Exception } from "../isa/riscv/emitter.js";
import {
  EXIT_CAUSE,
  EXIT_OPERATION,
  EXIT_VALUE,
  F_REGISTERS,
  FCSR,
  FUEL,
  GUEST_END,
  JUMP_LOG,
  JUMP_LOG_ENTRIES,
  PC,
  TRACE_ADDRESS,
  TRACE_LOADED_VALUE,
  TRACE_STORED,
  TRACE_STORED_VALUE,
  X_REGISTERS,
} from "../memory/layout.js";
import type { Body, Variable } from "../wasm/body.js";
import { type I32, type I64, i32, i64, type Operand } from "../wasm/expr.js";
import type { Label } from "../wasm/statement.js";
import { csrExists, csrRead, csrWritable, csrWrite } from "./csr.js";
import { enterSlowly, findBlock } from "./enter.js";
import { Exit } from "./exit.js";
import { checkAccess, Need } from "./memory-access.js";
import { EntryField, Field, OPERATION_SIZE } from "./operation.js";
import { createReservationEmitter, loadExtended, lowBytes, storeLow, toI64 } from "./values.js";

/** What a handler is written with: the meaning's emitter, and how to go on. */
export interface HandlerEmitter extends Emitter {
  /** Goes on with the operation at this link, or lets the host find it. */
  follow(link: typeof Field.TAKEN_LINK | typeof Field.NEXT_LINK): void;
  /** Goes on in the block that begins with the operation `first`. */
  enterBlock(first: Variable<"i32">): void;
  /** Goes on with the operation that is `bytes` further. */
  advance(bytes: number): void;
}

/**
 * The emitter of the interpreter: operands come from the operation at `operation`, registers live in memory.
 * With `traced`, each access leaves its address and value in the TRACE cells for the instrumentation behind it.
 */
export function createHandlerEmitter(
  b: Body,
  operation: Variable<"i32">,
  next: Label,
  traced: boolean,
): HandlerEmitter {
  const field16 = (offset: number): I32 => i32.load16_u(operation, offset);
  const register = (field: number, file: number): I64 => i64.load(field16(field), file);

  function exit(cause: number, at: I32): void {
    b.store(0, i32.const(cause), EXIT_CAUSE);
    b.store(0, at, EXIT_OPERATION);
    b.return();
  }

  function follow(link: Operand<"i32">): void {
    const cell = b.let(i32.add(operation, link));
    const target = b.let(i32.load(cell));
    b.if(i32.eqz(target), () => exit(Exit.LINK, cell));
    enterBlock(target);
  }

  /** Does what the first operation of a block does, and so spares it a turn of the loop. */
  function enterBlock(first: Variable<"i32">): void {
    takeFuel(b, first, () => {
      b.set(operation, b.call(enterSlowly, first));
      b.if(i32.eqz(operation), () => b.return());
      b.br(next);
    });
    b.set(operation, i32.add(first, OPERATION_SIZE));
    b.br(next);
  }

  function trace(address: I32, value: I64, bytes: AccessBytes, cell: number): void {
    if (!traced) return;
    b.store(0, address, TRACE_ADDRESS);
    b.store(0, lowBytes(bytes, value), cell);
    if (cell === TRACE_STORED_VALUE) b.store(0, i32.const(1), TRACE_STORED);
  }

  const e: HandlerEmitter = {
    ...b,
    ...createReservationEmitter(b),
    get rs1() {
      return register(Field.RS1, X_REGISTERS);
    },
    get rs2() {
      return register(Field.RS2, X_REGISTERS);
    },
    get fs1() {
      return register(Field.RS1, F_REGISTERS);
    },
    get fs2() {
      return register(Field.RS2, F_REGISTERS);
    },
    get fs3() {
      return i64.load(i32.shr_u(i32.load(operation, Field.IMM), 8), F_REGISTERS);
    },
    get imm() {
      return i64.load32_s(operation, Field.IMM);
    },
    get rs1Field() {
      return i32.shr_u(field16(Field.RS1), 3);
    },
    get pc() {
      return i64.load32_u(operation, Field.PC);
    },
    get next() {
      return i64.load32_u(operation, Field.NEXT_PC);
    },
    knownSingle: () => undefined,
    setRd(value) {
      b.store(field16(Field.RD), toI64(value), X_REGISTERS);
    },
    setFd(value) {
      b.store(field16(Field.RD), toI64(value), F_REGISTERS);
    },
    roundingMode() {
      const mode = b.let(i32.and(i32.load(operation, Field.IMM), 7));
      b.if(i32.eq(mode, 7), () => b.set(mode, i32.and(i32.shr_u(i32.load(0, FCSR), 5), 7)));
      b.if(i32.gt_u(mode, 4), () => e.raise(Exception.ILLEGAL_INSTRUCTION));
      return mode;
    },
    readMemory(bytes, signed, address) {
      const from = b.let(address);
      checkAccess(b, from, bytes, Need.READ, () => exit(Exception.LOAD_FAULT, operation));
      const at = b.let(i32.wrap_i64(from));
      const value = b.let(loadExtended(bytes, signed, at));
      trace(at, value, bytes, TRACE_LOADED_VALUE);
      return value;
    },
    writeMemory(bytes, address, value) {
      const to = b.let(address);
      checkAccess(b, to, bytes, Need.WRITE, () => exit(Exception.STORE_FAULT, operation));
      const at = b.let(i32.wrap_i64(to));
      const stored = b.let(value);
      storeLow(b, bytes, at, stored);
      trace(at, stored, bytes, TRACE_STORED_VALUE);
    },
    amo(bytes, address, combine) {
      const where = b.let(address);
      e.requireAligned(bytes, where, Exception.STORE_MISALIGNED);
      checkAccess(b, where, bytes, Need.READ_WRITE, () => exit(Exception.STORE_FAULT, operation));
      const at = b.let(i32.wrap_i64(where));
      const old = b.let(loadExtended(bytes, true, at));
      const combined = b.let(combine(old));
      storeLow(b, bytes, at, combined);
      trace(at, old, bytes, TRACE_LOADED_VALUE);
      trace(at, combined, bytes, TRACE_STORED_VALUE);
      return old;
    },
    requireAligned(bytes, address, exception) {
      b.if(i32.wrap_i64(i64.and(address, bytes - 1)), () => {
        b.store(0, address, EXIT_VALUE);
        exit(exception, operation);
      });
    },
    branch(condition) {
      follow(i32.select(condition, Field.TAKEN_LINK, Field.NEXT_LINK));
    },
    jump() {
      follow(Field.TAKEN_LINK);
    },
    jumpIndirect(target) {
      const to = b.let(target);
      const miss = (): void => {
        b.store(0, to, PC);
        exit(Exit.LOOKUP, operation);
      };
      b.if(i64.ge_u(to, GUEST_END), miss);
      const at = b.let(i32.wrap_i64(to));
      const found = b.let(findBlock(b, at, miss));
      const entry = b.let(i32.shl(i32.and(at, 2 * (JUMP_LOG_ENTRIES - 1)), 2));
      b.store(entry, operation, JUMP_LOG);
      b.store(entry, at, JUMP_LOG + 4);
      enterBlock(found);
    },
    csrRead() {
      const csr = b.let(i32.load(operation, Field.IMM));
      b.if(i32.eqz(b.call(csrExists, csr)), () => e.raise(Exception.ILLEGAL_INSTRUCTION));
      // The host counts what comes before this instruction.
      b.store(0, operation, EXIT_OPERATION);
      return b.let(b.call(csrRead, csr));
    },
    csrWrite(value) {
      const csr = b.let(i32.load(operation, Field.IMM));
      b.if(i32.eqz(b.call(csrWritable, csr)), () => e.raise(Exception.ILLEGAL_INSTRUCTION));
      b.do(csrWrite, csr, value);
    },
    fenceI() {
      // Stores into pages with predecoded code are noticed when they happen, so there is nothing to catch up on.
    },
    raise(exception) {
      b.store(0, i64.const(0), EXIT_VALUE);
      exit(exception, operation);
    },
    follow,
    enterBlock,
    advance(bytes) {
      b.set(operation, i32.add(operation, bytes));
      b.br(next);
    },
  };
  return e;
}

/** Takes what the block that begins with the operation `first` demands off the fuel, if there is that much left. */
function takeFuel(b: Body, first: Variable<"i32">, otherwise: () => void): void {
  const left = b.let(i64.sub(i64.load(0, FUEL), i64.load32_u(first, EntryField.DEMAND)));
  b.if(i64.lt_s(left, 0), otherwise);
  b.store(0, left, FUEL);
}
