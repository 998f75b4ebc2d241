import type { Alarms } from "../alarms.js";

/** A clock that timers can run on. */
export interface TimeLine {
  /** Nanoseconds. */
  now(): number;
  /** What rings by it. */
  readonly alarms: Alarms;
}

/** What is left of a timer, in nanoseconds (`struct itimerspec`). */
export interface TimerLeft {
  /** Until it runs out; 0 if it does not. */
  readonly value: number;
  /** From one time to the next; 0 if it runs out once. */
  readonly interval: number;
}

/** A timer that has no more than run out, or does not run. */
export const STOPPED: TimerLeft = { value: 0, interval: 0 };
