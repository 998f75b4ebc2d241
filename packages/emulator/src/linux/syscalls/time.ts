import { END_OF_TIME } from "../clock.js";
import type { Context, Handler, HandlerTable } from "../context.js";
import type { CpuAccount } from "../cpu-time.js";
import { Errno } from "../errno.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { loadTimespec, store64, storePair } from "../structures.js";
import { ticksOf } from "../usage.js";
import { cpuClock } from "./cpu-clock.js";

const SECOND = 1_000_000_000;
const MICROSECOND = 1000;

/** Clock ids of clock_gettime(2). */
const CLOCK_REALTIME = 0;
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
/** MONOTONIC_RAW and the coarse ones. */
const NO_SLEEP_CLOCKS: ReadonlySet<number> = new Set([4, 5, 6]);
const TIMER_ABSTIME = 1;

interface Reading {
  /** Whole seconds to add to `nanoseconds`; wall-clock nanoseconds would not fit a number exactly. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What a clock shows; undefined if there is no such clock. */
function readClock(context: Context, id: number): Reading | undefined {
  const { clock } = context;
  if (WALL_CLOCKS.has(id)) return { seconds: clock.startSeconds, nanoseconds: clock.nanoseconds() };
  if (UPTIME_CLOCKS.has(id)) return { seconds: 0, nanoseconds: clock.nanoseconds() };
  const cpu = cpuClock(context, id);
  return cpu && { seconds: 0, nanoseconds: cpu.now() };
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

/** Waits until others have used so much of the processor. A thread cannot wait for its own time to go on. */
function sleepByCpu(
  context: Context,
  cpu: CpuAccount,
  absolute: boolean,
  time: number,
  remainder: number,
): number {
  if (cpu === context.cpu) return -Errno.EINVAL;
  // What earlier tries have left is kept as what the clock showed at the first.
  if (!context.retried) started.set(context, cpu.now());
  const until = absolute ? time : (started.get(context) ?? 0) + time;
  const left = until - cpu.now();
  if (left <= 0) return 0;
  if (!absolute && remainder !== 0 && context.interrupted) {
    const stored = storePair(context.memory, remainder, Math.floor(left / SECOND), left % SECOND);
    if (stored < 0) return stored;
  }
  return context.block({ ready: () => cpu.now() >= until, restart: false });
}

/** What the clock showed when a thread began to wait for it. */
const started = new WeakMap<Context, number>();

const clockNanosleep: Handler = (context, registers) => {
  const id = intArgument(registers, 0);
  const absolute = (uintArgument(registers, 1) & TIMER_ABSTIME) !== 0;
  const reading = readClock(context, id);
  if (!reading || id === CLOCK_THREAD_CPUTIME) return -Errno.EINVAL;
  if (NO_SLEEP_CLOCKS.has(id)) return -Errno.EOPNOTSUPP;
  const time = loadTimespec(context.memory, wordArgument(registers, 2));
  if (time < 0) return time;
  const cpu = cpuClock(context, id);
  if (cpu) return sleepByCpu(context, cpu, absolute, time, wordArgument(registers, 3));
  if (!absolute) return sleepUntil(context, context.deadline(time), wordArgument(registers, 3));
  // What the clock shows less what the guest's clock does.
  const offset = reading.seconds * SECOND + reading.nanoseconds - context.clock.nanoseconds();
  return sleepUntil(context, time - offset, 0);
};

/** times(2): user time alone, the process's and that of the children that it has waited for. */
const times: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  if (address !== 0) {
    const target = context.memory.writable(address, 32);
    if (!target) return -Errno.EFAULT;
    target.fill(0);
    store64(context.memory, address, ticksOf(context.process.cpu.now()));
    store64(context.memory, address + 16, ticksOf(context.process.childrenUsage.time));
  }
  return ticksOf(context.clock.nanoseconds());
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
