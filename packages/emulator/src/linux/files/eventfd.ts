import { Errno } from "../errno.js";
import { anonymousFile, newInode, type Origin } from "./anonymous-file.js";
import { type OpenFile, OpenFlag } from "./open-file.js";
import { createWatchers, Poll } from "./readiness.js";

/** Largest value of the counter: all ones cannot be reached (eventfd(2)). */
const ALL_ONES = 0xffff_ffff_ffff_ffffn;
const MOST = ALL_ONES - 1n;
const SIZE = 8;

/**
 * Makes a counter to wait for (eventfd(2)).
 * @param semaphore EFD_SEMAPHORE: reading takes 1 off instead of all.
 * @param flags O_NONBLOCK, or none.
 */
export function createEventfd(origin: Origin, initial: number, semaphore: boolean, flags: number): OpenFile {
  const watchers = createWatchers();
  let count = BigInt(initial);
  const amount = (bytes: Uint8Array): bigint =>
    new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return {
    ...anonymousFile({
      path: "anon_inode:[eventfd]",
      inode: newInode(origin),
      flags: flags | OpenFlag.RDWR,
      mode: 0o600,
      origin,
      watchers,
    }),
    /** Does nothing, as in Linux (noop_llseek). */
    seek: () => 0,
    read(into) {
      if (into.length < SIZE) return -Errno.EINVAL;
      if (count === 0n) return -Errno.EAGAIN;
      const taken = semaphore ? 1n : count;
      count -= taken;
      new DataView(into.buffer, into.byteOffset).setBigUint64(0, taken, true);
      watchers.wake(Poll.OUT);
      return SIZE;
    },
    write(bytes) {
      if (bytes.length < SIZE) return -Errno.EINVAL;
      const more = amount(bytes);
      if (more === ALL_ONES) return -Errno.EINVAL;
      if (count + more > MOST) return -Errno.EAGAIN;
      count += more;
      watchers.wake(Poll.IN);
      return SIZE;
    },
    fits: (bytes) => count + amount(bytes) <= MOST,
    poll: () => (count > 0n ? Poll.IN : 0) | (count < MOST ? Poll.OUT : 0),
    close: () => {},
  };
}
