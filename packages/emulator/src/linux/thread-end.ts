import type { Context } from "./context.js";
import { type Futexes, futexKey } from "./futexes.js";
import { load64 } from "./structures.js";

/** Bits of a robust futex (include/uapi/linux/futex.h). */
const FUTEX_WAITERS = 0x8000_0000;
const FUTEX_OWNER_DIED = 0x4000_0000;
const FUTEX_TID_MASK = 0x3fff_ffff;
/** Locks of one thread that are looked at (ROBUST_LIST_LIMIT). */
const MOST_LOCKS = 2048;
const ANY = 0xffff_ffff;

/**
 * Does for a thread that ends, or executes another program, what others wait for: marks the robust mutexes that it holds
 * (get_robust_list(2)), and tells that its id is free (set_tid_address(2)).
 */
export function releaseThread(task: Context, futexes: Futexes): void {
  releaseLocks(task, futexes);
  const { clearChildTid, memory } = task;
  task.clearChildTid = 0;
  if (clearChildTid === 0 || clearChildTid % 4 !== 0 || task.mm.users < 2) return;
  if (!memory.write(clearChildTid, new Uint8Array(4))) return;
  futexes.wake(futexKey(task, clearChildTid), 1, ANY);
}

/** `struct robust_list_head`: the first entry, the offset from an entry to its futex, and an entry being worked on. */
function releaseLocks(task: Context, futexes: Futexes): void {
  const { robustList: head, memory } = task;
  task.robustList = 0;
  if (head === 0 || !memory.read(head, 24)) return;
  const offset = load64(memory, head + 8);
  const pending = load64(memory, head + 16);
  let entry = load64(memory, head);
  for (let left = MOST_LOCKS; left > 0 && entry !== head; left--) {
    // The lowest bit tells a mutex with priority inheritance, which there are none of.
    if (entry !== pending && !releaseLock(task, futexes, entry + offset)) return;
    if (!memory.read(entry, 8)) return;
    entry = load64(memory, entry);
  }
  if (pending === 0) return;
  // It may have been unlocked already, with nobody woken yet; or be what this thread was woken for.
  if (ownerOf(task, pending + offset) === 0) futexes.wake(futexKey(task, pending + offset), 1, ANY);
  else releaseLock(task, futexes, pending + offset);
}

/** The thread id in a robust futex; undefined where there cannot be one. */
function ownerOf({ memory }: Context, address: number): number | undefined {
  if (address % 4 !== 0 || !memory.writable(address, 4)) return undefined;
  return memory.view.getUint32(address, true) & FUTEX_TID_MASK;
}

/** Marks a lock of this thread's. Gives whether there can be a futex. */
function releaseLock(task: Context, futexes: Futexes, address: number): boolean {
  const owner = ownerOf(task, address);
  if (owner === undefined) return false;
  if (owner !== task.tid) return true;
  const { view } = task.memory;
  const waiters = view.getUint32(address, true) & FUTEX_WAITERS;
  view.setUint32(address, (waiters | FUTEX_OWNER_DIED) >>> 0, true);
  if (waiters !== 0) futexes.wake(futexKey(task, address), 1, ANY);
  return true;
}
