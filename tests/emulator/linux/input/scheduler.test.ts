import { expect, test } from "vitest";
import { createAlarms } from "../../../../packages/emulator/src/linux/alarms.js";
import { createVirtualClock } from "../../../../packages/emulator/src/linux/clock.js";
import { createScheduler, type Schedulable } from "../../../../packages/emulator/src/linux/scheduler.js";
import type { Wait } from "../../../../packages/emulator/src/linux/wait.js";

function rig() {
  const clock = createVirtualClock(() => 0);
  const alarms = createAlarms();
  const naps: number[] = [];
  const scheduler = createScheduler<Schedulable>(clock, alarms, (milliseconds) => naps.push(milliseconds));
  const add = (wait: Wait | undefined): Schedulable => {
    const task = { wait, stopped: false, interrupted: false };
    scheduler.add(task);
    return task;
  };
  return { clock, alarms, naps, scheduler, add };
}

test("the world outside is waited for when nobody can run and no time is waited for", () => {
  const { naps, scheduler, add } = rig();
  let come = false;
  const reader = add({ ready: () => come, host: true });
  expect(scheduler.next()).toBe("idle");
  expect(scheduler.next()).toBe("idle");
  expect(naps).toHaveLength(2);
  come = true;
  expect(scheduler.next()).toBe(reader);
  expect(naps).toHaveLength(2);
});

test("sleeps grow to 10 ms, and are short again after somebody ran", () => {
  const { naps, scheduler, add } = rig();
  let come = false;
  add({ ready: () => come, host: true });
  for (let i = 0; i < 20; i++) scheduler.next();
  expect(naps.slice(0, 4)).toEqual([0.1, 0.2, 0.4, 0.8]);
  expect(Math.max(...naps)).toBe(10);
  expect(naps.at(-1)).toBe(10);
  come = true;
  scheduler.next();
  come = false;
  scheduler.next();
  expect(naps.at(-1)).toBe(0.1);
});

test("somebody else who can run goes first; nobody sleeps then", () => {
  const { naps, scheduler, add } = rig();
  add({ ready: () => false, host: true });
  const busy = add(undefined);
  expect([scheduler.next(), scheduler.next()]).toEqual([busy, busy]);
  expect(naps).toEqual([]);
});

test("the clock moves to a deadline or an alarm rather than to wait outside, after a look", () => {
  const { alarms, clock, naps, scheduler, add } = rig();
  let looks = 0;
  const reader = add({
    ready() {
      looks++;
      return false;
    },
    host: true,
    deadline: 2000,
  });
  let rung = false;
  alarms.set(500, () => {
    rung = true;
  });
  expect(scheduler.next()).toBe(reader);
  expect({ rung, now: clock.nanoseconds(), naps }).toEqual({ rung: true, now: 2000, naps: [] });
  expect(looks).toBeGreaterThanOrEqual(2);
});

test("without anybody who waits for the world outside, nothing can ever happen", () => {
  const { naps, scheduler, add } = rig();
  add({ ready: () => false });
  add({ ready: () => false, host: false });
  expect(scheduler.next()).toBeUndefined();
  expect(naps).toEqual([]);
});

test("a stopped task that waits for the world outside keeps nobody waiting", () => {
  const { scheduler } = rig();
  scheduler.add({ wait: { ready: () => false, host: true }, stopped: true, interrupted: false });
  expect(scheduler.next()).toBeUndefined();
});
