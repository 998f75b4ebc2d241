import { callback, contract, fn } from "@qpp/core";
import type { Cpu } from "@qpp/emulator/contract";

/**
 * How a frame came to be: by a call; by a signal, which runs a handler; or as the first one of its stack, where a thread, a
 * program or a coroutine starts.
 */
export type FrameKind = "call" | "signal" | "start";

/**
 * How a frame went: its function returned, or a handler did; it was left together with others, by longjmp, an exception or
 * anything else that goes back further than one call; or its thread, or its program by `execve`, has ended.
 */
export type Departure = "returned" | "unwound" | "ended";

/** A function that has been entered and not been left. */
export interface Frame {
  readonly kind: FrameKind;
  /**
   * Address that was called: the function's first instruction. After a tail call, that of the function which was called so.
   * For a frame of kind "start", where it was first seen, which may be inside of the function.
   */
  readonly function: number;
  /** Address of the instruction that called it, or that the signal interrupted; 0 for "start". */
  readonly callSite: number;
  /** Where it returns to: behind the call, or to the interrupted instruction; 0 for "start". */
  readonly returnAddress: number;
  /** The stack pointer of the caller when it called, which is the frame's upper end (DWARF: canonical frame address). */
  readonly sp: number;
  /** How many frames are below it: 0 for the first one of its stack. */
  readonly index: number;
}

/**
 * What `callstack` offers: which functions have been entered and not been left, for each guest thread. vCPUs are named by
 * their `index`. The frames in callbacks, and what `top` gives, are reused: copy what you keep.
 */
export const callstack = contract("callstack", {
  callbacks: {
    /**
     * A function was called, or a handler is about to run: `frame` is the innermost one. Told before the call instruction is
     * executed, so registers hold the arguments, and `cpu.executed` does not count the call.
     */
    onCall: callback<[cpu: Cpu, frame: Frame]>(),
    /**
     * A frame goes; it is still the innermost one. For a return, told before the instruction that returns is executed, so
     * registers hold the result. When several go at once, the innermost is told first.
     */
    onReturn: callback<[cpu: Cpu, frame: Frame, how: Departure]>(),
    /** The innermost function has called another one by a jump, and has gone: `frame.function` is the new, `before` the old one. */
    onTailCall: callback<[cpu: Cpu, frame: Frame, before: number]>(),
    /**
     * The vCPU has another stack than before: a thread begins (by fork with a copy of its parent's frames), a program was
     * executed, or a coroutine was resumed. Neither calls nor returns are told for what changes so.
     */
    onSwitch: callback<[cpu: Cpu]>(),
  },
  functions: {
    /** The frames of a vCPU's present stack, the innermost first; copies. Empty for a vCPU that there is not. */
    stack: fn<(vcpu: number) => readonly Frame[]>(),
    /** How many frames it has: at least 1 for a thread that is alive, 0 for a vCPU that there is not. */
    depth: fn<(vcpu: number) => number>(),
    /** The innermost frame; undefined for a vCPU that there is not. */
    top: fn<(vcpu: number) => Frame | undefined>(),
    /** Which of all stacks it is: a number that is never given to another one. 0 for a vCPU that there is not. */
    stackId: fn<(vcpu: number) => number>(),
  },
});
