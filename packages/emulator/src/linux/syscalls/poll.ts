import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { isReadable, isWritable } from "../files/open-file.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { loadTimespec } from "../structures.js";
import { waitForever } from "./wait.js";

/** Event bits of poll(2). */
const POLLIN = 0x1;
const POLLOUT = 0x4;
const POLLNVAL = 0x20;
const POLLRDNORM = 0x40;
const POLLWRNORM = 0x100;
const ENTRY_SIZE = 8;

/**
 * ppoll(2). Files and streams are always ready, as regular files are in Linux: what a stream will give is only known
 * by reading it, which waits. Without anything ready the time passes at once.
 */
const ppoll: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const count = uintArgument(registers, 1);
  const timeAddress = wordArgument(registers, 2);
  if (count > context.descriptors.limit) return -Errno.EINVAL;
  if (!context.memory.writable(address, count * ENTRY_SIZE)) return -Errno.EFAULT;
  const timeout = timeAddress === 0 ? Number.POSITIVE_INFINITY : loadTimespec(context.memory, timeAddress);
  if (timeout < 0) return timeout;
  let ready = 0;
  for (let index = 0; index < count; index += 1) {
    if (pollOne(context, address + index * ENTRY_SIZE) !== 0) ready += 1;
  }
  if (ready > 0) return ready;
  if (timeout === Number.POSITIVE_INFINITY) return waitForever(context, "ppoll");
  context.clock.advance(timeout);
  return 0;
};

/** Fills in `revents` of one `struct pollfd` and returns it. */
function pollOne(context: Context, at: number): number {
  const { view } = context.memory;
  const fd = view.getInt32(at, true);
  const asked = view.getInt16(at + 4, true);
  const file = context.descriptors.get(fd);
  let events = 0;
  if (file) {
    const readable = isReadable(file.flags) ? POLLIN | POLLRDNORM : 0;
    const writable = isWritable(file.flags) ? POLLOUT | POLLWRNORM : 0;
    events = asked & (readable | writable);
  } else if (fd >= 0) {
    events = POLLNVAL;
  }
  view.setInt16(at + 6, events, true);
  return events;
}

const WORD_BITS = 64;

/** The descriptors in a `fd_set`: bit n of an array of 64-bit words (select(2)). */
function setBits(set: Uint8Array, count: number): number[] {
  const present: number[] = [];
  for (let fd = 0; fd < count; fd += 1) {
    if ((set[fd >>> 3] ?? 0) & (1 << (fd & 7))) present.push(fd);
  }
  return present;
}

/** pselect6(2), with the same idea of what is ready as {@link ppoll}. */
const pselect6: Handler = (context, registers) => {
  const { descriptors, memory } = context;
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
  const timeAddress = wordArgument(registers, 4);
  const timeout = timeAddress === 0 ? Number.POSITIVE_INFINITY : loadTimespec(memory, timeAddress);
  if (timeout < 0) return timeout;

  const [readers = [], writers = []] = wanted;
  const ready = [
    readers.filter((fd) => isReadable(descriptors.get(fd)?.flags ?? 0)),
    writers.filter((fd) => isWritable(descriptors.get(fd)?.flags ?? 0)),
    [],
  ];
  const total = ready.flat().length;
  if (total === 0 && timeout === Number.POSITIVE_INFINITY) return waitForever(context, "pselect6");
  if (total === 0) context.clock.advance(timeout);
  addresses.forEach((address, index) => {
    if (address === 0) return;
    const set = memory.writable(address, size);
    set?.fill(0);
    for (const fd of ready[index] ?? []) if (set) set[fd >>> 3] = (set[fd >>> 3] ?? 0) | (1 << (fd & 7));
  });
  return total;
};

/** Waiting for files: poll(2), select(2). */
export const pollCalls: HandlerTable = { ppoll, pselect6 };
