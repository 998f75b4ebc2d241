import { hostSleep } from "./host-sleep.js";

/** The guest's time: virtual, so that two runs see the same, or the host's. */
export interface Clock {
  /** Wall-clock seconds since 1970-01-01 at which the guest started. */
  readonly startSeconds: number;
  /** Nanoseconds since the guest started; never goes back. */
  nanoseconds(): number;
  /** Nanoseconds since the guest started in which it ran: without its sleeps. */
  busyNanoseconds(): number;
  /**
   * A sleep: the guest has nothing else to do for so long. A virtual clock moves on at once; on the host's it takes real time, in
   * which the host has other things to see to: that one may come back early, with false.
   */
  advance(nanoseconds: number): boolean;
}

/** Which time the guest sees: one that executed instructions and sleeps move, or the host's. */
export type ClockKind = "virtual" | "host";

/** When every guest starts, unless told otherwise: 2025-01-01T00:00:00Z. */
const DEFAULT_START_SECONDS = 1_735_689_600;

/** Sleeps for ever end here, 292 years after the start, as far as the kernel's 64-bit nanoseconds reach. */
export const END_OF_TIME: number = 2 ** 63;

/**
 * Makes a clock on which every executed instruction takes one nanosecond.
 * @param executed the number of instructions executed so far.
 */
export function createVirtualClock(
  executed: () => number,
  startSeconds: number = DEFAULT_START_SECONDS,
): Clock {
  let slept = 0;
  return {
    startSeconds,
    nanoseconds: () => executed() + slept,
    busyNanoseconds: executed,
    advance(nanoseconds) {
      slept = Math.min(slept + nanoseconds, END_OF_TIME);
      return true;
    },
  };
}

/** What a host's clock is read with, and waited by. */
export interface HostTime {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Nanoseconds since whenever, which never go back. */
  readonly monotonic: () => number;
  /** Does nothing for so many milliseconds. */
  readonly sleep: (milliseconds: number) => void;
}

const MILLISECOND = 1_000_000;
const SECOND = 1_000_000_000;
/** Longest sleep before the host sees to signals, and to input: it is not noticed that they wait for so long. */
const NAP_MILLISECONDS = 10;

const hostTime: HostTime = {
  now: () => Date.now(),
  monotonic() {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * SECOND + nanoseconds;
  },
  sleep: hostSleep,
};

/**
 * Makes a clock that shows the host's time of day, from when it is made on as the host's monotonic clock goes on: it never goes
 * back, and does not follow when the host's is set.
 */
export function createHostClock(host: HostTime = hostTime): Clock {
  const now = host.now();
  const startSeconds = Math.floor(now / 1000);
  const begin = host.monotonic() - (now - startSeconds * 1000) * MILLISECOND;
  const nanoseconds = (): number => host.monotonic() - begin;
  let slept = nanoseconds();
  return {
    startSeconds,
    nanoseconds,
    busyNanoseconds: () => nanoseconds() - slept,
    advance(duration) {
      const before = nanoseconds();
      const milliseconds = Math.min(duration / MILLISECOND, NAP_MILLISECONDS);
      if (milliseconds > 0) host.sleep(milliseconds);
      const after = nanoseconds();
      slept += after - before;
      return after - before >= duration;
    },
  };
}
