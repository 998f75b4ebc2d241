import { beforeEach, describe, expect, it } from "vitest";
import { Epoll } from "../../../../packages/emulator/src/linux/files/epoll.js";
import { Poll } from "../../../../packages/emulator/src/linux/files/readiness.js";
import type { Stdio } from "../../../../packages/emulator/src/linux/stdio.js";
import { createTestGuest, type TestGuest } from "../test-guest.js";

const CTL_ADD = 1;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;
const SECOND = 1_000_000_000;

let guest: TestGuest;
/** Looks at the host that find nothing, before it has what is next. */
let late: number;
let looks: number;
let next: string[];

/** Input that comes after some looks; "" is its end. */
const input: Stdio = {
  read() {
    throw new Error("a read that waits");
  },
  tryRead(into) {
    looks++;
    if (late > 0 || next.length === 0) {
      late--;
      return undefined;
    }
    const [first = "", ...rest] = next;
    const bytes = Buffer.from(first);
    const count = bytes.copy(into);
    next = count < bytes.length ? [first.slice(count), ...rest] : rest;
    return count;
  },
  write: () => {},
};

beforeEach(() => {
  guest = createTestGuest({ stdout: input });
  late = 0;
  looks = 0;
  next = [];
});

/** poll(2) of descriptor 0; gives its result and what it says. */
function poll(wanted: number, nanoseconds?: number): [number, number] {
  const { memory, scratch } = guest;
  memory.view.setInt32(scratch, 0, true);
  memory.view.setInt16(scratch + 4, wanted, true);
  memory.view.setBigInt64(scratch + 16, BigInt(Math.floor((nanoseconds ?? 0) / SECOND)), true);
  memory.view.setBigInt64(scratch + 24, BigInt((nanoseconds ?? 0) % SECOND), true);
  const result = guest.call("ppoll", scratch, 1, nanoseconds === undefined ? 0 : scratch + 16, 0, 8);
  return [result, memory.view.getInt16(scratch + 6, true)];
}

function read(length: number): string | number {
  const { scratch } = guest;
  const count = guest.call("read", 0, scratch, length);
  return count < 0 ? count : guest.text(scratch, count);
}

describe("input that is not there yet", () => {
  it("is waited for by a read", () => {
    late = 3;
    next = ["line\n"];
    expect(read(100)).toBe("line\n");
    expect(looks).toBeGreaterThanOrEqual(4);
  });

  it("is EAGAIN with O_NONBLOCK", () => {
    guest.call("fcntl", 0, F_SETFL, O_NONBLOCK);
    expect(guest.errorOf("read", 0, guest.scratch, 10)).toBe("EAGAIN");
    next = ["x"];
    expect(read(10)).toBe("x");
  });

  it("is what poll(2) says it is, and takes its time by the guest's clock alone", () => {
    expect(poll(Poll.IN, 0)).toEqual([0, 0]);
    const before = guest.clock.nanoseconds();
    late = 1000;
    expect(poll(Poll.IN, 5 * SECOND)).toEqual([0, 0]);
    expect(guest.clock.nanoseconds() - before).toBe(5 * SECOND);
    late = 2;
    next = ["ab", ""];
    expect(poll(Poll.IN)).toEqual([1, Poll.IN]);
    expect(read(1)).toBe("a");
    expect(poll(Poll.IN | Poll.OUT)).toEqual([1, Poll.IN]);
    expect(read(10)).toBe("b");
    expect(poll(Poll.IN)).toEqual([1, Poll.HUP]);
    expect(read(10)).toBe("");
  });

  it("is there at once when it has come, even where a time is over", () => {
    next = ["x"];
    expect(poll(Poll.IN, 0)).toEqual([1, Poll.IN]);
  });

  it("is left alone by who does not ask for it", () => {
    next = ["x"];
    expect(poll(0, 0)).toEqual([0, 0]);
    expect(poll(Poll.OUT, 0)).toEqual([0, 0]);
    expect(looks).toBe(0);
  });

  it("is waited for by select(2)", () => {
    late = 3;
    next = ["x"];
    const { memory, scratch } = guest;
    memory.view.setBigUint64(scratch, 1n, true);
    expect(guest.call("pselect6", 1, scratch, 0, 0, 0, 0)).toBe(1);
    expect(memory.view.getBigUint64(scratch, true)).toBe(1n);
  });

  it("is no reason to wait for whom it cannot help", () => {
    // Descriptor 1 is never asked whether it can be read: nobody can help.
    const { memory, scratch } = guest;
    memory.view.setInt32(scratch, 0, true);
    memory.view.setInt16(scratch + 4, Poll.PRI, true);
    guest.call("ppoll", scratch, 1, 0, 0, 8);
    expect(guest.task.process.exitStatus).toEqual({ kind: "signal", signal: 9 });
  });
});

describe("input in epoll(7)", () => {
  function instance(events: number, inner?: number): number {
    const epoll = guest.call("epoll_create1", 0);
    const { memory, scratch } = guest;
    memory.view.setUint32(scratch, events, true);
    memory.view.setUint32(scratch + 8, 42, true);
    expect(guest.call("epoll_ctl", epoll, CTL_ADD, inner ?? 0, scratch)).toBe(0);
    return epoll;
  }
  function wait(epoll: number, milliseconds: number): [number, number] {
    const count = guest.call("epoll_pwait", epoll, guest.scratch + 64, 4, milliseconds, 0, 8);
    return [count, count > 0 ? guest.memory.view.getUint32(guest.scratch + 64, true) : 0];
  }

  it("is waited for, by level", () => {
    const epoll = instance(Poll.IN);
    expect(wait(epoll, 0)).toEqual([0, 0]);
    late = 5;
    next = ["ab"];
    expect(wait(epoll, -1)).toEqual([1, Poll.IN]);
    expect(wait(epoll, -1)).toEqual([1, Poll.IN]);
    expect(read(1)).toBe("a");
    expect(wait(epoll, 0)).toEqual([1, Poll.IN]);
    expect(read(1)).toBe("b");
    expect(wait(epoll, 0)).toEqual([0, 0]);
    next = [""];
    expect(wait(epoll, -1)).toEqual([1, Poll.HUP]);
  });

  it("is told once, by edge", () => {
    const epoll = instance(Poll.IN | Epoll.ET);
    next = ["a"];
    expect(wait(epoll, 0)).toEqual([1, Poll.IN]);
    expect(wait(epoll, 0)).toEqual([0, 0]);
    expect(read(10)).toBe("a");
    next = ["b"];
    expect(wait(epoll, 0)).toEqual([1, Poll.IN]);
  });

  it("is found through another instance, which poll(2) sees as well", () => {
    const inner = instance(Poll.IN);
    const outer = instance(Poll.IN, inner);
    late = 5;
    next = ["x"];
    expect(wait(outer, -1)).toEqual([1, Poll.IN]);
    read(10);
    late = 5;
    next = ["y"];
    const { memory, scratch } = guest;
    memory.view.setInt32(scratch, outer, true);
    memory.view.setInt16(scratch + 4, Poll.IN, true);
    expect(guest.call("ppoll", scratch, 1, 0, 0, 8)).toBe(1);
  });

  it("is no reason to wait for an instance that does not watch it", () => {
    instance(Poll.IN);
    const other = guest.call("epoll_create1", 0);
    wait(other, -1);
    expect(guest.task.process.exitStatus).toEqual({ kind: "signal", signal: 9 });
  });
});
