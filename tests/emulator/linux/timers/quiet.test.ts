import { expect, test } from "vitest";
import { createTestGuest, type TestGuest } from "../test-guest.js";

/** A guest with an interval timer of a microsecond. */
function createTicking(): TestGuest {
  const guest = createTestGuest();
  for (const offset of [8, 24]) guest.memory.view.setBigUint64(guest.scratch + offset, 1n, true);
  expect(guest.call("setitimer", 0, guest.scratch, 0)).toBe(0);
  return guest;
}

const ALARM = 1n << 13n;

test("a periodic timer whose signal is blocked for ever does not keep the machine busy", () => {
  const guest = createTicking();
  const set = guest.scratch + 64;
  guest.memory.view.setBigUint64(set, ALARM, true);
  guest.call("rt_sigsuspend", set, 8);
  expect(guest.task.process.exitStatus).toEqual({ kind: "signal", signal: 9 });
  expect(guest.reports.join()).toContain("waits for something that can never happen");
});

test("nor does one whose signal is ignored; it goes on with a handler", () => {
  const guest = createTicking();
  const action = guest.scratch + 64;
  guest.memory.view.setBigUint64(action, 1n, true);
  guest.call("rt_sigaction", 14, action, 0, 8);
  const time = guest.scratch + 128;
  guest.memory.view.setBigUint64(time, 1n, true);
  expect(guest.call("nanosleep", time, 0)).toBe(0);
  expect(guest.kernel.alarms.next).toBe(Number.POSITIVE_INFINITY);
  guest.memory.view.setBigUint64(action, 0x1_1000n, true);
  guest.call("rt_sigaction", 14, action, 0, 8);
  expect(guest.kernel.alarms.next).toBeLessThan(Number.POSITIVE_INFINITY);
});
