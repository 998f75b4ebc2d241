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
    if (entry !== pending) releaseLock(task, futexes, entry + offset);
    if (!memory.read(entry, 8)) return;
    entry = load64(memory, entry);
  }
  if (pending !== 0) releaseLock(task, futexes, pending + offset);
}

function releaseLock(task: Context, futexes: Futexes, address: number): void {
  const { memory, tid } = task;
  if (address % 4 !== 0 || !memory.writable(address, 4)) return;
  const word = memory.view.getUint32(address, true);
  if ((word & FUTEX_TID_MASK) !== tid) return;
  memory.view.setUint32(address, ((word & FUTEX_WAITERS) | FUTEX_OWNER_DIED) >>> 0, true);
  if (word & FUTEX_WAITERS) futexes.wake(futexKey(task, address), 1, ANY);
}
