import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAlarms } from "../../../../packages/emulator/src/linux/alarms.js";
import { createVirtualClock } from "../../../../packages/emulator/src/linux/clock.js";
import { Errno } from "../../../../packages/emulator/src/linux/errno.js";
import { createEventfd } from "../../../../packages/emulator/src/linux/files/eventfd.js";
import type { OpenFile } from "../../../../packages/emulator/src/linux/files/open-file.js";
import { Poll } from "../../../../packages/emulator/src/linux/files/readiness.js";
import { createTimerfd } from "../../../../packages/emulator/src/linux/files/timerfd.js";
import { createOrigin } from "./origin.js";

const ALL_ONES = 0xffff_ffff_ffff_ffffn;
const bytesOf = (value: bigint): Uint8Array => new Uint8Array(BigUint64Array.of(value).buffer);

/** The number that a read gives, or the error number. */
function readNumber(file: OpenFile): bigint | number {
  const into = new Uint8Array(8);
  const count = file.read(into);
  return count < 0 ? count : new DataView(into.buffer).getBigUint64(0, true);
}

describe("eventfd", () => {
  test("adds up, and gives all or one", () => {
    const step = fc.oneof(
      fc.constant("read" as const),
      fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: ALL_ONES })),
    );
    fc.assert(
      fc.property(fc.boolean(), fc.nat(9), fc.array(step), (semaphore, initial, steps) => {
        const file = createEventfd(createOrigin(), initial, semaphore, 0);
        let count = BigInt(initial);
        for (const one of steps) {
          expect(file.poll()).toBe((count > 0n ? Poll.IN : 0) | (count < ALL_ONES - 1n ? Poll.OUT : 0));
          if (one === "read") {
            const given = semaphore && count > 0n ? 1n : count;
            expect(readNumber(file)).toBe(count === 0n ? -Errno.EAGAIN : given);
            count -= given;
          } else if (one === ALL_ONES) {
            expect(file.write(bytesOf(one))).toBe(-Errno.EINVAL);
          } else {
            const fits = count + one < ALL_ONES;
            expect(file.fits?.(bytesOf(one))).toBe(fits);
            expect(file.write(bytesOf(one))).toBe(fits ? 8 : -Errno.EAGAIN);
            if (fits) count += one;
          }
        }
      }),
    );
  });

  test("wants eight bytes", () => {
    const file = createEventfd(createOrigin(), 1, false, 0);
    expect([file.read(new Uint8Array(7)), file.write(new Uint8Array(7))]).toEqual([
      -Errno.EINVAL,
      -Errno.EINVAL,
    ]);
  });
});

describe("timerfd", () => {
  function createTimer() {
    const clock = createVirtualClock(() => 0);
    const alarms = createAlarms();
    const timer = createTimerfd(createOrigin(), { clock, alarms }, false, 0);
    const pass = (nanoseconds: number): void => {
      clock.advance(nanoseconds);
      alarms.ring(clock.nanoseconds());
    };
    return { timer, alarms, pass };
  }

  test("counts how often it has run out, once or in turn, whenever one looks", () => {
    const steps = fc.array(fc.tuple(fc.nat(50), fc.constantFrom("read", "poll", "look")), { maxLength: 30 });
    fc.assert(
      fc.property(fc.nat(30), fc.nat(20), steps, (delay, interval, plan) => {
        const { timer, pass } = createTimer();
        timer.setTimer(delay, interval);
        let now = 0;
        let read = 0;
        for (const [wait, what] of plan) {
          pass(wait);
          now += wait;
          const due = now < delay ? 0 : interval === 0 ? 1 : 1 + Math.floor((now - delay) / interval);
          if (what === "poll") expect(timer.poll()).toBe(due > read ? Poll.IN : 0);
          else if (what === "read") {
            expect(readNumber(timer)).toBe(due > read ? BigInt(due - read) : -Errno.EAGAIN);
            read = due;
          } else {
            const left = now < delay ? delay - now : interval === 0 ? 0 : delay + due * interval - now;
            expect(timer.timer()).toEqual({ value: left, interval });
          }
        }
      }),
    );
  });

  test("of the shortest interval rings once until it is read", () => {
    const { timer, alarms, pass } = createTimer();
    let woken = 0;
    timer.watchers?.add({ wake: () => (woken += 1), closed: () => {} });
    timer.setTimer(1, 1);
    pass(1e15);
    expect(woken).toBe(1);
    expect(alarms.next).toBe(Number.POSITIVE_INFINITY);
    expect(readNumber(timer)).toBe(10n ** 15n);
    expect(alarms.next).toBe(1e15 + 1);
  });

  test("stops when it is told to, and when it is closed", () => {
    const { timer, alarms } = createTimer();
    timer.setTimer(5, 5);
    timer.setTimer(undefined, 0);
    expect(alarms.next).toBe(Number.POSITIVE_INFINITY);
    timer.setTimer(5, 5);
    timer.close();
    expect(alarms.next).toBe(Number.POSITIVE_INFINITY);
  });
});
