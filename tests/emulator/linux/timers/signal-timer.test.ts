import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAlarms } from "../../../../packages/emulator/src/linux/alarms.js";
import type { PendingSignal } from "../../../../packages/emulator/src/linux/signals/pending.js";
import {
  createSignalTimer,
  type SignalTimer,
} from "../../../../packages/emulator/src/linux/timers/signal-timer.js";

type Hooks = Pick<PendingSignal, "taken" | "dropped">;

function createRig(sends = true) {
  const alarms = createAlarms();
  let now = 0;
  const sent: Hooks[] = [];
  const parked: (() => void)[] = [];
  const overruns: number[] = [];
  const timer: SignalTimer = createSignalTimer(
    { now: () => now, alarms },
    {
      send: sends ? (hooks) => void sent.push(hooks) : undefined,
      overran: (_, overrun) => void overruns.push(overrun),
      park: (rearm) => void parked.push(rearm),
    },
  );
  return {
    timer,
    alarms,
    sent,
    parked,
    overruns,
    to(time: number) {
      now = time;
      alarms.ring(now);
    },
    take: () => sent.shift()?.taken?.(new Uint8Array(128)),
  };
}

describe("a timer that sends a signal", () => {
  test("once", () => {
    const { timer, to, sent, alarms } = createRig();
    expect(timer.left()).toEqual({ value: 0, interval: 0 });
    timer.set(100, 0);
    to(99);
    expect([sent.length, timer.left().value]).toEqual([0, 1]);
    to(100);
    expect([sent.length, timer.left().value, alarms.next]).toEqual([1, 0, Number.POSITIVE_INFINITY]);
  });

  test("stands still until its signal is taken, then says what it has missed", () => {
    const { timer, to, take, sent, overruns, alarms } = createRig();
    timer.set(10, 10);
    to(47);
    expect([sent.length, alarms.next, timer.left().value]).toEqual([1, Number.POSITIVE_INFINITY, 3]);
    take();
    expect([overruns, timer.overrun, alarms.next]).toEqual([[3], 3, 50]);
    to(50);
    take();
    expect([overruns, alarms.next]).toEqual([[3, 0], 60]);
  });

  test("goes on after its ignored signal's action has changed", () => {
    const { timer, to, sent, parked, alarms } = createRig();
    timer.set(10, 10);
    to(10);
    sent.shift()?.dropped?.();
    expect([alarms.next, parked.length]).toEqual([Number.POSITIVE_INFINITY, 1]);
    parked[0]?.();
    expect(alarms.next).toBe(20);
  });

  test("a signal of an earlier setting does not set it going", () => {
    const { timer, to, take, alarms } = createRig();
    timer.set(10, 10);
    to(10);
    timer.set(undefined, 0);
    take();
    expect([alarms.next, timer.left()]).toEqual([Number.POSITIVE_INFINITY, { value: 0, interval: 0 }]);
  });

  test("one that sends nothing only tells the time", () => {
    const { timer, to, alarms } = createRig(false);
    timer.set(10, 7);
    expect(alarms.next).toBe(Number.POSITIVE_INFINITY);
    to(12);
    expect(timer.left()).toEqual({ value: 5, interval: 7 });
    timer.set(20, 0);
    to(21);
    expect(timer.left().value).toBe(0);
  });

  test("signals and overruns together are as many as the times it ran out", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.boolean()), { maxLength: 40 }),
        (interval, steps) => {
          const { timer, to, take, sent, overruns } = createRig();
          timer.set(interval, interval);
          let now = 0;
          let taken = 0;
          for (const [step, takes] of steps) {
            now += step;
            to(now);
            expect(sent.length).toBeLessThanOrEqual(1);
            if (!takes || sent.length === 0) continue;
            take();
            taken += 1;
            expect(taken + overruns.reduce((sum, one) => sum + one, 0)).toBe(Math.floor(now / interval));
          }
        },
      ),
    );
  });
});
