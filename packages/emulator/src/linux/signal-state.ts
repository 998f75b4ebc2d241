import { type DefaultAction, defaultAction, LAST_SIGNAL, Signal, signalName } from "./signals.js";

/** Bytes of `struct sigaction` in the kernel: handler, flags, mask, no restorer on riscv64. */
export const SIGACTION_SIZE = 24;
/** Bytes of `stack_t` (sigaltstack(2)). */
export const SIGNAL_STACK_SIZE = 24;
const SIG_DFL = 0;
const SIG_IGN = 1;
const SS_DISABLE = 2;

/** A set of signals as the kernel keeps it: signal n is bit n - 1 of 64, low half first. */
export type SignalSet = Uint32Array;

/** Dispositions, mask and pending signals of a process. */
export interface SignalState {
  /** The `struct sigaction` last given for a signal, all zeros at start. */
  action(signal: number): Uint8Array;
  /** Blocked signals. Call {@link deliverPending} after a change. */
  readonly blocked: SignalSet;
  /** Signals that were raised while blocked. */
  readonly pending: SignalSet;
  /** The `stack_t` last given to sigaltstack(2). */
  readonly alternateStack: Uint8Array;
  /**
   * Raises a signal. Blocked ones wait, ignored ones vanish; those that are `forced` (faults of the program itself) do
   * neither, as in Linux. Handlers are not run yet: that is reported once and the default action is taken.
   */
  raise(signal: number, forced?: boolean): void;
  /** Takes up pending signals that are not blocked any more. */
  deliverPending(): void;
}

/** What happens when a signal is to end the process, or cannot be delivered. */
export interface SignalHost {
  kill(signal: number): void;
  reportOnce(key: string, message: string): void;
}

/** Whether a set holds a signal. */
export function hasSignal(set: SignalSet, signal: number): boolean {
  return (((set[(signal - 1) >>> 5] ?? 0) >>> ((signal - 1) & 31)) & 1) === 1;
}

/** Adds a signal to a set, or removes it. */
export function setSignal(set: SignalSet, signal: number, present: boolean): void {
  const index = (signal - 1) >>> 5;
  const bit = 1 << ((signal - 1) & 31);
  set[index] = present ? (set[index] ?? 0) | bit : (set[index] ?? 0) & ~bit;
}

/** Makes the state of a new process: every signal at its default, none blocked. */
export function createSignalState(host: SignalHost): SignalState {
  const actions = Array.from({ length: LAST_SIGNAL + 1 }, () => new Uint8Array(SIGACTION_SIZE));
  const alternateStack = new Uint8Array(SIGNAL_STACK_SIZE);
  new DataView(alternateStack.buffer).setUint32(8, SS_DISABLE, true);
  const blocked = new Uint32Array(2);
  const pending = new Uint32Array(2);

  const action = (signal: number): Uint8Array => {
    const found = actions[signal];
    if (!found) throw new RangeError(`no such signal: ${signal}; they go from 1 to ${LAST_SIGNAL}`);
    return found;
  };

  function act(signal: number, forced: boolean): void {
    const bytes = action(signal);
    const view = new DataView(bytes.buffer);
    const handler = view.getUint32(4, true) * 0x1_0000_0000 + view.getUint32(0, true);
    if (handler === SIG_IGN && !forced) return;
    const what: DefaultAction = defaultAction(signal);
    if (handler > SIG_IGN) {
      host.reportOnce(
        `handler ${signal}`,
        `${signalName(signal)}: the guest has a handler at 0x${handler.toString(16)}, but handlers are not run yet; ` +
          "the signal takes its default action",
      );
    }
    if (what === "stop" && handler === SIG_DFL) {
      host.reportOnce(
        `stop ${signal}`,
        `${signalName(signal)} stops the guest, and nothing could continue it: it ends here`,
      );
    }
    if (what !== "ignore" && what !== "continue") host.kill(signal);
  }

  return {
    action,
    blocked,
    pending,
    alternateStack,
    raise(signal, forced = false) {
      const unblockable = signal === Signal.SIGKILL || signal === Signal.SIGSTOP;
      if (hasSignal(blocked, signal) && !forced && !unblockable) setSignal(pending, signal, true);
      else act(signal, forced);
    },
    deliverPending() {
      for (let signal = 1; signal <= LAST_SIGNAL; signal += 1) {
        if (!hasSignal(pending, signal) || hasSignal(blocked, signal)) continue;
        setSignal(pending, signal, false);
        act(signal, false);
      }
    },
  };
}
