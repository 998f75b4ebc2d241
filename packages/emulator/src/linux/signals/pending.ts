import { infoCode, infoSignal, SignalCode, type SignalInfo, sentInfo } from "./info.js";
import { FIRST_REAL_TIME, Signal } from "./numbers.js";
import { hasSignal, lowest, type SignalSet, setSignal, signalSet, without } from "./set.js";

/** How many signals may wait with what they tell (RLIMIT_SIGPENDING), over all queues of a user. */
export interface SignalQuota {
  used: number;
  readonly limit: number;
}

/** A signal that waits to be taken. */
export interface PendingSignal {
  readonly info: SignalInfo;
  /** Called when it is taken, and may complete the info: timers go on with this. */
  readonly taken?: (info: SignalInfo) => void;
  /** Called when it is thrown away. */
  readonly dropped?: () => void;
}

/** Signals that wait for a thread, or for any thread of a process. */
export interface PendingQueue {
  /** Which signals wait. Not to be changed. */
  readonly set: SignalSet;
  /**
   * Adds a signal. Of a standard signal only one waits, the first, and one of each timer; real-time ones all wait, in order.
   * Beyond the quota a standard signal, and one that kill(2) sent, comes without its info (signal(7), "Queueing and
   * delivery").
   * @returns false if it could not be added: a real-time signal beyond the quota.
   */
  add(signal: PendingSignal): boolean;
  /** Takes the oldest of one signal; undefined if none waits. */
  take(signal: number): SignalInfo | undefined;
  /** Takes what a thread with this mask is to get next: see {@link nextOf}. */
  takeNext(blocked: SignalSet): SignalInfo | undefined;
  /** Takes the oldest fault of the thread itself that is not blocked: those go before everything else. */
  takeFault(blocked: SignalSet): SignalInfo | undefined;
  /** Throws signals away. */
  discard(signals: SignalSet): void;
}

/** Signals that tell of the running instruction, and go first (kernel/signal.c, SYNCHRONOUS_MASK). */
const SYNCHRONOUS: SignalSet = signalSet(
  Signal.SIGSEGV,
  Signal.SIGBUS,
  Signal.SIGILL,
  Signal.SIGTRAP,
  Signal.SIGFPE,
  Signal.SIGSYS,
);

/** The signal of a set that is taken next: synchronous ones first, then the lowest number; 0 if all are blocked. */
export function nextOf(pending: SignalSet, blocked: SignalSet): number {
  const open = without(pending, blocked);
  const synchronous = open.map((word, index) => word & (SYNCHRONOUS[index] ?? 0));
  return lowest(synchronous) || lowest(open);
}

/** Makes an empty queue. */
export function createPendingQueue(quota: SignalQuota): PendingQueue {
  const set = signalSet();
  let entries: PendingSignal[] = [];

  function take(signal: number): SignalInfo | undefined {
    if (!hasSignal(set, signal)) return undefined;
    const index = entries.findIndex(({ info }) => infoSignal(info) === signal);
    const [entry] = index < 0 ? [] : entries.splice(index, 1);
    if (!entries.some(({ info }) => infoSignal(info) === signal)) setSignal(set, signal, false);
    if (!entry) return sentInfo(signal, SignalCode.USER, 0, 0);
    release(entry);
    entry.taken?.(entry.info);
    return entry.info;
  }

  /** What a timer sends was counted when the timer was made. */
  function release({ info }: PendingSignal): void {
    if (infoCode(info) !== SignalCode.TIMER) quota.used -= 1;
  }

  return {
    set,
    add(entry) {
      const signal = infoSignal(entry.info);
      const code = infoCode(entry.info);
      const standard = signal < FIRST_REAL_TIME;
      const counted = code !== SignalCode.TIMER;
      if (standard && counted && hasSignal(set, signal)) return true;
      const always = standard && code >= 0;
      if (counted && !always && quota.used >= quota.limit) {
        if (!standard && code !== SignalCode.USER) return false;
      } else {
        entries.push(entry);
        if (counted) quota.used += 1;
      }
      setSignal(set, signal, true);
      return true;
    },
    take,
    takeNext: (blocked) => take(nextOf(set, blocked)),
    takeFault(blocked) {
      const fault = entries.find(({ info }) => {
        const signal = infoSignal(info);
        return (
          infoCode(info) > SignalCode.USER && hasSignal(SYNCHRONOUS, signal) && !hasSignal(blocked, signal)
        );
      });
      return fault && take(infoSignal(fault.info));
    },
    discard(signals) {
      const gone = entries.filter(({ info }) => hasSignal(signals, infoSignal(info)));
      if (gone.length > 0) entries = entries.filter((entry) => !gone.includes(entry));
      set.forEach((word, index) => {
        set[index] = word & ~(signals[index] ?? 0);
      });
      for (const entry of gone) {
        release(entry);
        entry.dropped?.();
      }
    },
  };
}
