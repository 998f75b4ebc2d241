import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { Poll, READABLE } from "../files/readiness.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { load64, loadTimespec, storePair } from "../structures.js";
import { setTemporaryMask, underMask } from "./temporary-mask.js";

const ENTRY_SIZE = 8;
const SECOND = 1_000_000_000;

/** The time that a `struct timespec` gives, infinity for none, or a negated error number. */
function loadTimeout(context: Context, address: number): number {
  return address === 0 ? Number.POSITIVE_INFINITY : loadTimespec(context.memory, address);
}

/**
 * Goes on with a call that found nothing ready: gives 0 if its time is up, else it waits.
 * @param outside whether the world outside may make it ready.
 * @param timeout in nanoseconds; infinity to wait for ever.
 */
function waitUntil(
  context: Context,
  ready: () => boolean,
  outside: () => boolean,
  timeout: number,
): number | "waits" {
  const deadline = timeout === Number.POSITIVE_INFINITY ? undefined : context.deadline(timeout);
  if (deadline !== undefined && deadline <= context.clock.nanoseconds()) return 0;
  context.block({
    ready,
    deadline,
    restart: false,
    get host() {
      return outside();
    },
  });
  return "waits";
}

/** The kernel's ppoll and pselect6 write back how much of the time is left; the C library hides it (poll(2)). */
function storeTimeLeft(context: Context, address: number, timeout: number): void {
  if (address === 0 || timeout === Number.POSITIVE_INFINITY) return;
  const left = Math.max(0, context.deadline(timeout) - context.clock.nanoseconds());
  storePair(context.memory, address, Math.floor(left / SECOND), left % SECOND);
}

const ppoll: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const count = uintArgument(registers, 1);
  const timeAddress = wordArgument(registers, 2);
  const timeout = loadTimeout(context, timeAddress);
  if (timeout < 0) return timeout;
  const masked = setTemporaryMask(context, wordArgument(registers, 3), wordArgument(registers, 4));
  if (masked < 0) return masked;
  if (count > context.descriptors.limit) return -Errno.EINVAL;
  if (!context.memory.writable(address, count * ENTRY_SIZE)) return -Errno.EFAULT;
  const ready = countReady(context, address, count);
  const result =
    ready > 0
      ? ready
      : waitUntil(
          context,
          () => some(address, count, (at) => eventsOf(context, at) !== 0),
          () => some(address, count, (at) => isOutside(context, at)),
          timeout,
        );
  if (result === "waits") return 0;
  storeTimeLeft(context, timeAddress, timeout);
  return result;
};

/** Fills in every `revents`; how many are not 0. */
function countReady(context: Context, address: number, count: number): number {
  const { view } = context.memory;
  let ready = 0;
  for (let at = address; at < address + count * ENTRY_SIZE; at += ENTRY_SIZE) {
    const events = eventsOf(context, at);
    view.setInt16(at + 6, events, true);
    if (events !== 0) ready += 1;
  }
  return ready;
}

/** Whether this is so of the `struct pollfd` at some address. */
function some(address: number, count: number, isSo: (at: number) => boolean): boolean {
  for (let at = address; at < address + count * ENTRY_SIZE; at += ENTRY_SIZE) if (isSo(at)) return true;
  return false;
}

/** What one `struct pollfd` asks for and holds. */
function eventsOf(context: Context, at: number): number {
  const { view } = context.memory;
  const fd = view.getInt32(at, true);
  if (fd < 0) return 0;
  const file = context.descriptors.get(fd);
  if (!file) return Poll.NVAL;
  const wanted = view.getUint16(at + 4, true) | Poll.ERR | Poll.HUP;
  if (wanted & READABLE) file.look?.();
  return file.poll() & wanted;
}

/** Whether what one `struct pollfd` asks for may come from outside. */
function isOutside(context: Context, at: number): boolean {
  const { view } = context.memory;
  const file = context.descriptors.get(view.getInt32(at, true));
  return (view.getUint16(at + 4, true) & READABLE) !== 0 && file?.look?.() === true;
}

const WORD_BITS = 64;

/** What makes a file ready for each of the three sets (select(2), "Correspondence between select() and poll()"). */
const SELECTED: readonly number[] = [
  Poll.RDNORM | Poll.RDBAND | Poll.IN | Poll.HUP | Poll.ERR,
  Poll.WRNORM | Poll.WRBAND | Poll.OUT | Poll.ERR,
  Poll.PRI,
];

const READ_SET = 0;

/** The descriptors in a `fd_set`: bit n of an array of 64-bit words (select(2)). */
function setBits(set: Uint8Array, count: number): number[] {
  const present: number[] = [];
  for (let fd = 0; fd < count; fd += 1) {
    if ((set[fd >>> 3] ?? 0) & (1 << (fd & 7))) present.push(fd);
  }
  return present;
}

const pselect6: Handler = (context, registers) => {
  const { descriptors, memory } = context;
  const timeAddress = wordArgument(registers, 4);
  const timeout = loadTimeout(context, timeAddress);
  if (timeout < 0) return timeout;
  const masked = maskOfSelect(context, wordArgument(registers, 5));
  if (masked < 0) return masked;
  const count = intArgument(registers, 0);
  if (count < 0) return -Errno.EINVAL;
  const bits = Math.min(count, descriptors.limit);
  const size = Math.ceil(bits / WORD_BITS) * (WORD_BITS / 8);
  const addresses = [1, 2, 3].map((index) => wordArgument(registers, index));
  const wanted: number[][] = [];
  for (const address of addresses) {
    const set = address === 0 ? new Uint8Array() : memory.writable(address, size);
    if (!set) return -Errno.EFAULT;
    wanted.push(setBits(set, bits));
  }
  if (wanted.flat().some((fd) => !descriptors.get(fd))) return -Errno.EBADF;

  const isReady = (fd: number, set: number): boolean => {
    const file = descriptors.get(fd);
    if (set === READ_SET) file?.look?.();
    return ((file?.poll() ?? Poll.ERR) & (SELECTED[set] ?? 0)) !== 0;
  };
  const ready = wanted.map((fds, set) => fds.filter((fd) => isReady(fd, set)));
  const total = ready.flat().length;
  const anything = (): boolean => wanted.some((fds, set) => fds.some((fd) => isReady(fd, set)));
  const outside = (): boolean => (wanted[READ_SET] ?? []).some((fd) => descriptors.get(fd)?.look?.());
  const result = total > 0 ? total : waitUntil(context, anything, outside, timeout);
  if (result === "waits") return 0;
  addresses.forEach((address, index) => {
    const set = address === 0 ? undefined : memory.writable(address, size);
    if (!set) return;
    set.fill(0);
    for (const fd of ready[index] ?? []) set[fd >>> 3] = (set[fd >>> 3] ?? 0) | (1 << (fd & 7));
  });
  storeTimeLeft(context, timeAddress, timeout);
  return result;
};

/** The sixth argument of pselect6 points to a set's address and its size (select(2), "C library/kernel differences"). */
function maskOfSelect(context: Context, address: number): number {
  if (address === 0) return 0;
  if (!context.memory.read(address, 16)) return -Errno.EFAULT;
  return setTemporaryMask(context, load64(context.memory, address), load64(context.memory, address + 8));
}

/** Waiting for files: poll(2), select(2). */
export const pollCalls: HandlerTable = { ppoll: underMask(ppoll), pselect6: underMask(pselect6) };
