import { describe, expect, it } from "vitest";
import type { Context } from "../../../packages/emulator/src/linux/context.js";
import { createFutexes, futexKey } from "../../../packages/emulator/src/linux/futexes.js";
import { releaseThread } from "../../../packages/emulator/src/linux/thread-end.js";
import { createTestGuest, type TestGuest } from "./test-guest.js";

const WAITERS = 0x8000_0000;
const OWNER_DIED = 0x4000_0000;
const NOWHERE = 0x10;
const ANY = 0xffff_ffff;
/** From an entry to its futex, as glibc has it. */
const OFFSET = -32;

/** A thread with a robust list of locks at these places, the last of which leads to `tail`. */
function lockList(
  { memory, task, scratch }: TestGuest,
  entries: readonly number[],
  pending = 0,
  tail = scratch,
): void {
  const put = (address: number, value: number): void => memory.view.setBigInt64(address, BigInt(value), true);
  put(scratch, entries[0] ?? tail);
  put(scratch + 8, OFFSET);
  put(scratch + 16, pending);
  entries.forEach((entry, i) => {
    put(entry, entries[i + 1] ?? tail);
  });
  task.robustList = scratch;
}

const places = (guest: TestGuest, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => guest.scratch + 0x1000 + 16 * i);

/** Ends the thread whose locks, at these places, have these words; gives the words after that. */
function end(guest: TestGuest, entries: readonly number[], words: readonly number[]): readonly number[] {
  const { memory, task } = guest;
  entries.forEach((entry, i) => {
    memory.view.setUint32(entry + OFFSET, words[i] ?? 0, true);
  });
  releaseThread(task, guest.kernel.futexes);
  return entries.map((entry) => memory.view.getUint32(entry + OFFSET, true));
}

/** A thread that waits for the futex at an address, and whether it was woken. */
function sleeper(guest: TestGuest, address: number): () => boolean {
  const { futexes } = guest.kernel;
  const other: Context = { ...guest.task, ended: false, wait: undefined };
  const waiter = futexes.enqueue(other, futexKey(guest.task, address), ANY, undefined);
  other.wait = waiter.wait;
  return () => waiter.woken;
}

describe("the robust list of a thread that ends", () => {
  it("marks the locks that it owns, keeps whether somebody waits, and leaves those of others", () => {
    const guest = createTestGuest();
    const [a = 0, b = 0, c = 0] = places(guest, 12).filter((_, i) => i % 4 === 0);
    const { tid } = guest.task;
    lockList(guest, [a, b, c]);
    const woken = sleeper(guest, b + OFFSET);
    expect(end(guest, [a, b, c], [tid, tid | WAITERS, tid + 1])).toEqual([
      OWNER_DIED,
      (OWNER_DIED | WAITERS) >>> 0,
      tid + 1,
    ]);
    expect(woken()).toBe(true);
    expect(guest.task.robustList).toBe(0);
  });

  it("ends where it loops, or leads nowhere", () => {
    const guest = createTestGuest();
    const [a = 0, , , , b = 0] = places(guest, 5);
    const { tid } = guest.task;
    lockList(guest, [a, b], 0, a);
    expect(end(guest, [a, b], [tid, tid])).toEqual([OWNER_DIED, OWNER_DIED]);
    lockList(guest, [a], 0, NOWHERE);
    expect(end(guest, [a, b], [tid, tid])).toEqual([OWNER_DIED, tid]);
    guest.task.robustList = NOWHERE;
    expect(end(guest, [a], [tid])).toEqual([tid]);
  });

  it("is looked at up to its 2048th lock", () => {
    const guest = createTestGuest();
    const entries = places(guest, 2060);
    lockList(guest, entries);
    const { memory, task } = guest;
    // Futexes overlap entries here otherwise: they lie behind them all.
    memory.view.setBigInt64(guest.scratch + 8, BigInt(0x9000 + OFFSET), true);
    memory.map(guest.scratch + 0x1_0000, 0x1_0000, 3);
    const words = (): readonly number[] =>
      entries.map((entry) => memory.view.getUint32(entry + 0x9000 + OFFSET, true));
    for (const entry of entries) memory.view.setUint32(entry + 0x9000 + OFFSET, task.tid, true);
    releaseThread(task, guest.kernel.futexes);
    expect(words().indexOf(task.tid)).toBe(2048);
  });

  it("wakes one for a lock that was being unlocked, or handed to it, when it ended", () => {
    const guest = createTestGuest();
    const [pending = 0] = places(guest, 1);
    lockList(guest, [], pending);
    const woken = sleeper(guest, pending + OFFSET);
    expect(end(guest, [pending], [0])).toEqual([0]);
    expect(woken()).toBe(true);
  });

  it("marks a lock that was being taken", () => {
    const guest = createTestGuest();
    const [pending = 0] = places(guest, 1);
    lockList(guest, [], pending);
    expect(end(guest, [pending], [guest.task.tid])).toEqual([OWNER_DIED]);
  });
});

describe("futexes", () => {
  it("wake in order of arrival, by bits, and requeue", () => {
    const guest = createTestGuest();
    const futexes = createFutexes();
    const [a, b] = [futexKey(guest.task, guest.scratch), futexKey(guest.task, guest.scratch + 4)];
    const waiters = [1, 2, 3, 4].map((bits) => {
      const task: Context = { ...guest.task, ended: false, wait: undefined };
      const waiter = futexes.enqueue(task, a, bits, undefined);
      task.wait = waiter.wait;
      return { task, waiter };
    });
    const woken = (): readonly boolean[] => waiters.map(({ waiter }) => waiter.woken);
    expect(futexes.wake(a, 1, 2)).toBe(1);
    expect(woken()).toEqual([false, true, false, false]);
    expect(futexes.requeue(a, b, 2)).toBe(2);
    expect([futexes.wake(a, 9, 1), futexes.wake(b, 1, ANY)]).toEqual([0, 1]);
    expect(woken()).toEqual([true, true, false, false]);
    // A signal, or a timeout, has ended this one's wait.
    for (const { task } of waiters.slice(2, 3)) task.wait = undefined;
    expect([futexes.wake(b, 9, ANY), futexes.wake(a, 9, ANY)]).toEqual([0, 1]);
  });
});
