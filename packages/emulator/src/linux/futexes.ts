import type { Context } from "./context.js";
import type { Wait } from "./wait.js";

/** Where a futex is, as all know it who share its memory. */
export interface FutexKey {
  /** The address space, or what is shared between several. */
  readonly object: object;
  readonly offset: number;
}

/** A thread that waits for a futex. */
export interface FutexWaiter {
  readonly wait: Wait;
  /** Somebody has woken it. */
  readonly woken: boolean;
}

/** The threads that wait for futexes (futex(2)), each futex's in order of arrival. */
export interface Futexes {
  /** Queues a thread; until `deadline`, if there is one. It waits once it is blocked with the waiter's `wait`. */
  enqueue(task: Context, key: FutexKey, bits: number, deadline: number | undefined): FutexWaiter;
  /** The thread's latest place in a queue. */
  waiterOf(task: Context): FutexWaiter | undefined;
  /** Wakes up to `count` threads that wait for any of these bits. Gives how many. */
  wake(key: FutexKey, count: number, bits: number): number;
  /** Has up to `count` threads wait for another futex instead. Gives how many. */
  requeue(from: FutexKey, to: FutexKey, count: number): number;
}

interface Queued extends FutexWaiter {
  readonly task: Context;
  readonly bits: number;
  woken: boolean;
}

/** Makes futexes that nobody waits for. */
export function createFutexes(): Futexes {
  const queues = new WeakMap<object, Map<number, readonly Queued[]>>();
  const latest = new WeakMap<Context, Queued>();

  /** Those who still wait: a timeout or a signal may have ended the others' wait, or another program their thread. */
  function queueOf({ object, offset }: FutexKey): readonly Queued[] {
    const queue = queues.get(object)?.get(offset) ?? [];
    return queue.filter(({ task, wait, woken }) => !task.ended && !woken && task.wait === wait);
  }

  /** Nothing is kept of a futex that nobody waits for. */
  function keep({ object, offset }: FutexKey, queue: readonly Queued[]): void {
    const ofObject = queues.get(object) ?? new Map<number, readonly Queued[]>();
    if (queue.length > 0) queues.set(object, ofObject.set(offset, queue));
    else ofObject.delete(offset);
  }

  return {
    enqueue(task, key, bits, deadline) {
      const waiter: Queued = {
        task,
        bits,
        woken: false,
        wait: { ready: () => waiter.woken, deadline },
      };
      keep(key, [...queueOf(key), waiter]);
      latest.set(task, waiter);
      return waiter;
    },
    waiterOf: (task) => latest.get(task),
    wake(key, count, bits) {
      const woken = queueOf(key)
        .filter((waiter) => (waiter.bits & bits) !== 0)
        .slice(0, count);
      for (const waiter of woken) waiter.woken = true;
      keep(key, queueOf(key));
      return woken.length;
    },
    requeue(from, to, count) {
      const queue = queueOf(from);
      const moved = queue.slice(0, count);
      keep(from, queue.slice(moved.length));
      keep(to, [...queueOf(to), ...moved]);
      return moved.length;
    },
  };
}

/** Where the futex at an address is: in what is shared, or in this address space only. */
export function futexKey({ memory, mm }: Context, address: number): FutexKey {
  return memory.sharedKey(address) ?? { object: mm, offset: address };
}
