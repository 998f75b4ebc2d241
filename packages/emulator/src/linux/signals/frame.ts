import type { GuestMemory } from "../../memory/guest-memory.js";
import { F_REGISTERS, FCSR, PC, Permission, RESERVATION_ADDRESS, X_REGISTERS } from "../../memory/layout.js";
import type { Vcpu } from "../execution.js";
import { type Action, ActionFlag } from "./actions.js";
import { type AlternateStack, encodeStack, isOnStack, STACK_SIZE } from "./alternate-stack.js";
import type { SignalInfo } from "./info.js";
import { Signal } from "./numbers.js";
import { SET_SIZE, type SignalSet, setBytes, setSignal } from "./set.js";

/**
 * The `struct rt_sigframe` that a handler finds at its stack pointer (arch/riscv/kernel/signal.c):
 *
 * ```
 *   0  siginfo_t                       128 bytes
 * 128  ucontext: uc_flags, uc_link     16
 * 144    uc_stack                      24
 * 168    uc_sigmask                    8, and 120 for more signals
 * 304    uc_mcontext: pc, x1 to x31    256 (the context is aligned to 16 bytes)
 * 560      f0 to f31, fcsr             260, and room for registers of 128 bits
 * 1088 end
 * ```
 */
export const Frame = {
  INFO: 0,
  CONTEXT: 128,
  STACK: 144,
  MASK: 168,
  PC: 304,
  FLOATS: 560,
  FCSR: 816,
  /** Twelve bytes that are zero, and must be when the handler returns. */
  RESERVED: 1076,
  SIZE: 1088,
} as const;

const WORDS = 32;
/** Integer registers by their conventional names. */
const RA = 1;
const SP = 2;
const A0 = 10;
const TWO_32 = 0x1_0000_0000;

/** What a handler's frame is made of. */
export interface FrameParts {
  readonly info: SignalInfo;
  readonly signal: number;
  readonly action: Action;
  /** The mask that holds again once the handler has returned. */
  readonly mask: SignalSet;
  readonly stack: AlternateStack;
  /** Where the handler returns to: code that calls rt_sigreturn(2). */
  readonly trampoline: number;
}

/** The value of x2, rounded beyond 2^53. */
export function stackPointer(vcpu: Vcpu): number {
  return wide(vcpu.state, X_REGISTERS + 8 * SP);
}

function wide(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
}

/** Whether the guest's stack has room for a frame that can be written. */
export function hasRoom(vcpu: Vcpu, parts: FrameParts): boolean {
  return vcpu.memory.check(frameAddress(stackPointer(vcpu), parts), Frame.SIZE, Permission.WRITE);
}

/** Where the frame goes; nowhere (0) if it would run over the end of the alternate stack. */
function frameAddress(sp: number, { action, stack }: FrameParts): number {
  const onStack = isOnStack(stack, sp);
  if (onStack && !isOnStack(stack, sp - Frame.SIZE)) return 0;
  const switches = (action.flags & ActionFlag.ONSTACK) !== 0 && stack.size !== 0 && !onStack;
  const top = switches ? stack.start + stack.size : sp;
  return Math.floor((top - Frame.SIZE) / 16) * 16;
}

/**
 * Puts the frame of a handler on the guest's stack, and has the vCPU go on at the handler's first instruction.
 * @returns false, with registers unchanged, if the stack cannot be written there.
 */
export function pushFrame(vcpu: Vcpu, parts: FrameParts): boolean {
  const { memory, state } = vcpu;
  const sp = stackPointer(vcpu);
  const at = frameAddress(sp, parts);
  const frame = memory.writable(at, Frame.SIZE);
  if (frame === undefined) return false;
  const view = new DataView(frame.buffer, frame.byteOffset, Frame.SIZE);
  frame.fill(0);
  frame.set(parts.info, Frame.INFO);
  frame.set(encodeStack(parts.stack, sp), Frame.STACK);
  frame.set(setBytes(parts.mask), Frame.MASK);
  view.setBigUint64(Frame.PC, state.getBigUint64(PC, true), true);
  frame.set(bytesOf(state, X_REGISTERS + 8, 8 * (WORDS - 1)), Frame.PC + 8);
  frame.set(bytesOf(state, F_REGISTERS, 8 * WORDS), Frame.FLOATS);
  view.setUint32(Frame.FCSR, state.getUint32(FCSR, true), true);

  setRegister(state, RA, parts.trampoline);
  setRegister(state, SP, at);
  setRegister(state, A0, parts.signal);
  setRegister(state, A0 + 1, at + Frame.INFO);
  setRegister(state, A0 + 2, at + Frame.CONTEXT);
  state.setBigInt64(RESERVATION_ADDRESS, -1n, true);
  state.setBigUint64(PC, parts.action.handler & ~1n, true);
  return true;
}

/** What a frame says beyond registers. */
export interface PoppedFrame {
  readonly mask: SignalSet;
  /** The `stack_t` that was in force. */
  readonly stack: Uint8Array;
}

/**
 * Takes registers and pc from the frame that the stack pointer is at (rt_sigreturn(2)).
 * @returns undefined, with nothing changed, if there is no frame.
 */
export function popFrame(vcpu: Vcpu): PoppedFrame | undefined {
  const { state } = vcpu;
  const frame = readFrame(vcpu.memory, stackPointer(vcpu));
  if (!frame) return undefined;
  const view = new DataView(frame.buffer);
  bytesOf(state, X_REGISTERS + 8, 8 * (WORDS - 1)).set(frame.subarray(Frame.PC + 8, Frame.PC + 8 * WORDS));
  bytesOf(state, F_REGISTERS, 8 * WORDS).set(frame.subarray(Frame.FLOATS, Frame.FLOATS + 8 * WORDS));
  state.setUint32(FCSR, view.getUint32(Frame.FCSR, true) & 0xff, true);
  state.setBigInt64(RESERVATION_ADDRESS, -1n, true);
  // Bit 0 is none of a pc (privileged manual, `sepc`).
  state.setBigUint64(PC, view.getBigUint64(Frame.PC, true) & ~1n, true);
  const mask = new Uint32Array(frame.slice(Frame.MASK, Frame.MASK + SET_SIZE).buffer);
  setSignal(mask, Signal.SIGKILL, false);
  setSignal(mask, Signal.SIGSTOP, false);
  return { mask, stack: frame.slice(Frame.STACK, Frame.STACK + STACK_SIZE) };
}

function readFrame(memory: GuestMemory, at: number): Uint8Array | undefined {
  const frame = memory.read(at, Frame.SIZE)?.slice();
  return frame?.subarray(Frame.RESERVED).every((byte) => byte === 0) ? frame : undefined;
}

function bytesOf(state: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(state.buffer, state.byteOffset + at, length);
}

function setRegister(state: DataView, register: number, value: number): void {
  setWide(state, X_REGISTERS + 8 * register, value);
}

function setWide(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32), true);
}
