import type { PendingSignal } from "../signals/pending.js";
import { STOPPED, type TimeLine, type TimerLeft } from "./time-line.js";

/** A timer that sends a signal when it runs out. */
export interface SignalTimer {
  /** What it runs on. */
  readonly line: TimeLine;
  /** What is left until the next time. */
  left(): TimerLeft;
  /**
   * Sets it anew.
   * @param at when it first runs out, by its time line; undefined stops it.
   */
  set(at: number | undefined, interval: number): void;
  /** How often it ran out again before its last signal was taken (timer_getoverrun(2)). */
  readonly overrun: number;
}

/** What a timer does when it runs out. */
export interface Expiry {
  /** Sends its signal; `hooks` are to go with it. Undefined for a timer that only counts time (SIGEV_NONE). */
  readonly send: ((hooks: Pick<PendingSignal, "taken" | "dropped">) => void) | undefined;
  /** Told how often the timer ran out again, as its signal is taken. */
  readonly overran?: (info: Uint8Array, overrun: number) => void;
  /** Called with what sets a timer going again whose signal was thrown away. */
  readonly park: (rearm: () => void) => void;
}

/** DELAYTIMER_MAX: overruns are an `int`. */
const MOST_OVERRUNS = 0x7fff_ffff;

/**
 * Makes a timer that is not set. As in Linux a periodic one stands still from its signal on until that is taken, and then
 * counts what it has missed (kernel/time/posix-timers.c): a signal that nobody takes costs nothing.
 */
export function createSignalTimer(line: TimeLine, expiry: Expiry): SignalTimer {
  /** When it runs out, or has; undefined if it is not set. */
  let next: number | undefined;
  let interval = 0;
  let overrun = 0;
  let callOff = (): void => {};
  /** Which setting of the timer a signal belongs to. */
  let setting = 0;

  function arm(): void {
    if (next !== undefined && expiry.send) callOff = line.alarms.set(next, ring);
  }

  /** Moves on past the present; gives how many times were missed. */
  function forward(): number {
    if (next === undefined || interval === 0) return 0;
    const missed = Math.max(0, Math.floor((line.now() - next) / interval));
    next += (missed + 1) * interval;
    return Math.min(missed, MOST_OVERRUNS);
  }

  function ring(): void {
    const mine = setting;
    function goOn(): number {
      if (mine !== setting) return 0;
      const missed = forward();
      if (interval > 0) arm();
      return missed;
    }
    expiry.send?.({
      taken(info) {
        overrun = goOn();
        expiry.overran?.(info, overrun);
      },
      dropped: () => expiry.park(goOn),
    });
    if (interval === 0 && mine === setting) next = undefined;
  }

  return {
    line,
    left() {
      if (next === undefined) return STOPPED;
      const now = line.now();
      if (next > now) return { value: next - now, interval };
      // Its signal has not been taken yet, or it sends none: the next time of those to come.
      if (interval === 0) return { value: expiry.send ? 1 : 0, interval };
      return { value: interval - ((now - next) % interval), interval };
    },
    set(at, every) {
      callOff();
      setting += 1;
      next = at;
      interval = at === undefined ? 0 : every;
      overrun = 0;
      arm();
    },
    get overrun() {
      return overrun;
    },
  };
}
