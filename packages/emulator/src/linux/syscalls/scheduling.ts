import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { storeWord } from "../user-memory.js";

/** Whether a process id given to a system call is the caller's. */
export const isSelf = (context: Context, pid: number): boolean => pid === 0 || pid === context.identity.pid;

/** Bytes of a CPU mask: one CPU, one word. */
const MASK_SIZE = 8;

const schedGetaffinity: Handler = (context, registers) => {
  const size = uintArgument(registers, 1);
  if (size < MASK_SIZE || size % MASK_SIZE !== 0) return -Errno.EINVAL;
  if (!isSelf(context, intArgument(registers, 0))) return -Errno.ESRCH;
  const stored = context.memory.write(wordArgument(registers, 2), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
  return stored ? MASK_SIZE : -Errno.EFAULT;
};

const schedSetaffinity: Handler = (context, registers) => {
  if (!isSelf(context, intArgument(registers, 0))) return -Errno.ESRCH;
  const mask = context.memory.read(
    wordArgument(registers, 2),
    Math.min(wordArgument(registers, 1), MASK_SIZE),
  );
  if (!mask) return -Errno.EFAULT;
  return (mask[0] ?? 0) & 1 ? 0 : -Errno.EINVAL;
};

/** Policies of sched(7) with their priorities: SCHED_OTHER, FIFO, RR, BATCH, IDLE and DEADLINE, by their numbers. */
const PRIORITIES: Readonly<Record<number, { readonly least: number; readonly most: number }>> = {
  0: { least: 0, most: 0 },
  1: { least: 1, most: 99 },
  2: { least: 1, most: 99 },
  3: { least: 0, most: 0 },
  5: { least: 0, most: 0 },
  6: { least: 0, most: 0 },
};
const SCHED_OTHER = 0;

const leastPriority: Handler = (_context, registers) =>
  PRIORITIES[intArgument(registers, 0)]?.least ?? -Errno.EINVAL;

const mostPriority: Handler = (_context, registers) =>
  PRIORITIES[intArgument(registers, 0)]?.most ?? -Errno.EINVAL;

/** sched_getscheduler(2): every thread has its turn in the same way. */
const schedGetscheduler: Handler = (context, registers) => {
  const pid = intArgument(registers, 0);
  if (pid < 0) return -Errno.EINVAL;
  return isSelf(context, pid) ? SCHED_OTHER : -Errno.ESRCH;
};

/** sched_getparam(2): the priority of SCHED_OTHER. */
const schedGetparam: Handler = (context, registers) => {
  const policy = schedGetscheduler(context, registers);
  if (policy < 0) return policy;
  const address = wordArgument(registers, 1);
  return address === 0 ? -Errno.EINVAL : storeWord(context, address, 0);
};

const PRIO_USER = 2;
/** What the call itself gives is 20 less the nice value, so that it is no error number (getpriority(2)). */
const NICE_0 = 20;
const LEAST_NICE = -20;
const MOST_NICE = 19;

/** 0 if it is the caller, its group or its user that a call of getpriority(2) means; else a negated error number. */
function ofCaller(context: Context, which: number, who: number): number {
  const { identity } = context;
  if (which > PRIO_USER) return -Errno.EINVAL;
  const known = [identity.pid, context.process.group, identity.uid][which];
  return who === 0 || who === known ? 0 : -Errno.ESRCH;
}

const getpriority: Handler = (context, registers) => {
  const error = ofCaller(context, uintArgument(registers, 0), intArgument(registers, 1));
  return error === 0 ? NICE_0 - context.process.nice : error;
};

/** setpriority(2): nicer is allowed, and the way back only to a superuser. It is the caller alone that becomes so. */
const setpriority: Handler = (context, registers) => {
  const error = ofCaller(context, uintArgument(registers, 0), intArgument(registers, 1));
  if (error !== 0) return error;
  const nice = Math.max(LEAST_NICE, Math.min(MOST_NICE, intArgument(registers, 2)));
  if (nice < context.process.nice && context.identity.uid !== 0) return -Errno.EACCES;
  context.process.nice = nice;
  return 0;
};

const getcpu: Handler = (context, registers) => {
  for (const address of [wordArgument(registers, 0), wordArgument(registers, 1)]) {
    if (address !== 0 && storeWord(context, address, 0) < 0) return -Errno.EFAULT;
  }
  return 0;
};

/** One CPU, on which all take turns: sched(7), getpriority(2), getcpu(2). */
export const schedulingCalls: HandlerTable = {
  getcpu,
  getpriority,
  sched_get_priority_max: mostPriority,
  sched_get_priority_min: leastPriority,
  sched_getaffinity: schedGetaffinity,
  sched_getparam: schedGetparam,
  sched_getscheduler: schedGetscheduler,
  sched_setaffinity: schedSetaffinity,
  setpriority,
};
