import { END_OF_TIME } from "../clock.js";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { CLOCK_TICKS } from "../initial-stack.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { loadTimespec, store64, storePair } from "../structures.js";

const SECOND = 1_000_000_000;
const MICROSECOND = 1000;

/** Clock ids of clock_gettime(2). */
const CLOCK_REALTIME = 0;
const CLOCK_PROCESS_CPUTIME = 2;
const CLOCK_THREAD_CPUTIME = 3;
const CLOCK_REALTIME_COARSE = 5;
const CLOCK_REALTIME_ALARM = 8;
const CLOCK_TAI = 11;
/** Those that show the time of day. TAI too: unless someone tells the kernel its distance to UTC, that is none. */
const WALL_CLOCKS: ReadonlySet<number> = new Set([
  CLOCK_REALTIME,
  CLOCK_REALTIME_COARSE,
  CLOCK_REALTIME_ALARM,
  CLOCK_TAI,
]);
/** MONOTONIC, MONOTONIC_RAW, MONOTONIC_COARSE, BOOTTIME, BOOTTIME_ALARM. */
const UPTIME_CLOCKS: ReadonlySet<number> = new Set([1, 4, 6, 7, 9]);
const TIMER_ABSTIME = 1;

interface Reading {
  /** Whole seconds to add to `nanoseconds`; wall-clock nanoseconds would not fit a number exactly. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What a clock shows; undefined if there is no such clock. */
function readClock(context: Context, id: number): Reading | undefined {
  const { clock, identity } = context;
  if (WALL_CLOCKS.has(id)) return { seconds: clock.startSeconds, nanoseconds: clock.nanoseconds() };
  if (UPTIME_CLOCKS.has(id)) return { seconds: 0, nanoseconds: clock.nanoseconds() };
  const ownCpu = id < 0 && (id & 3) === 2 && [0, identity.pid].includes(~(id >> 3));
  const isCpu = id === CLOCK_PROCESS_CPUTIME || id === CLOCK_THREAD_CPUTIME || ownCpu;
  return isCpu ? { seconds: 0, nanoseconds: clock.busyNanoseconds() } : undefined;
}

function storeReading(context: Context, address: number, reading: Reading, unit: number): number {
  const seconds = reading.seconds + Math.floor(reading.nanoseconds / SECOND);
  return storePair(context.memory, address, seconds, Math.floor((reading.nanoseconds % SECOND) / unit));
}

const clockGettime: Handler = (context, registers) => {
  const reading = readClock(context, intArgument(registers, 0));
  return reading ? storeReading(context, wordArgument(registers, 1), reading, 1) : -Errno.EINVAL;
};

/** Every clock counts nanoseconds. */
const clockGetres: Handler = (context, registers) => {
  if (!readClock(context, intArgument(registers, 0))) return -Errno.EINVAL;
  const address = wordArgument(registers, 1);
  return address === 0 ? 0 : storePair(context.memory, address, 0, 1);
};

const gettimeofday: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const zone = wordArgument(registers, 1);
  const now = { seconds: context.clock.startSeconds, nanoseconds: context.clock.nanoseconds() };
  const stored = address === 0 ? 0 : storeReading(context, address, now, MICROSECOND);
  if (stored < 0 || zone === 0) return stored;
  return context.memory.write(zone, new Uint8Array(8)) ? 0 : -Errno.EFAULT;
};

/**
 * Waits until the clock shows this time. Sleeping takes no real time: when nobody else can run, the virtual clock jumps. A handler
 * ends it, even under SA_RESTART.
 * @param remainder where to store what is left then; 0 for nowhere.
 */
function sleepUntil(context: Context, time: number, remainder: number): number {
  const deadline = Math.min(time, END_OF_TIME);
  const left = deadline - context.clock.nanoseconds();
  if (left <= 0) return 0;
  if (remainder !== 0 && context.interrupted) {
    const stored = storePair(context.memory, remainder, Math.floor(left / SECOND), left % SECOND);
    if (stored < 0) return stored;
  }
  return context.block({ ready: () => false, deadline, restart: false });
}

const nanosleep: Handler = (context, registers) => {
  const duration = loadTimespec(context.memory, wordArgument(registers, 0));
  return duration < 0
    ? duration
    : sleepUntil(context, context.deadline(duration), wordArgument(registers, 1));
};

const clockNanosleep: Handler = (context, registers) => {
  const id = intArgument(registers, 0);
  const absolute = (uintArgument(registers, 1) & TIMER_ABSTIME) !== 0;
  const reading = readClock(context, id);
  if (!reading || id === CLOCK_THREAD_CPUTIME) return -Errno.EINVAL;
  if (!WALL_CLOCKS.has(id) && !UPTIME_CLOCKS.has(id)) return -Errno.EOPNOTSUPP;
  const time = loadTimespec(context.memory, wordArgument(registers, 2));
  if (time < 0) return time;
  if (!absolute) return sleepUntil(context, context.deadline(time), wordArgument(registers, 3));
  // What the clock shows less what the guest's clock does.
  const offset = reading.seconds * SECOND + reading.nanoseconds - context.clock.nanoseconds();
  return sleepUntil(context, time - offset, 0);
};

const ticks = (nanoseconds: number): number => Math.floor(nanoseconds / (SECOND / CLOCK_TICKS));

/** times(2): all time is the process's own user time. */
const times: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  if (address !== 0) {
    const target = context.memory.writable(address, 32);
    if (!target) return -Errno.EFAULT;
    target.fill(0);
    store64(context.memory, address, ticks(context.clock.busyNanoseconds()));
  }
  return ticks(context.clock.nanoseconds());
};

const notPermitted: Handler = () => -Errno.EPERM;

/** Clocks and sleeping: clock_gettime(2), nanosleep(2), times(2). */
export const timeCalls: HandlerTable = {
  clock_gettime: clockGettime,
  clock_getres: clockGetres,
  gettimeofday,
  nanosleep,
  clock_nanosleep: clockNanosleep,
  times,
  clock_settime: notPermitted,
  settimeofday: notPermitted,
};
