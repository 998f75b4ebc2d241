import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Errno } from "../../../../packages/emulator/src/linux/errno.js";
import { createEpoll, Epoll, type EpollFile } from "../../../../packages/emulator/src/linux/files/epoll.js";
import { createEventfd } from "../../../../packages/emulator/src/linux/files/eventfd.js";
import type { OpenFile } from "../../../../packages/emulator/src/linux/files/open-file.js";
import { Poll } from "../../../../packages/emulator/src/linux/files/readiness.js";
import { release, retain } from "../../../../packages/emulator/src/linux/files/references.js";
import { createOrigin } from "./origin.js";

const LARGEST = 0xffff_ffff_ffff_fffen;
const add = (file: OpenFile, amount: bigint | number): number =>
  file.write(new Uint8Array(BigUint64Array.of(BigInt(amount)).buffer));
const take = (file: OpenFile): number => file.read(new Uint8Array(8));
const eventfd = (count = 0): OpenFile => createEventfd(createOrigin(), count, false, 0);

/** What is reported: `[data, events]`. */
function events(epoll: EpollFile, most = 100): [number, number][] {
  const all: [number, number][] = [];
  epoll.take(most, ({ events: what, data }) => all.push([data[0], what]) > 0);
  return all;
}

const interest = (what: number, tag = 1): { events: number; data: readonly [number, number] } => ({
  events: what,
  data: [tag, 0],
});

/** What the manual says of an eventfd in an instance, told without lists of who is ready: by what happened since. */
class Model {
  count = 0n;
  wanted = 0;
  /** Whether something happened that was not reported: an edge. */
  edge = false;
  present = false;

  poll(): number {
    return (this.count > 0n ? Poll.IN : 0) | (this.count < LARGEST ? Poll.OUT : 0);
  }
  set(wanted: number): void {
    this.present = true;
    this.wanted = wanted;
    this.edge = (this.poll() & wanted) !== 0 || this.edge;
  }
  happened(event: number): void {
    if (this.present && this.wanted & event) this.edge = true;
  }
  report(): number[] {
    const now = this.present ? this.poll() & this.wanted & 0xffff : 0;
    const told = now !== 0 && (this.edge || !(this.wanted & Epoll.ET)) ? [now] : [];
    this.edge = false;
    if (told.length > 0 && this.wanted & Epoll.ONESHOT) this.wanted = 0;
    return told;
  }
}

const wanted = fc
  .tuple(fc.constantFrom(Poll.IN, Poll.OUT, Poll.IN | Poll.OUT), fc.constantFrom(0, Epoll.ET, Epoll.ONESHOT))
  .map(([what, how]) => what + how);
const command = fc.oneof(
  fc.record({ kind: fc.constant("write" as const), amount: fc.constantFrom(1n, 5n, LARGEST) }),
  fc.record({ kind: fc.constantFrom("read" as const, "wait" as const, "remove" as const) }),
  fc.record({ kind: fc.constantFrom("add" as const, "change" as const), wanted }),
);

test("level, edge and one shot report what the manual says, whatever happens in which order", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const file = eventfd();
      const epoll = createEpoll(createOrigin());
      const model = new Model();
      for (const one of commands) {
        switch (one.kind) {
          case "write": {
            const fits = model.count + one.amount <= LARGEST;
            expect(add(file, one.amount)).toBe(fits ? 8 : -Errno.EAGAIN);
            if (fits) model.count += one.amount;
            if (fits) model.happened(Poll.IN);
            break;
          }
          case "read":
            expect(take(file)).toBe(model.count > 0n ? 8 : -Errno.EAGAIN);
            if (model.count > 0n) {
              model.count = 0n;
              model.happened(Poll.OUT);
            }
            break;
          case "add":
            expect(epoll.addItem(3, file, interest(one.wanted))).toBe(model.present ? -Errno.EEXIST : 0);
            if (!model.present) model.set(one.wanted);
            break;
          case "change":
            expect(epoll.changeItem(3, file, interest(one.wanted))).toBe(model.present ? 0 : -Errno.ENOENT);
            if (model.present) model.set(one.wanted);
            break;
          case "remove":
            expect(epoll.removeItem(3, file)).toBe(model.present ? 0 : -Errno.ENOENT);
            model.present = false;
            model.edge = false;
            break;
          case "wait":
            expect(events(epoll).map(([, what]) => what)).toEqual(model.report());
        }
      }
    }),
    { numRuns: 500 },
  );
});

describe("several files", () => {
  test("take turns when there is room for one event", () => {
    const epoll = createEpoll(createOrigin());
    [1, 2, 3].forEach((tag) => void epoll.addItem(tag, eventfd(1), interest(Poll.IN, tag)));
    const seen = Array.from({ length: 6 }, () => events(epoll, 1)[0]?.[0]);
    expect(seen).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test("an event that finds no room stays", () => {
    const epoll = createEpoll(createOrigin());
    epoll.addItem(1, eventfd(1), interest(Poll.IN + Epoll.ET));
    expect(epoll.take(5, () => false)).toBe(0);
    expect(events(epoll)).toHaveLength(1);
    expect(events(epoll)).toHaveLength(0);
  });

  test("the same file may be watched by two numbers, and is forgotten when it is closed", () => {
    const epoll = createEpoll(createOrigin());
    const file = eventfd(1);
    retain(file);
    retain(file);
    epoll.addItem(4, file, interest(Poll.IN, 4));
    epoll.addItem(5, file, interest(Poll.IN, 5));
    release(file);
    expect(events(epoll).map(([tag]) => tag)).toEqual([4, 5]);
    release(file);
    expect(events(epoll)).toEqual([]);
    expect(epoll.removeItem(4, file)).toBe(-Errno.ENOENT);
  });
});

describe("instances that watch each other", () => {
  test("pass on what happens, by edge as well", () => {
    const [inner, outer] = [createEpoll(createOrigin()), createEpoll(createOrigin())];
    const file = eventfd();
    inner.addItem(3, file, interest(Poll.IN));
    outer.addItem(4, inner, interest(Poll.IN + Epoll.ET));
    expect(events(outer)).toEqual([]);
    add(file, 1);
    expect(events(outer)).toEqual([[1, Poll.IN]]);
    expect(events(outer)).toEqual([]);
    add(file, 1);
    expect(events(outer)).toEqual([[1, Poll.IN]]);
    expect(events(inner)).toEqual([[1, Poll.IN]]);
  });

  test("never in a circle, nor more than five deep", () => {
    const chain = Array.from({ length: 6 }, () => createEpoll(createOrigin()));
    const results = chain.slice(1).map((outer, index) => {
      const inner = chain[index];
      return inner ? outer.addItem(3, inner, interest(Poll.IN)) : 0;
    });
    expect(results).toEqual([0, 0, 0, 0, -Errno.ELOOP]);
    const [first, , , , fifth] = chain;
    if (first && fifth) expect(first.addItem(3, fifth, interest(Poll.IN))).toBe(-Errno.ELOOP);
  });

  test("in wide layers, as far as they may: what they cost stays small", () => {
    const origin = createOrigin();
    const file = eventfd();
    let layer: OpenFile[] = [file];
    const results = new Set<number>();
    const before = performance.now();
    for (let depth = 0; depth < 4; depth += 1) {
      const next = Array.from({ length: 40 }, () => createEpoll(origin));
      for (const outer of next)
        for (const [fd, inner] of layer.entries()) results.add(outer.addItem(fd, inner, interest(Poll.IN)));
      layer = next;
    }
    expect(results).toEqual(new Set([0, -Errno.EINVAL]));
    for (let round = 0; round < 1000; round += 1) add(file, 1);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test("EPOLLEXCLUSIVE is for files alone, and cannot be changed", () => {
    const [inner, outer] = [createEpoll(createOrigin()), createEpoll(createOrigin())];
    const file = eventfd(1);
    expect(outer.addItem(3, inner, interest(Poll.IN + Epoll.EXCLUSIVE))).toBe(-Errno.EINVAL);
    expect(outer.addItem(3, file, interest(Poll.IN + Epoll.EXCLUSIVE + Epoll.ONESHOT))).toBe(-Errno.EINVAL);
    expect(outer.addItem(3, file, interest(Poll.IN + Epoll.EXCLUSIVE))).toBe(0);
    expect(outer.changeItem(3, file, interest(Poll.IN))).toBe(-Errno.EINVAL);
    expect(events(outer)).toEqual([[1, Poll.IN]]);
  });
});
