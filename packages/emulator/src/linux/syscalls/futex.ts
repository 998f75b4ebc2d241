import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { futexKey } from "../futexes.js";
import { type Registers, uintArgument, wordArgument } from "../registers.js";
import { load64, store64 } from "../structures.js";

/** Commands of futex(2) (include/uapi/linux/futex.h). Those for priority inheritance are ENOSYS. */
const Command = {
  WAIT: 0,
  WAKE: 1,
  REQUEUE: 3,
  CMP_REQUEUE: 4,
  WAKE_OP: 5,
  WAIT_BITSET: 9,
  WAKE_BITSET: 10,
} as const;
const COMMAND_MASK = 0x7f;
const CLOCK_REALTIME_FLAG = 0x100;
const ANY = 0xffff_ffff;
const SECOND = 1_000_000_000;
const MOST = 0x7fff_ffff;

/** Bytes of `struct robust_list_head` (get_robust_list(2)). */
const ROBUST_LIST_SIZE = 24;

const futex: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const operation = uintArgument(registers, 1);
  const value = uintArgument(registers, 2);
  if (address % 4 !== 0) return -Errno.EINVAL;
  switch (operation & COMMAND_MASK) {
    case Command.WAIT:
      return wait(context, registers, address, value, ANY, false);
    case Command.WAIT_BITSET:
      return wait(context, registers, address, value, uintArgument(registers, 5), true);
    case Command.WAKE:
      return wake(context, address, value, ANY);
    case Command.WAKE_BITSET:
      return wake(context, address, value, uintArgument(registers, 5));
    case Command.REQUEUE:
      return requeue(context, registers, address, value);
    case Command.CMP_REQUEUE: {
      const present = load(context, address);
      if (present === undefined) return -Errno.EFAULT;
      return present === uintArgument(registers, 5)
        ? requeue(context, registers, address, value)
        : -Errno.EAGAIN;
    }
    case Command.WAKE_OP:
      return wakeAndChange(context, registers, address, value);
    default:
      return -Errno.ENOSYS;
  }
};

function load({ memory }: Context, address: number): number | undefined {
  return memory.read(address, 4) && memory.view.getUint32(address, true);
}

function wait(
  context: Context,
  registers: Registers,
  address: number,
  expected: number,
  bits: number,
  absolute: boolean,
): number {
  const { futexes } = context.kernel;
  if (context.retried) {
    const waiter = futexes.waiterOf(context);
    if (waiter === undefined || waiter.woken) return 0;
    const due = (waiter.wait.deadline ?? Number.POSITIVE_INFINITY) <= context.clock.nanoseconds();
    return due ? -Errno.ETIMEDOUT : context.block(waiter.wait);
  }
  if (bits === 0) return -Errno.EINVAL;
  const deadline = loadDeadline(context, registers, absolute);
  if (deadline !== undefined && deadline < 0) return deadline;
  const present = load(context, address);
  if (present === undefined) return -Errno.EFAULT;
  if (present !== expected) return -Errno.EAGAIN;
  return context.block(futexes.enqueue(context, futexKey(context, address), bits, deadline).wait);
}

/** When a wait is to end: undefined for never, else nanoseconds of the guest's clock, or a negated error number. */
function loadDeadline(context: Context, registers: Registers, absolute: boolean): number | undefined {
  const { memory, clock } = context;
  const address = wordArgument(registers, 3);
  if (address === 0) return undefined;
  if (!memory.read(address, 16)) return -Errno.EFAULT;
  const seconds = load64(memory, address);
  const nanoseconds = load64(memory, address + 8);
  if (seconds < 0 || nanoseconds < 0 || nanoseconds >= SECOND) return -Errno.EINVAL;
  if (!absolute) return context.deadline(seconds * SECOND + nanoseconds);
  const realTime = (uintArgument(registers, 1) & CLOCK_REALTIME_FLAG) !== 0;
  const since = realTime ? seconds - clock.startSeconds : seconds;
  return Math.max(0, context.deadline(since * SECOND + nanoseconds - clock.nanoseconds()));
}

function wake(context: Context, address: number, count: number, bits: number): number {
  if (bits === 0) return -Errno.EINVAL;
  return context.kernel.futexes.wake(futexKey(context, address), Math.min(count, MOST), bits);
}

function requeue(context: Context, registers: Registers, address: number, wakeCount: number): number {
  const { futexes } = context.kernel;
  const moveCount = uintArgument(registers, 3);
  const target = wordArgument(registers, 4);
  if (wakeCount > MOST || moveCount > MOST || target % 4 !== 0) return -Errno.EINVAL;
  const from = futexKey(context, address);
  const woken = futexes.wake(from, wakeCount, ANY);
  return woken + futexes.requeue(from, futexKey(context, target), moveCount);
}

/** FUTEX_WAKE_OP: `val3` is operation, comparison, and an argument for each, in 4, 4, 12 and 12 bits. */
function wakeAndChange(context: Context, registers: Registers, address: number, wakeCount: number): number {
  const { kernel, memory } = context;
  const target = wordArgument(registers, 4);
  const encoded = uintArgument(registers, 5);
  if (target % 4 !== 0) return -Errno.EINVAL;
  if (!memory.writable(target, 4)) return -Errno.EFAULT;
  const shifts = (encoded & 0x8000_0000) !== 0;
  const argument = (encoded << 8) >> 20;
  const before = memory.view.getInt32(target, true);
  const changed = change((encoded >>> 28) & 7, before, shifts ? 1 << (argument & 31) : argument);
  const holds = compare((encoded >>> 24) & 15, before, (encoded << 20) >> 20);
  if (changed === undefined || holds === undefined) return -Errno.ENOSYS;
  memory.view.setInt32(target, changed, true);
  const woken = kernel.futexes.wake(futexKey(context, address), Math.min(wakeCount, MOST), ANY);
  if (!holds) return woken;
  return woken + kernel.futexes.wake(futexKey(context, target), uintArgument(registers, 3) & MOST, ANY);
}

function change(operation: number, before: number, argument: number): number | undefined {
  const results = [
    argument,
    (before + argument) | 0,
    before | argument,
    before & ~argument,
    before ^ argument,
  ];
  return results[operation];
}

function compare(comparison: number, a: number, b: number): boolean | undefined {
  return [a === b, a !== b, a < b, a <= b, a > b, a >= b][comparison];
}

const setRobustList: Handler = (context, registers) => {
  if (wordArgument(registers, 1) !== ROBUST_LIST_SIZE) return -Errno.EINVAL;
  context.robustList = wordArgument(registers, 0);
  return 0;
};

const getRobustList: Handler = (context, registers) => {
  const tid = uintArgument(registers, 0);
  const task = tid === 0 ? context : context.kernel.taskOf(tid);
  if (task === undefined) return -Errno.ESRCH;
  const [head, size] = [wordArgument(registers, 1), wordArgument(registers, 2)];
  if (!context.memory.writable(head, 8) || !context.memory.writable(size, 8)) return -Errno.EFAULT;
  store64(context.memory, head, task.robustList);
  store64(context.memory, size, ROBUST_LIST_SIZE);
  return 0;
};

/** Waiting for other threads: futex(2), get_robust_list(2). */
export const futexCalls: HandlerTable = {
  futex,
  set_robust_list: setRobustList,
  get_robust_list: getRobustList,
};
