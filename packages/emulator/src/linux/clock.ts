/**
 * The guest's time. It is virtual: it moves with executed instructions and with sleeps, so two runs see the same.
 */
export interface Clock {
  /** Wall-clock seconds since 1970-01-01 at which the guest started. */
  readonly startSeconds: number;
  /** Nanoseconds since the guest started; never goes back. */
  nanoseconds(): number;
  /** Nanoseconds since the guest started in which it ran: without its sleeps. */
  busyNanoseconds(): number;
  /** Lets `nanoseconds` pass at once: a sleep. */
  advance(nanoseconds: number): void;
}

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
    },
  };
}
