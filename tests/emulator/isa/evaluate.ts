import type { Emitter, Exception } from "../../../packages/emulator/src/isa/riscv/emitter.js";
import { instructions } from "../../../packages/emulator/src/isa/riscv/table.js";
import { FCSR } from "../../../packages/emulator/src/memory/layout.js";
import type { Body } from "../../../packages/emulator/src/wasm/body.js";
import { type Expr, i32, i64, type Operand, toExpr } from "../../../packages/emulator/src/wasm/expr.js";
import { func } from "../../../packages/emulator/src/wasm/func.js";
import { encodeModule } from "../../../packages/emulator/src/wasm/module.js";
import type {} from "../../../packages/emulator/src/wasm/webassembly.js";

/** What an instruction finds. Registers and immediates are 64 bits, as bigints of either sign. */
export interface Inputs {
  readonly rs1?: bigint;
  readonly rs2?: bigint;
  readonly imm?: bigint;
  readonly rs1Field?: bigint;
  readonly fs1?: bigint;
  readonly fs2?: bigint;
  readonly fs3?: bigint;
  readonly rm?: bigint;
  readonly csr?: bigint;
  /** Eight bytes of memory, at address {@link MEMORY}. */
  readonly memory?: bigint;
  /** Where the reservation is, and what was read there. */
  readonly reservation?: readonly [address: bigint, value: bigint];
}

/** What an instruction leaves behind; what it did not touch is `undefined`. All values unsigned. */
export interface Outcome {
  readonly rd: bigint | undefined;
  readonly fd: bigint | undefined;
  readonly csr: bigint | undefined;
  readonly target: bigint | undefined;
  readonly exception: Exception | undefined;
  readonly memory: bigint;
  readonly reservation: bigint;
}

/** Address of the memory that an instruction can access. */
export const MEMORY = 0x800n;
/** Address of the instruction; the next one follows 4 bytes later. */
export const PC_VALUE = 0x10000n;

const INPUTS = ["rs1", "rs2", "imm", "rs1Field", "fs1", "fs2", "fs3", "rm", "csr"] as const;
const OUTPUTS = ["rd", "fd", "csr", "target", "exception"] as const;
const IN = 0x100;
const OUT = 0x200;
const TOUCHED = 0x280;
const RESERVATION = 0x300;

const input = (name: (typeof INPUTS)[number]): Expr<"i64"> => i64.load(0, IN + 8 * INPUTS.indexOf(name));

/** An emitter without permissions: everything that the meaning asks for is a cell of the memory. */
export function cells(b: Body): Emitter {
  const output = (name: (typeof OUTPUTS)[number], value: Operand<"i64">): void => {
    const index = OUTPUTS.indexOf(name);
    b.store(0, toExpr("i64", value), OUT + 8 * index);
    b.store(0, i32.const(1), TOUCHED + index, 8);
  };
  const e: Emitter = {
    ...b,
    rs1: input("rs1"),
    rs2: input("rs2"),
    imm: input("imm"),
    rs1Field: i32.wrap_i64(input("rs1Field")),
    pc: i64.const(PC_VALUE),
    next: i64.const(PC_VALUE + 4n),
    knownSingle: () => undefined,
    fs1: input("fs1"),
    fs2: input("fs2"),
    fs3: input("fs3"),
    setRd: (value) => output("rd", value),
    setFd: (value) => output("fd", value),
    roundingMode: () => {
      const mode = b.let(i32.wrap_i64(input("rm")));
      b.if(i32.gt_u(mode, 4), () => e.raise(2));
      return mode;
    },
    readMemory(bytes, signed, address) {
      const at = i32.wrap_i64(address);
      const loads = {
        1: signed ? i64.load8_s(at) : i64.load8_u(at),
        2: signed ? i64.load16_s(at) : i64.load16_u(at),
        4: signed ? i64.load32_s(at) : i64.load32_u(at),
        8: i64.load(at),
      };
      return b.let(loads[bytes]);
    },
    writeMemory(bytes, address, value) {
      const bits = bytes === 8 ? undefined : ({ 1: 8, 2: 16, 4: 32 } as const)[bytes];
      b.store(i32.wrap_i64(address), value, 0, bits);
    },
    amo(bytes, address, combine) {
      const at = b.let(address);
      e.requireAligned(bytes, at, 6);
      const old = e.readMemory(bytes, true, at);
      e.writeMemory(bytes, at, combine(old));
      return old;
    },
    requireAligned(bytes, address, exception) {
      b.if(i64.ne(i64.and(address, bytes - 1), 0), () => e.raise(exception));
    },
    reservationAddress: i64.load(0, RESERVATION),
    reservationValue: i64.load(0, RESERVATION + 8),
    reserve(address, value) {
      b.store(0, toExpr("i64", address), RESERVATION);
      b.store(0, toExpr("i64", value), RESERVATION + 8);
    },
    cancelReservation: () => b.store(0, i64.const(-1), RESERVATION),
    branch: (condition) => output("target", i64.select(condition, i64.add(e.pc, e.imm), e.next)),
    jump: () => output("target", i64.add(e.pc, e.imm)),
    jumpIndirect: (target) => output("target", target),
    csrRead: () => b.let(input("csr")),
    csrWrite: (value) => output("csr", value),
    fenceI: () => {},
    raise(exception) {
      output("exception", exception);
      b.return();
    },
  };
  return e;
}

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
const view = new DataView(memory.buffer);
const module = new WebAssembly.Module(
  encodeModule({
    exports: Object.fromEntries(
      instructions.map((i) => [i.name, func(i.name, [], undefined, (b) => i.meaning(cells(b)))]),
    ),
    memory: { initial: 1, maximum: 1 },
  }),
);
const run = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Readonly<
  Record<string, () => void>
>;

/** Executes one instruction: its meaning, compiled to WebAssembly. */
export function evaluate(name: string, inputs: Inputs): Outcome {
  const meaning = run[name];
  if (meaning === undefined) throw new Error(`no instruction is called "${name}"`);
  new Uint8Array(memory.buffer).fill(0);
  for (const [i, key] of INPUTS.entries()) {
    view.setBigUint64(IN + 8 * i, BigInt.asUintN(64, inputs[key] ?? 0n), true);
  }
  view.setBigUint64(Number(MEMORY), BigInt.asUintN(64, inputs.memory ?? 0n), true);
  const [address, value] = inputs.reservation ?? [-1n, 0n];
  view.setBigInt64(RESERVATION, BigInt.asIntN(64, address), true);
  view.setBigInt64(RESERVATION + 8, BigInt.asIntN(64, value), true);
  meaning();
  const output = (name: (typeof OUTPUTS)[number]): bigint | undefined => {
    const index = OUTPUTS.indexOf(name);
    return view.getUint8(TOUCHED + index) === 0 ? undefined : view.getBigUint64(OUT + 8 * index, true);
  };
  const exception = output("exception");
  return {
    rd: output("rd"),
    fd: output("fd"),
    csr: output("csr"),
    target: output("target"),
    exception: exception === undefined ? undefined : (Number(exception) as Exception),
    memory: view.getBigUint64(Number(MEMORY), true),
    reservation: view.getBigUint64(RESERVATION, true),
  };
}

/** Exception flags that the last instruction raised. */
export function flags(): number {
  return view.getUint32(FCSR, true) & 31;
}
