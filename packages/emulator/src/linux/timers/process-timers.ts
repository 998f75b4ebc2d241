import { kernelInfo } from "../signals/info.js";
import { Signal } from "../signals/numbers.js";
import { sendToProcess } from "../signals/send.js";
import type { ProcessSignals } from "../signals/state.js";
import { createSignalTimer, type Expiry, type SignalTimer } from "./signal-timer.js";
import type { TimeLine } from "./time-line.js";

/** The clocks that a process's timers run on. */
export interface TimeLines {
  /** Goes on by itself. */
  readonly real: TimeLine;
  /** Goes on while threads of the process execute. */
  readonly cpu: TimeLine;
}

/** A timer of timer_create(2). */
export interface PosixTimer extends SignalTimer {
  /** Whether absolute times are those of day. */
  readonly wall: boolean;
}

/** The timers of a process: none of them is inherited by its children. */
export interface ProcessTimers {
  readonly lines: TimeLines;
  /** By `ITIMER_REAL`, `ITIMER_VIRTUAL`, `ITIMER_PROF` (getitimer(2)). */
  readonly intervals: readonly SignalTimer[];
  /** Those of timer_create(2), by id. */
  readonly posix: Map<number, PosixTimer>;
  /** The id that the next one gets. */
  nextId: number;
}

/** Makes the timers of a process; none is set. */
export function createProcessTimers(lines: TimeLines, signals: ProcessSignals): ProcessTimers {
  const interval = (line: TimeLine, signal: number): SignalTimer =>
    createSignalTimer(line, {
      send: (hooks) => void sendToProcess(signals, { info: kernelInfo(signal), ...hooks }),
      park: (rearm) => signals.parked.add(rearm),
    });
  return {
    lines,
    intervals: [
      interval(lines.real, Signal.SIGALRM),
      interval(lines.cpu, Signal.SIGVTALRM),
      interval(lines.cpu, Signal.SIGPROF),
    ],
    posix: new Map(),
    nextId: 0,
  };
}

/** Makes a timer of timer_create(2) that is not set. */
export function createPosixTimer(line: TimeLine, wall: boolean, expiry: Expiry): PosixTimer {
  const timer = createSignalTimer(line, expiry);
  return {
    line,
    wall,
    left: timer.left,
    set: timer.set,
    get overrun() {
      return timer.overrun;
    },
  };
}

/** Deletes a timer of timer_create(2). @returns whether there was one. */
export function deleteTimer(timers: ProcessTimers, signals: ProcessSignals, id: number): boolean {
  const timer = timers.posix.get(id);
  if (timer === undefined) return false;
  timer.set(undefined, 0);
  timers.posix.delete(id);
  signals.quota.used -= 1;
  return true;
}

/** A process executes another program: timers of timer_create(2) are gone, those of setitimer(2) stay (execve(2)). */
export function forgetTimers(timers: ProcessTimers, signals: ProcessSignals): void {
  for (const id of [...timers.posix.keys()]) deleteTimer(timers, signals, id);
}

/** A process has ended. */
export function stopTimers(timers: ProcessTimers, signals: ProcessSignals): void {
  forgetTimers(timers, signals);
  for (const timer of timers.intervals) timer.set(undefined, 0);
}
