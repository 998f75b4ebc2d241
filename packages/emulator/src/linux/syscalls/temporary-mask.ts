import type { Context, Handler } from "../context.js";
import { Errno } from "../errno.js";
import { restoreMask } from "../signals/deliver.js";
import { Signal } from "../signals/numbers.js";
import { loadSet, SET_SIZE, signalSet, without } from "../signals/set.js";
import { setBlocked } from "../signals/state.js";

const UNBLOCKABLE = signalSet(Signal.SIGKILL, Signal.SIGSTOP);

/**
 * Blocks the signals that a call wants blocked while it waits (ppoll(2), pselect(2), epoll_pwait(2)), at its first try. The
 * thread returns to its own mask on the way back to user code, after a handler if there is one.
 * @param address of the set; 0 for none.
 * @returns 0, or a negated error number.
 */
export function setTemporaryMask(context: Context, address: number, size: number): number {
  if (address === 0) return 0;
  if (size !== SET_SIZE) return -Errno.EINVAL;
  const set = loadSet(context.memory, address);
  if (!set) return -Errno.EFAULT;
  const { signals } = context;
  if (signals.saved !== undefined) return 0;
  signals.saved = signals.blocked;
  setBlocked(signals, without(set, UNBLOCKABLE));
  return 0;
}

/** A call under a temporary mask: unless it waits, the thread's own mask counts again before signals are looked for. */
export function underMask(handler: Handler): Handler {
  return (context, registers) => {
    const result = handler(context, registers);
    if (context.wait === undefined) restoreMask(context.signals);
    return result;
  };
}
