import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { createEpoll, type EpollEvent, type EpollFile, isEpoll } from "../files/epoll.js";
import { createEventfd } from "../files/eventfd.js";
import { OpenFlag } from "../files/open-file.js";
import { createTimerfd, isTimerfd, type Timerfd } from "../files/timerfd.js";
import { intArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { load64, loadTimespec, storePair } from "../structures.js";
import { originOf } from "./pipes.js";
import { setTemporaryMask, underMask } from "./temporary-mask.js";

const { CLOEXEC, NONBLOCK } = OpenFlag;
const EFD_SEMAPHORE = 1;

const eventfd2: Handler = (context, registers) => {
  const flags = uintArgument(registers, 1);
  if (flags & ~(CLOEXEC | NONBLOCK | EFD_SEMAPHORE)) return -Errno.EINVAL;
  const initial = uintArgument(registers, 0);
  const semaphore = (flags & EFD_SEMAPHORE) !== 0;
  const file = createEventfd(originOf(context), initial, semaphore, flags & NONBLOCK);
  return context.descriptors.add(file, (flags & CLOEXEC) !== 0);
};

/** Clocks of timerfd_create(2). */
const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_BOOTTIME = 7;
const CLOCK_REALTIME_ALARM = 8;
const CLOCK_BOOTTIME_ALARM = 9;
const TFD_TIMER_ABSTIME = 1;
const TFD_TIMER_CANCEL_ON_SET = 2;
const SECOND = 1_000_000_000;

const timerfdCreate: Handler = (context, registers) => {
  const clock = intArgument(registers, 0);
  const flags = uintArgument(registers, 1);
  if (flags & ~(CLOEXEC | NONBLOCK)) return -Errno.EINVAL;
  if (clock === CLOCK_REALTIME_ALARM || clock === CLOCK_BOOTTIME_ALARM) return -Errno.EPERM;
  if (clock !== CLOCK_REALTIME && clock !== CLOCK_MONOTONIC && clock !== CLOCK_BOOTTIME) return -Errno.EINVAL;
  const file = createTimerfd(originOf(context), context.kernel, clock === CLOCK_REALTIME, flags & NONBLOCK);
  return context.descriptors.add(file, (flags & CLOEXEC) !== 0);
};

/** The timer behind a descriptor, or a negated error number. */
function timerAt(context: Context, registers: Registers): Timerfd | number {
  const file = context.descriptors.get(intArgument(registers, 0));
  if (!file) return -Errno.EBADF;
  return isTimerfd(file) ? file : -Errno.EINVAL;
}

/** Stores a `struct itimerspec`: the interval first. */
function storeTimer(context: Context, address: number, timer: Timerfd): number {
  const { memory } = context;
  if (!memory.writable(address, 32)) return -Errno.EFAULT;
  const { value, interval } = timer.timer();
  storePair(memory, address, Math.floor(interval / SECOND), interval % SECOND);
  return storePair(memory, address + 16, Math.floor(value / SECOND), value % SECOND);
}

const timerfdSettime: Handler = (context, registers) => {
  const { clock, memory } = context;
  const flags = uintArgument(registers, 1);
  const address = wordArgument(registers, 2);
  const oldAddress = wordArgument(registers, 3);
  if (!memory.read(address, 32)) return -Errno.EFAULT;
  const interval = loadTimespec(memory, address);
  const value = loadTimespec(memory, address + 16);
  if (flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET) || interval < 0 || value < 0)
    return -Errno.EINVAL;
  const timer = timerAt(context, registers);
  if (typeof timer === "number") return timer;
  const stored = oldAddress === 0 ? 0 : storeTimer(context, oldAddress, timer);
  let delay = value;
  if (flags & TFD_TIMER_ABSTIME) {
    // Seconds first: nanoseconds since 1970 are more than a number holds.
    const seconds = load64(memory, address + 16) - (timer.wall ? clock.startSeconds : 0);
    delay = Math.max(0, seconds * SECOND + load64(memory, address + 24) - clock.nanoseconds());
  }
  timer.setTimer(value === 0 ? undefined : delay, interval);
  return stored;
};

const timerfdGettime: Handler = (context, registers) => {
  const timer = timerAt(context, registers);
  return typeof timer === "number" ? timer : storeTimer(context, wordArgument(registers, 1), timer);
};

const epollCreate1: Handler = (context, registers) => {
  const flags = uintArgument(registers, 0);
  if (flags & ~CLOEXEC) return -Errno.EINVAL;
  return context.descriptors.add(createEpoll(originOf(context)), (flags & CLOEXEC) !== 0);
};

/** Operations of epoll_ctl(2). */
const Operation = { ADD: 1, DEL: 2, MOD: 3 } as const;
/** Bytes of `struct epoll_event`, packed on x86 alone: events (u32) at 0, data (u64) at 8. */
const EVENT_SIZE = 16;

const epollCtl: Handler = (context, registers) => {
  const { descriptors, memory } = context;
  const operation = intArgument(registers, 1);
  const fd = intArgument(registers, 2);
  const address = wordArgument(registers, 3);
  if (operation !== Operation.DEL && !memory.read(address, EVENT_SIZE)) return -Errno.EFAULT;
  const epoll = descriptors.get(intArgument(registers, 0));
  const file = descriptors.get(fd);
  if (!epoll || !file) return -Errno.EBADF;
  if (!file.watchers) return -Errno.EPERM;
  if (epoll === file || !isEpoll(epoll)) return -Errno.EINVAL;
  if (operation === Operation.DEL) return epoll.removeItem(fd, file);
  const event: EpollEvent = {
    events: memory.view.getUint32(address, true),
    data: [memory.view.getUint32(address + 8, true), memory.view.getUint32(address + 12, true)],
  };
  if (operation === Operation.ADD) return epoll.addItem(fd, file, event);
  return operation === Operation.MOD ? epoll.changeItem(fd, file, event) : -Errno.EINVAL;
};

/** Most events that one call gives (fs/eventpoll.c, EP_MAX_EVENTS). */
const MOST_EVENTS = Math.floor(0x7fff_ffff / EVENT_SIZE);

/** epoll_wait(2), with a timeout in nanoseconds; infinity to wait for ever. */
function epollWait(context: Context, registers: Registers, timeout: number): number {
  const most = intArgument(registers, 2);
  const epoll = context.descriptors.get(intArgument(registers, 0));
  const masked = setTemporaryMask(context, wordArgument(registers, 4), wordArgument(registers, 5));
  if (masked < 0) return masked;
  if (most <= 0 || most > MOST_EVENTS) return -Errno.EINVAL;
  if (!epoll) return -Errno.EBADF;
  if (!isEpoll(epoll)) return -Errno.EINVAL;
  const address = wordArgument(registers, 1);
  epoll.look();
  const taken = takeEvents(context, epoll, address, most);
  if (taken !== 0 || timeout === 0) return taken;
  const deadline = timeout === Number.POSITIVE_INFINITY ? undefined : context.deadline(timeout);
  if (deadline !== undefined && deadline <= context.clock.nanoseconds()) return 0;
  return context.block({
    ready() {
      epoll.look();
      return epoll.poll() !== 0;
    },
    deadline,
    restart: false,
    get host() {
      return epoll.look();
    },
  });
}

function takeEvents(context: Context, epoll: EpollFile, address: number, most: number): number {
  const { memory } = context;
  let at = address;
  let bad = false;
  const taken = epoll.take(most, ({ events, data }) => {
    bad = !memory.writable(at, EVENT_SIZE);
    if (bad) return false;
    memory.view.setUint32(at, events, true);
    memory.view.setUint32(at + 8, data[0], true);
    memory.view.setUint32(at + 12, data[1], true);
    at += EVENT_SIZE;
    return true;
  });
  return taken === 0 && bad ? -Errno.EFAULT : taken;
}

const MILLISECOND = 1_000_000;

const epollPwait: Handler = (context, registers) => {
  const timeout = intArgument(registers, 3);
  return epollWait(context, registers, timeout < 0 ? Number.POSITIVE_INFINITY : timeout * MILLISECOND);
};

const epollPwait2: Handler = (context, registers) => {
  const address = wordArgument(registers, 3);
  const timeout = address === 0 ? Number.POSITIVE_INFINITY : loadTimespec(context.memory, address);
  return timeout < 0 ? timeout : epollWait(context, registers, timeout);
};

/** Files are not watched for changes: the host's may change at any time, and two runs would differ. */
const noInotify: Handler = () => -Errno.ENOSYS;

/** Files to wait for: eventfd(2), timerfd_create(2), epoll(7). */
export const eventCalls: HandlerTable = {
  eventfd2,
  timerfd_create: timerfdCreate,
  timerfd_settime: timerfdSettime,
  timerfd_gettime: timerfdGettime,
  epoll_create1: epollCreate1,
  epoll_ctl: epollCtl,
  epoll_pwait: underMask(epollPwait),
  epoll_pwait2: underMask(epollPwait2),
  inotify_init1: noInotify,
  inotify_add_watch: noInotify,
  inotify_rm_watch: noInotify,
};
