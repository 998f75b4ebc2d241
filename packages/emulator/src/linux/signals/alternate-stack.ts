import { Errno } from "../errno.js";

/** Bytes of `stack_t` (sigaltstack(2)): ss_sp, ss_flags, ss_size. */
export const STACK_SIZE = 24;
/** Flags of `stack_t`. */
const SS_ONSTACK = 1;
const SS_DISABLE = 2;
/** Linux keeps this as the sign bit. */
const SS_AUTODISARM = 0x8000_0000;
/** MINSIGSTKSZ of riscv64. */
const SMALLEST_STACK = 2048;

/** Where a thread wants handlers with SA_ONSTACK to run. */
export interface AlternateStack {
  readonly start: number;
  /** 0: there is none. */
  readonly size: number;
  /** Whether it is forgotten while a handler runs on it (SS_AUTODISARM). */
  readonly autodisarm: boolean;
}

/** A thread's before it says anything. */
export const NO_STACK: AlternateStack = { start: 0, size: 0, autodisarm: false };

/** Whether a stack pointer lies on the stack. One that is forgotten during a handler never counts. */
export function isOnStack(stack: AlternateStack, sp: number): boolean {
  return !stack.autodisarm && sp > stack.start && sp - stack.start <= stack.size;
}

/** The bytes of the `stack_t` that tells of a stack, when the stack pointer is at `sp`. */
export function encodeStack(stack: AlternateStack, sp: number): Uint8Array {
  const mode = stack.size === 0 ? SS_DISABLE : isOnStack(stack, sp) ? SS_ONSTACK : 0;
  const view = new DataView(new ArrayBuffer(STACK_SIZE));
  view.setBigUint64(0, BigInt(stack.start), true);
  view.setUint32(8, (mode | (stack.autodisarm ? SS_AUTODISARM : 0)) >>> 0, true);
  view.setBigUint64(16, BigInt(stack.size), true);
  return new Uint8Array(view.buffer);
}

/**
 * The stack that a `stack_t` of the guest asks for.
 * @returns the stack, or -EPERM while the thread is on the present one, -EINVAL for unknown flags, -ENOMEM if it is too small.
 */
export function changeStack(present: AlternateStack, bytes: Uint8Array, sp: number): AlternateStack | number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, STACK_SIZE);
  const flags = view.getUint32(8, true);
  const mode = (flags & ~SS_AUTODISARM) >>> 0;
  if (isOnStack(present, sp)) return -Errno.EPERM;
  if (mode !== 0 && mode !== SS_ONSTACK && mode !== SS_DISABLE) return -Errno.EINVAL;
  const autodisarm = (flags & SS_AUTODISARM) !== 0;
  if (mode === SS_DISABLE) return { ...NO_STACK, autodisarm };
  const size = Number(view.getBigUint64(16, true));
  if (size < SMALLEST_STACK) return -Errno.ENOMEM;
  return { start: Number(view.getBigUint64(0, true)), size, autodisarm };
}
