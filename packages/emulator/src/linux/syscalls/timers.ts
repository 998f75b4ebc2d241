import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { intArgument, wordArgument } from "../registers.js";
import { setOverrun, timerInfo } from "../signals/info.js";
import { LAST_SIGNAL, Signal } from "../signals/numbers.js";
import type { PendingSignal } from "../signals/pending.js";
import { sendToProcess, sendToThread } from "../signals/send.js";
import { load64, loadTimespec, storePair } from "../structures.js";
import { createPosixTimer, deleteTimer } from "../timers/process-timers.js";
import type { TimeLine, TimerLeft } from "../timers/time-line.js";
import { storeWord } from "../user-memory.js";
import { cpuClock } from "./cpu-clock.js";

const SECOND = 1_000_000_000;
const MICROSECOND = 1000;
/** Bytes of `struct itimerval` and `struct itimerspec`: two pairs of 64 bits, the interval first. */
const SETTING_SIZE = 32;
const TIMER_ABSTIME = 1;

/** Writes what is left of a timer; `unit`: nanoseconds in the smaller part of a pair. */
function storeLeft(context: Context, address: number, { value, interval }: TimerLeft, unit: number): number {
  const { memory } = context;
  if (!memory.writable(address, SETTING_SIZE)) return -Errno.EFAULT;
  storePair(memory, address, Math.floor(interval / SECOND), Math.floor((interval % SECOND) / unit));
  // Rounded up: what still runs never shows as zero.
  const rounded = Math.ceil(value / unit) * unit;
  return storePair(memory, address + 16, Math.floor(rounded / SECOND), Math.floor((rounded % SECOND) / unit));
}

/** Reads a `struct timeval`: nanoseconds, or -EINVAL. */
function loadTimeval(context: Context, address: number): number {
  const seconds = load64(context.memory, address);
  const microseconds = load64(context.memory, address + 8);
  if (seconds < 0 || microseconds < 0 || microseconds >= SECOND / MICROSECOND) return -Errno.EINVAL;
  return seconds * SECOND + microseconds * MICROSECOND;
}

const getitimer: Handler = (context, registers) => {
  const timer = context.process.timers.intervals[intArgument(registers, 0)];
  return timer ? storeLeft(context, wordArgument(registers, 1), timer.left(), MICROSECOND) : -Errno.EINVAL;
};

const setitimer: Handler = (context, registers) => {
  const which = intArgument(registers, 0);
  const newAddress = wordArgument(registers, 1);
  const oldAddress = wordArgument(registers, 2);
  const { intervals } = context.process.timers;
  let interval = 0;
  let value = 0;
  if (newAddress !== 0) {
    if (!context.memory.read(newAddress, SETTING_SIZE)) return -Errno.EFAULT;
    interval = loadTimeval(context, newAddress);
    value = loadTimeval(context, newAddress + 16);
    if (interval < 0 || value < 0) return -Errno.EINVAL;
  }
  const timer = intervals[which];
  if (!timer) return -Errno.EINVAL;
  const old = timer.left();
  timer.set(value === 0 ? undefined : timer.line.now() + value, interval);
  return oldAddress === 0 ? 0 : storeLeft(context, oldAddress, old, MICROSECOND);
};

/** Clocks of clock_gettime(2). */
const CLOCK_REALTIME = 0;
const CLOCK_TAI = 11;
const REAL_CLOCKS: ReadonlySet<number> = new Set([CLOCK_REALTIME, 1, 7, CLOCK_TAI]);
/** CLOCK_MONOTONIC_RAW and the coarse ones. */
const NO_TIMER_CLOCKS: ReadonlySet<number> = new Set([4, 5, 6]);
/** Those that would wake the machine up, which is not for everybody. */
const WAKING_CLOCKS: ReadonlySet<number> = new Set([8, 9]);

/** What a clock's timers run on, or a negated error number. */
function lineOf(context: Context, clock: number): TimeLine | number {
  if (REAL_CLOCKS.has(clock)) return context.process.timers.lines.real;
  const cpu = cpuClock(context, clock);
  if (cpu) return cpu;
  if (WAKING_CLOCKS.has(clock)) return -Errno.EPERM;
  return NO_TIMER_CLOCKS.has(clock) ? -Errno.EOPNOTSUPP : -Errno.EINVAL;
}

/** `sigev_notify` of `struct sigevent`, which has 64 bytes. */
const SIGEV_SIGNAL = 0;
const SIGEV_NONE = 1;
const SIGEV_THREAD = 2;
const SIGEV_THREAD_ID = 4;
const EVENT_SIZE = 64;

/** How a timer notifies (sigevent(7)). */
interface Notification {
  readonly how: number;
  readonly signal: number;
  readonly value: bigint;
  readonly tid: number;
}

function loadNotification(context: Context, address: number, id: number): Notification | number {
  if (address === 0) return { how: SIGEV_SIGNAL, signal: Signal.SIGALRM, value: BigInt(id), tid: 0 };
  const { memory } = context;
  if (!memory.read(address, EVENT_SIZE)) return -Errno.EFAULT;
  return {
    value: memory.view.getBigUint64(address, true),
    signal: memory.view.getInt32(address + 8, true),
    how: memory.view.getInt32(address + 12, true),
    tid: memory.view.getInt32(address + 16, true),
  };
}

type Send = (signal: PendingSignal) => void;

/** Whom a timer sends its signal to: undefined for none, or -EINVAL. */
function receiver(context: Context, { how, signal, tid }: Notification): Send | undefined | number {
  const { process } = context;
  if (how === SIGEV_NONE) return undefined;
  if (signal < 1 || signal > LAST_SIGNAL) return -Errno.EINVAL;
  if (how === SIGEV_SIGNAL || how === SIGEV_THREAD) {
    return (sent) => void sendToProcess(process.signals, sent);
  }
  if (how !== SIGEV_THREAD_ID) return -Errno.EINVAL;
  const thread = [...process.threads].find((other) => other.tid === tid);
  if (!thread) return -Errno.EINVAL;
  return (sent) => {
    if (!thread.ended) sendToThread(thread.signals, sent);
  };
}

const timerCreate: Handler = (context, registers) => {
  const clock = intArgument(registers, 0);
  const idAddress = wordArgument(registers, 2);
  const { timers, signals } = context.process;
  const line = lineOf(context, clock);
  if (typeof line === "number") return line;
  const { quota } = signals;
  if (quota.used >= quota.limit) return -Errno.EAGAIN;
  const id = timers.nextId;
  const notification = loadNotification(context, wordArgument(registers, 1), id);
  if (typeof notification === "number") return notification;
  const send = receiver(context, notification);
  if (typeof send === "number") return send;
  const stored = storeWord(context, idAddress, id);
  if (stored < 0) return stored;
  const { signal, value } = notification;
  const wall = clock === CLOCK_REALTIME || clock === CLOCK_TAI;
  const timer = createPosixTimer(line, wall, {
    send: send && ((hooks) => send({ info: timerInfo(signal, id, value), ...hooks })),
    overran: setOverrun,
    park: (rearm) => signals.parked.add(rearm),
  });
  timers.posix.set(id, timer);
  timers.nextId += 1;
  quota.used += 1;
  return 0;
};

const timerSettime: Handler = (context, registers) => {
  const { memory, clock, process } = context;
  const flags = intArgument(registers, 1);
  const newAddress = wordArgument(registers, 2);
  const oldAddress = wordArgument(registers, 3);
  if (newAddress === 0) return -Errno.EINVAL;
  if (!memory.read(newAddress, SETTING_SIZE)) return -Errno.EFAULT;
  const interval = loadTimespec(memory, newAddress);
  const value = loadTimespec(memory, newAddress + 16);
  if (interval < 0 || value < 0) return -Errno.EINVAL;
  const timer = process.timers.posix.get(intArgument(registers, 0));
  if (!timer) return -Errno.EINVAL;
  const old = timer.left();
  let at: number | undefined = timer.line.now() + value;
  if (flags & TIMER_ABSTIME) {
    // Seconds first: nanoseconds since 1970 are more than a number holds.
    const seconds = load64(memory, newAddress + 16) - (timer.wall ? clock.startSeconds : 0);
    at = seconds * SECOND + load64(memory, newAddress + 24);
  }
  timer.set(value === 0 ? undefined : at, interval);
  return oldAddress === 0 ? 0 : storeLeft(context, oldAddress, old, 1);
};

const timerGettime: Handler = (context, registers) => {
  const timer = context.process.timers.posix.get(intArgument(registers, 0));
  return timer ? storeLeft(context, wordArgument(registers, 1), timer.left(), 1) : -Errno.EINVAL;
};

const timerGetoverrun: Handler = (context, registers) =>
  context.process.timers.posix.get(intArgument(registers, 0))?.overrun ?? -Errno.EINVAL;

const timerDelete: Handler = ({ process }, registers) =>
  deleteTimer(process.timers, process.signals, intArgument(registers, 0)) ? 0 : -Errno.EINVAL;

/** Timers that send signals: setitimer(2), timer_create(2). */
export const timerCalls: HandlerTable = {
  getitimer,
  setitimer,
  timer_create: timerCreate,
  timer_settime: timerSettime,
  timer_gettime: timerGettime,
  timer_getoverrun: timerGetoverrun,
  timer_delete: timerDelete,
};
