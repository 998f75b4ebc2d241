import type { Alarms } from "../alarms.js";
import type { Clock } from "../clock.js";
import { Errno } from "../errno.js";
import { anonymousFile, newInode, type Origin } from "./anonymous-file.js";
import { type OpenFile, OpenFlag } from "./open-file.js";
import { createWatchers, Poll } from "./readiness.js";

const SIZE = 8;

/** What is left of a timer, in nanoseconds (`struct itimerspec`). */
export interface TimerLeft {
  /** Until it runs out; 0 if it does not. */
  readonly value: number;
  /** From one time to the next; 0 if it runs out once. */
  readonly interval: number;
}

/** A timer that is a file (timerfd_create(2)). */
export interface Timerfd extends OpenFile {
  /** Whether absolute times are those of day. */
  readonly wall: boolean;
  /**
   * Sets it anew; forgets how often it has run out.
   * @param delay nanoseconds until it runs out; undefined to stop it.
   * @param interval nanoseconds from one time to the next; 0 for only once.
   */
  setTimer(delay: number | undefined, interval: number): void;
  timer(): TimerLeft;
}

/** Whether a file is a timer. */
export const isTimerfd = (file: OpenFile): file is Timerfd => "setTimer" in file;

/** Makes a timer that is not set. */
export function createTimerfd(
  origin: Origin,
  time: { readonly clock: Clock; readonly alarms: Alarms },
  wall: boolean,
  flags: number,
): Timerfd {
  const { clock, alarms } = time;
  const watchers = createWatchers();
  /** When it runs out next; undefined if it does not, or has and was not read since. */
  let expiry: number | undefined;
  let interval = 0;
  let expired = false;
  /** How often it has run out by what timerfd_gettime(2) counted, and nobody has read. */
  let counted = 0;
  let callOff = (): void => {};

  function arm(at: number): void {
    expired = false;
    expiry = at;
    callOff = alarms.set(at, expire);
  }
  /** As in Linux, a periodic timer stands still until somebody looks how often it would have run out. */
  function expire(): void {
    expired = true;
    watchers.wake(Poll.IN);
  }
  /** The alarm rings between the turns of tasks; within one, time goes on as well. */
  function look(): boolean {
    if (!expired && expiry !== undefined && expiry <= clock.nanoseconds()) {
      callOff();
      expire();
    }
    return expired;
  }
  function take(): number {
    const late = clock.nanoseconds() - (expiry ?? 0);
    const ticks = interval > 0 ? 1 + Math.floor(late / interval) : 1;
    const next = (expiry ?? 0) + ticks * interval;
    expired = false;
    expiry = undefined;
    if (interval > 0) arm(next);
    return ticks;
  }

  return {
    ...anonymousFile({
      path: "anon_inode:[timerfd]",
      inode: newInode(origin),
      flags: flags | OpenFlag.RDWR,
      mode: 0o600,
      origin,
      watchers,
    }),
    /** Does nothing, as in Linux (noop_llseek). */
    seek: () => 0,
    wall,
    setTimer(delay, every) {
      callOff();
      expired = false;
      expiry = undefined;
      counted = 0;
      interval = every;
      if (delay !== undefined) arm(clock.nanoseconds() + delay);
    },
    timer() {
      if (look() && interval > 0) counted += take();
      if (expiry === undefined || expired) return { value: 0, interval };
      return { value: Math.max(1, expiry - clock.nanoseconds()), interval };
    },
    read(into) {
      if (into.length < SIZE) return -Errno.EINVAL;
      const ticks = counted + (look() ? take() : 0);
      if (ticks === 0) return -Errno.EAGAIN;
      counted = 0;
      new DataView(into.buffer, into.byteOffset).setBigUint64(0, BigInt(ticks), true);
      return SIZE;
    },
    write: () => -Errno.EINVAL,
    poll: () => (look() || counted > 0 ? Poll.IN : 0),
    close: () => callOff(),
  };
}
