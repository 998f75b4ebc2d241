/**
 * The integer registers of a vCPU, seen as 32-bit halves: the low half of x[n] at index 2n, the high half at 2n + 1.
 * Both views are over the same 64 words.
 */
export interface Registers {
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
}

/** x10, where arguments start and results go (RISC-V calling convention: a0). */
const A0 = 10;
/** x17, the number of a system call (syscall(2), "Architecture calling conventions": a7). */
const A7 = 17;
const TWO_32 = 0x1_0000_0000;

/** The number of the system call that is asked for; 2^32 or more if the high half is not zero. */
export function syscallNumber(registers: Registers): number {
  return unsignedRegister(registers, A7);
}

/** Argument `index` (0..5) as Linux takes an `int`: the low half, signed. */
export function intArgument(registers: Registers, index: number): number {
  return registers.i32[2 * (A0 + index)] ?? 0;
}

/** Argument `index` as an `unsigned int`: the low half. */
export function uintArgument(registers: Registers, index: number): number {
  return registers.u32[2 * (A0 + index)] ?? 0;
}

/**
 * Argument `index` as an unsigned 64-bit number: a pointer or a size. Rounded from 2^53 on, which is far beyond
 * every guest address and every size that is possible.
 */
export function wordArgument(registers: Registers, index: number): number {
  return unsignedRegister(registers, A0 + index);
}

/** Argument `index` as a signed 64-bit number, such as a file offset. Rounded beyond 2^53. */
export function longArgument(registers: Registers, index: number): number {
  const register = 2 * (A0 + index);
  return (registers.i32[register + 1] ?? 0) * TWO_32 + (registers.u32[register] ?? 0);
}

function unsignedRegister(registers: Registers, register: number): number {
  return (registers.u32[2 * register + 1] ?? 0) * TWO_32 + (registers.u32[2 * register] ?? 0);
}
