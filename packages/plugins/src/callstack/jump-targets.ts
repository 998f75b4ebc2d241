import type { Instruction, Registers } from "@qpp/emulator/contract";

// Encodings: RISC-V unprivileged manual, "RV32I Base Integer Instruction Set" and "C Standard Extension".

const X_REGISTERS: readonly string[] = Array.from({ length: 32 }, (_, i) => `x${i}`);
const SP = 2;
const FP = 8;
/** t0, through which GCC's and LLVM's millicode (`__riscv_save_0`) is called and returns. */
const T0 = 5;
const ADDRESS_SPACE = 2 ** 32;

const isCompressed = (data: number): boolean => (data & 3) !== 3;
const rd = (data: number): number => (data >>> 7) & 31;
const rs1 = (data: number): number => (data >>> 15) & 31;
const rs2OfCompressed = (data: number): number => (data >>> 2) & 31;

/** The register that an indirect jump goes to. A compressed one has it where others have their destination. */
function jumpRegister(data: number): number {
  return isCompressed(data) ? rd(data) : rs1(data);
}

/** Whether an indirect jump is through t0. */
export function isThroughT0({ data }: Instruction): boolean {
  return jumpRegister(data) === T0;
}

/** Where an indirect jump goes. */
export function indirectTarget({ data }: Instruction, registers: Registers): number {
  const base = registers.readNumber(X_REGISTERS[jumpRegister(data)] ?? "x0");
  // Addresses have 32 bits in this machine; the lowest bit is dropped.
  return isCompressed(data) ? (base & ~1) >>> 0 : ((base + (data >> 20)) & ~1) >>> 0;
}

/** Where a direct jump goes. */
export function directTarget({ data, pc }: Instruction): number {
  return (pc + (isCompressed(data) ? compressedOffset(data) : offset(data))) >>> 0;
}

/** imm[20|10:1|11|19:12] of a J-type instruction. */
function offset(data: number): number {
  return (
    ((data >> 31) << 20) | (data & 0xff000) | (((data >>> 20) & 1) << 11) | (((data >>> 21) & 0x3ff) << 1)
  );
}

/** imm[11|4|9:8|10|6|7|3:1|5] of `c.j`. */
function compressedOffset(data: number): number {
  const bit = (from: number, to: number): number => ((data >>> from) & 1) << to;
  const unsigned =
    bit(11, 4) |
    bit(8, 10) |
    bit(7, 6) |
    bit(6, 7) |
    bit(2, 5) |
    (((data >>> 9) & 3) << 8) |
    (((data >>> 3) & 7) << 1);
  return unsigned - (((data >>> 12) & 1) << 11);
}

const LOAD = 0x03;
const OP_IMM = 0x13;

/** How an instruction gives the stack pointer a value that has nothing to do with its own or the frame pointer's. */
export interface StackMove {
  /** The value is that of this register, or is in memory where it points to. */
  readonly register: number;
  readonly offset: number;
  readonly inMemory: boolean;
}

/**
 * Whether an instruction moves the stack pointer to another place (longjmp, setcontext, switches of coroutines), and how.
 * Frames are made and taken down by adding to it, or by the frame pointer.
 */
export function stackMove({ data }: Instruction): StackMove | undefined {
  if (rd(data) !== SP) return undefined;
  return isCompressed(data) ? compressedMove(data) : wholeMove(data);
}

function wholeMove(data: number): StackMove | undefined {
  const opcode = data & 0x7f;
  const function3 = (data >>> 12) & 7;
  const move = { register: rs1(data), offset: data >> 20 };
  if (opcode === LOAD && function3 === 3) return { ...move, inMemory: true };
  const plain = opcode === OP_IMM && function3 === 0;
  if (!plain || move.register === SP || move.register === FP) return undefined;
  return { ...move, inMemory: false };
}

function compressedMove(data: number): StackMove | undefined {
  // c.ldsp: offset[5] in bit 12, [4:3] in 6:5, [8:6] in 4:2.
  if ((data & 0xe003) === 0x6002) {
    const offset = ((data >>> 7) & 0x20) | ((data >>> 2) & 0x18) | ((data & 0x1c) << 4);
    return { register: SP, offset, inMemory: true };
  }
  const from = rs2OfCompressed(data);
  const isMove = (data & 0xf003) === 0x8002 && from !== 0;
  return isMove && from !== FP ? { register: from, offset: 0, inMemory: false } : undefined;
}

/** What the stack pointer will be; undefined if the memory that it comes from cannot be read. */
export function movedTo(
  { register, offset, inMemory }: StackMove,
  registers: Registers,
  read: (address: number) => number | undefined,
): number | undefined {
  const base = (registers.readNumber(X_REGISTERS[register] ?? "x0") + offset) % ADDRESS_SPACE;
  return inMemory ? read(base) : base;
}
