import { csrExists, csrRead, csrWritable, csrWrite } from "../interpreter/csr.js";
import { Exit } from "../interpreter/exit.js";
import { Need } from "../interpreter/memory-access.js";
import { createReservationEmitter, loadExtended, lowBytes, storeLow, toI64 } from "../interpreter/values.js";
import { type AccessBytes, type Emitter, Exception } from "../isa/riscv/emitter.js";
import { boxSingle } from "../isa/riscv/float.js";
import { EXIT_OPERATION, EXIT_VALUE, FCSR, FUEL } from "../memory/layout.js";
import type { Arguments, BodyBuilder, Variable } from "../wasm/body.js";
import { type Expr, f64, type I32, type I64, i32, i64 } from "../wasm/expr.js";
import type { Func } from "../wasm/func.js";
import type { ValType } from "../wasm/types.js";
import { accessOf, checkRange, covers, type Range } from "./access.js";
import type { FloatInliner, Rounding } from "./float.js";
import { asDouble, asSingle, boxedSingle, hasEffect, variableOf } from "./fold.js";
import { inlineStraightLine } from "./inline.js";
import { only } from "./resources.js";
import type { RegionState } from "./state.js";
import type { InstructionStep, Step } from "./steps.js";

/** What an instruction's access was, for the probes after it. */
export interface Traced {
  address?: Variable<"i32">;
  /** Zero-extended. */
  loaded?: Variable<"i64">;
  stored?: Variable<"i64">;
  /** Of a store-conditional: whether it has stored. */
  hasStored?: Variable<"i32">;
}

/** What decides, or tells, where execution goes on after a block. */
export type Flow =
  | { readonly kind: "branch"; readonly condition: I32 }
  | { readonly kind: "indirect"; readonly target: I64 };

/** An emitter for one instruction after another. */
export interface RegionEmitter extends Emitter {
  /** Writes down an instruction, given what is to be checked with each access; gives what its access was, if it is traced, and what tells where it leads. */
  instruction(
    step: InstructionStep,
    groups: ReadonlyMap<Step, Range>,
  ): { readonly traced: Traced; readonly flow: Flow | undefined };
}

/**
 * The emitter of the translator: operands are known, registers are variables. What cannot go on in the region, such as
 * an access that faults, leaves it for the interpreter's host in the state in which the interpreter would. `nextWindow` gives
 * each check of an address a window of its own.
 */
export function createRegionEmitter(
  b: BodyBuilder,
  state: RegionState,
  float: FloatInliner | undefined,
  nextWindow: () => number,
): RegionEmitter {
  let step: InstructionStep | undefined;
  let traced: Traced = {};
  let flow: Flow | undefined;
  let groups: ReadonlyMap<Step, Range> = new Map();

  /** The variable of a dynamic rounding mode that has not been looked up yet. */
  let mode: Variable<"i32"> | undefined;

  /** Looks the dynamic rounding mode up, if that is still to be done. */
  function findMode(): void {
    if (mode === undefined) return;
    b.set(mode, i32.and(i32.shr_u(i32.load(0, FCSR), 5), 7));
    b.rarely(i32.gt_u(mode, 4), () => e.raise(Exception.ILLEGAL_INSTRUCTION));
    mode = undefined;
  }

  function present(): InstructionStep {
    if (step === undefined) throw new Error("no instruction is being written down");
    return step;
  }
  function fields(): NonNullable<InstructionStep["decoded"]> {
    const { decoded } = present();
    if (decoded === undefined) throw new Error("an illegal instruction has no operands");
    return decoded;
  }

  const x = (register: number): I64 => (register === 0 ? i64.const(0) : state.x(register));
  const f = (register: number): I64 => i64.reinterpret_f64(state.f(register));
  const leave = (cause: number): void => state.toHost(cause, present().operation);

  /** The interpreter goes on with this instruction: it does what is done here, and all that is rare besides. */
  const yieldToInterpreter = (): void => leave(Exit.RESUME);

  /** Has the present access checked, or more with it, unless what it needs is known to be allowed. */
  function check(address: Variable<"i64">, bytes: AccessBytes, need: number): void {
    const access = accessOf(fields());
    if (access === undefined) {
      checkRange(b, address, { from: 0, end: bytes, need }, nextWindow(), yieldToInterpreter);
      return;
    }
    const { base } = access;
    if (covers(state.verified.get(base), access)) return;
    const group = groups.get(present()) ?? access;
    checkRange(b, x(base), group, nextWindow(), yieldToInterpreter);
    state.verified.set(base, group);
  }

  function keep(address: I32, value: I64, bytes: AccessBytes, what: "loaded" | "stored"): void {
    if (!present().traced) return;
    const whole = lowBytes(bytes, value);
    const { hasStored } = traced;
    if (hasStored === undefined) {
      traced.address ??= b.let(address);
      traced[what] = b.let(whole);
      return;
    }
    // What is told of a store-conditional that has not stored is never looked at.
    const place = traced.address ?? b.local("i32");
    const variable = traced[what] ?? b.local("i64");
    traced.address = place;
    traced[what] = variable;
    b.set(place, address);
    b.set(variable, whole);
    if (what === "stored") b.set(hasStored, 1);
  }

  const e: RegionEmitter = {
    ...b,
    ...createReservationEmitter(b),
    get rs1() {
      return x(fields().rs1);
    },
    get rs2() {
      return x(fields().rs2);
    },
    get fs1() {
      return f(fields().rs1);
    },
    get fs2() {
      return f(fields().rs2);
    },
    get fs3() {
      return f(fields().rs3);
    },
    get imm() {
      return i64.const(fields().imm);
    },
    get rs1Field() {
      return i32.const(fields().rs1);
    },
    get pc() {
      return i64.const(present().instruction.pc);
    },
    get next() {
      const { pc, length } = present().instruction;
      return i64.const(pc + length);
    },
    knownSingle(register) {
      const variable = variableOf(register);
      for (const number of state.singles) {
        if (state.f(number).index === variable) return i32.reinterpret_f32(state.single(number));
      }
      return undefined;
    },
    setRd(value) {
      const { rd } = fields();
      const expression = toI64(value);
      if (rd !== 0) {
        b.set(state.x(rd), expression);
        state.dirty |= only(rd);
      } else if (hasEffect(expression)) {
        b.let(expression);
      }
    },
    setFd(value) {
      const { rd } = fields();
      const register = toI64(value);
      const bits = boxedSingle(register);
      state.dirty |= only(32 + rd);
      if (bits === undefined) {
        b.set(state.f(rd), asDouble(register));
        state.singles.delete(rd);
        return;
      }
      const number = state.single(rd);
      b.set(number, asSingle(bits));
      b.set(state.f(rd), f64.reinterpret_i64(boxSingle(i32.reinterpret_f32(number))));
      state.singles.add(rd);
    },
    roundingMode() {
      const { rm } = fields();
      if (rm === 7) {
        const dynamic = b.local("i32");
        mode = dynamic;
        return dynamic;
      }
      if (rm > 4) e.raise(Exception.ILLEGAL_INSTRUCTION);
      return b.let(i32.const(rm));
    },
    call<P extends readonly ValType[], R extends ValType>(func: Func<P, R>, ...given: Arguments<P>): Expr<R> {
      const { rm } = fields();
      const plain = b.call(func, ...given);
      if (plain.kind !== "call") return plain;
      const dynamic = mode;
      const rounding: Rounding = {
        fixed: rm === 7 ? undefined : rm,
        value() {
          if (dynamic === undefined) return i32.const(rm);
          findMode();
          return dynamic;
        },
      };
      const native = float?.inline(func, plain.args, rounding);
      if (native !== undefined) {
        mode = undefined;
        return native as Expr<R>;
      }
      findMode();
      return (inlineStraightLine(b, func, plain.args) ?? plain) as Expr<R>;
    },
    readMemory(bytes, signed, address) {
      const from = b.let(address);
      check(from, bytes, Need.READ);
      const at = i32.wrap_i64(from);
      const value = b.let(loadExtended(bytes, signed, at));
      keep(at, value, bytes, "loaded");
      return value;
    },
    writeMemory(bytes, address, value) {
      const to = b.let(address);
      check(to, bytes, Need.WRITE);
      const at = i32.wrap_i64(to);
      storeLow(b, bytes, at, value);
      keep(at, value, bytes, "stored");
    },
    amo(bytes, address, combine) {
      const where = b.let(address);
      e.requireAligned(bytes, where, Exception.STORE_MISALIGNED);
      check(where, bytes, Need.READ_WRITE);
      const at = b.let(i32.wrap_i64(where));
      const old = b.let(loadExtended(bytes, true, at));
      const combined = b.let(combine(old));
      storeLow(b, bytes, at, combined);
      keep(at, old, bytes, "loaded");
      keep(at, combined, bytes, "stored");
      return old;
    },
    requireAligned(bytes, address, exception) {
      b.rarely(i32.wrap_i64(i64.and(address, bytes - 1)), () => {
        b.store(0, address, EXIT_VALUE);
        leave(exception);
      });
    },
    branch(condition) {
      flow = { kind: "branch", condition };
    },
    jump() {
      // Where to is known from the block: see `terminatorOf`.
    },
    jumpIndirect(target) {
      flow = { kind: "indirect", target };
    },
    csrRead() {
      const { imm } = fields();
      b.if(i32.eqz(b.call(csrExists, imm)), () => e.raise(Exception.ILLEGAL_INSTRUCTION));
      // The host counts what comes before this instruction.
      b.store(0, i32.const(present().operation), EXIT_OPERATION);
      b.store(0, state.fuel, FUEL);
      return b.let(b.call(csrRead, imm));
    },
    csrWrite(value) {
      const { imm } = fields();
      b.if(i32.eqz(b.call(csrWritable, imm)), () => e.raise(Exception.ILLEGAL_INSTRUCTION));
      b.do(csrWrite, imm, value);
      float?.refresh();
    },
    fenceI() {
      // Stores into pages with predecoded code are noticed when they happen, so there is nothing to catch up on.
    },
    raise(exception) {
      b.store(0, i64.const(0), EXIT_VALUE);
      leave(exception);
    },
    instruction(present, accesses) {
      step = present;
      groups = accesses;
      traced = {};
      flow = undefined;
      const { decoded } = present;
      if (decoded === undefined) {
        e.raise(Exception.ILLEGAL_INSTRUCTION);
        return { traced, flow };
      }
      if (present.traced && decoded.instruction.name.startsWith("sc.")) {
        traced.hasStored = b.let(i32.const(0));
      }
      mode = undefined;
      decoded.instruction.meaning(e);
      // It has to be a valid one even where nothing is rounded.
      findMode();
      state.verified.after(present);
      return { traced, flow };
    },
  };
  return e;
}
