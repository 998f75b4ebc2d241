import type { Context } from "../context.js";
import { Errno } from "../errno.js";
import { SIGRETURN_ADDRESS } from "../vdso.js";
import { ActionFlag } from "./actions.js";
import { changeStack, NO_STACK } from "./alternate-stack.js";
import { type FrameParts, hasRoom, type PoppedFrame, popFrame, pushFrame, stackPointer } from "./frame.js";
import { SignalCode, type SignalInfo, sentInfo } from "./info.js";
import { Signal } from "./numbers.js";
import { forceFatal, forceSignal } from "./send.js";
import { setSignal, union } from "./set.js";
import { refresh, setBlocked, type ThreadSignals } from "./state.js";
import { type TakenSignal, takeSignal } from "./take.js";

/** ERESTARTSYS: what a call gives, as observers see it, that is made again after a handler. */
const RESTART = -512;

/** Told what delivery does, before it does it. */
export interface DeliveryHost {
  /** A handler is to run, at `to`; or the process is to end, and `to` is undefined. */
  delivered(signal: number, info: SignalInfo, to: number | undefined): void;
  /**
   * The call that the thread waits in is over, with a result; or is to be made again when the handler has returned, and the
   * thread goes on at the `ecall`.
   */
  callEnded(result: number, again: boolean): void;
}

/**
 * Has a thread that is on its way back to its code, or waits, run the handlers of its signals, or end: puts a frame on its
 * stack for each one, so that the last is the first to run. A wait goes on if nothing is there to do.
 */
export function deliverSignals(task: Context, host: DeliveryHost): void {
  const { signals, vcpu, process } = task;
  while (!task.ended && signals.interrupted) {
    const taken = takeSignal(signals);
    if (taken === undefined) break;
    const { signal, info } = taken;
    if (taken.kind === "fatal") {
      host.delivered(signal, info, undefined);
      task.kernel.endProcess(process, { kind: "signal", signal });
      return;
    }
    if (task.wait !== undefined) endCall(task, taken, host);
    const mask = signals.saved ?? signals.blocked;
    const { stack } = signals;
    const frame: FrameParts = { ...taken, mask, stack, trampoline: SIGRETURN_ADDRESS };
    if (!hasRoom(vcpu, frame)) {
      forceBadStack(signals, signal);
      continue;
    }
    // Observers see the registers of the code that is interrupted.
    host.delivered(signal, info, Number(taken.action.handler & ~1n));
    pushFrame(vcpu, frame);
    enterHandler(signals, taken);
  }
  if (task.wait === undefined) restoreMask(signals);
}

/** A handler is to run while the thread waits: its call fails, is cut short, or is made again (signal(7)). */
function endCall(task: Context, { action }: TakenSignal, host: DeliveryHost): void {
  const { wait } = task;
  task.wait = undefined;
  wait?.abandon?.();
  const restarts = wait?.restart !== false && task.progress === 0;
  task.signals.awaited = undefined;
  if (restarts && (action.flags & ActionFlag.RESTART) !== 0) host.callEnded(RESTART, true);
  else host.callEnded(task.progress > 0 ? task.progress : -Errno.EINTR, false);
}

function enterHandler(signals: ThreadSignals, { signal, action }: TakenSignal): void {
  if (signals.stack.autodisarm) signals.stack = NO_STACK;
  signals.saved = undefined;
  const blocked = union(signals.blocked, action.mask);
  if ((action.flags & ActionFlag.NODEFER) === 0) setSignal(blocked, signal, true);
  setBlocked(signals, blocked);
}

/** A frame could not be written, or read: SIGSEGV, and no handler of it if that is what could not be run. */
function forceBadStack(signals: ThreadSignals, signal: number): void {
  const info = sentInfo(Signal.SIGSEGV, SignalCode.KERNEL, 0, 0);
  if (signal === Signal.SIGSEGV) forceFatal(signals, info);
  else forceSignal(signals, info);
}

/** Ends a mask that was set for one call: the call is over, and no handler has run in it. */
export function restoreMask(signals: ThreadSignals): void {
  const { saved } = signals;
  if (saved === undefined) return;
  signals.saved = undefined;
  setBlocked(signals, saved);
}

/**
 * Goes back to where a handler has interrupted its thread (rt_sigreturn(2)). Without a frame that is SIGSEGV.
 * @returns whether there was a frame.
 */
export function returnFromHandler(task: Context): boolean {
  const { signals } = task;
  const frame = popFrame(task.vcpu);
  if (frame === undefined) {
    forceBadStack(signals, 0);
    return false;
  }
  restoreFrame(task, frame);
  return true;
}

function restoreFrame({ signals, vcpu }: Context, { mask, stack }: PoppedFrame): void {
  const before = changeStack(signals.stack, stack, stackPointer(vcpu));
  if (typeof before !== "number") signals.stack = before;
  setBlocked(signals, mask);
  refresh(signals);
}
