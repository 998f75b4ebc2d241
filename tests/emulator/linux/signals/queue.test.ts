import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  infoCode,
  infoSignal,
  SignalCode,
  sentInfo,
  timerInfo,
} from "../../../../packages/emulator/src/linux/signals/info.js";
import { createPendingQueue, nextOf } from "../../../../packages/emulator/src/linux/signals/pending.js";
import {
  complement,
  hasSignal,
  lowest,
  reaches,
  signalSet,
  union,
  without,
} from "../../../../packages/emulator/src/linux/signals/set.js";

const signal = fc.integer({ min: 1, max: 64 });
const signals = fc.uniqueArray(signal);
const members = (set: Uint32Array): number[] =>
  Array.from({ length: 64 }, (_, index) => index + 1).filter((one) => hasSignal(set, one));
const sorted = (list: Iterable<number>): number[] => [...list].sort((a, b) => a - b);

describe("sets of signals", () => {
  test("do as sets of numbers do", () => {
    fc.assert(
      fc.property(signals, signals, (a, b) => {
        const [one, other] = [signalSet(...a), signalSet(...b)];
        expect(members(one)).toEqual(sorted(a));
        expect(members(union(one, other))).toEqual(sorted(new Set([...a, ...b])));
        expect(members(without(one, other))).toEqual(sorted(a.filter((x) => !b.includes(x))));
        expect(members(complement(one))).toHaveLength(64 - a.length);
        expect(reaches(one, other)).toBe(a.some((x) => !b.includes(x)));
        expect(lowest(one)).toBe(a.length === 0 ? 0 : Math.min(...a));
      }),
    );
  });
});

/** SEGV, BUS, ILL, TRAP, FPE, SYS. */
const SYNCHRONOUS = [4, 5, 7, 8, 11, 31];

describe("which signal is next", () => {
  test("a synchronous one, else the lowest, of those that are open", () => {
    fc.assert(
      fc.property(signals, signals, (waiting, blocked) => {
        const open = sorted(waiting.filter((x) => !blocked.includes(x)));
        const wanted = open.find((x) => SYNCHRONOUS.includes(x)) ?? open[0] ?? 0;
        expect(nextOf(signalSet(...waiting), signalSet(...blocked))).toBe(wanted);
      }),
    );
  });

  test("named: SIGSEGV before SIGHUP, SIGHUP before SIGRTMIN", () => {
    expect(nextOf(signalSet(1, 11, 34), signalSet())).toBe(11);
    expect(nextOf(signalSet(1, 11, 34), signalSet(11))).toBe(1);
    expect(nextOf(signalSet(34, 64), signalSet(1))).toBe(34);
  });
});

type Command =
  | { readonly kind: "add"; readonly signal: number; readonly code: number }
  | { readonly kind: "take"; readonly blocked: readonly number[] }
  | { readonly kind: "discard"; readonly signals: readonly number[] };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      signal,
      code: fc.constantFrom(0, -1, -2, 128),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("take" as const), blocked: signals }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("discard" as const), signals }) },
);

/** What a queue does, said in the simplest way: a list, of which entries without a mark have lost their info. */
class Model {
  entries: { signal: number; code: number; mark: number | undefined }[] = [];
  constructor(readonly limit: number) {}
  private counted(): number {
    return this.entries.filter((entry) => entry.mark !== undefined && entry.code !== SignalCode.TIMER).length;
  }
  add(signal: number, code: number, mark: number): boolean {
    const standard = signal < 32;
    const timer = code === SignalCode.TIMER;
    if (standard && !timer && this.entries.some((entry) => entry.signal === signal)) return true;
    const full = this.counted() >= this.limit && !timer && !(standard && code >= 0);
    if (full && !standard && code !== SignalCode.USER) return false;
    if (!full) this.entries.push({ signal, code, mark });
    else if (!this.entries.some((entry) => entry.signal === signal))
      this.entries.push({ signal, code, mark: undefined });
    return true;
  }
  take(blocked: readonly number[]): number | "nothing" | undefined {
    const next = nextOf(signalSet(...this.entries.map((entry) => entry.signal)), signalSet(...blocked));
    const marked = this.entries.find((entry) => entry.signal === next && entry.mark !== undefined);
    const found = marked ?? this.entries.find((entry) => entry.signal === next);
    if (!found) return "nothing";
    this.entries = this.entries.filter((entry) => entry !== found);
    // A bit without info is gone with the last one that has some.
    if (!this.entries.some((entry) => entry.signal === next && entry.mark !== undefined)) {
      this.entries = this.entries.filter((entry) => entry.signal !== next);
    }
    return found.mark;
  }
  discard(gone: readonly number[]): void {
    this.entries = this.entries.filter((entry) => !gone.includes(entry.signal));
  }
}

describe("a queue of pending signals", () => {
  test("does as its model does", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), fc.integer({ min: 0, max: 8 }), (commands, limit) => {
        const quota = { used: 0, limit };
        const queue = createPendingQueue(quota);
        const model = new Model(limit);
        const marks = new Map<Uint8Array, number>();
        commands.forEach((step, index) => {
          if (step.kind === "add") {
            const info =
              step.code === SignalCode.TIMER
                ? timerInfo(step.signal, 0, 0n)
                : sentInfo(step.signal, step.code, 1, 1);
            marks.set(info, index);
            expect(queue.add({ info })).toBe(model.add(step.signal, step.code, index));
          } else if (step.kind === "take") {
            const info = queue.takeNext(signalSet(...step.blocked));
            expect(info === undefined ? "nothing" : marks.get(info)).toBe(model.take(step.blocked));
          } else {
            queue.discard(signalSet(...step.signals));
            model.discard(step.signals);
          }
          expect(members(queue.set)).toEqual(sorted(new Set(model.entries.map((entry) => entry.signal))));
        });
        queue.discard(complement(signalSet()));
        expect(quota.used).toBe(0);
      }),
    );
  });

  test("real-time signals in order, a standard one once", () => {
    const queue = createPendingQueue({ used: 0, limit: 10 });
    const send = (number: number, pid: number): boolean => queue.add({ info: sentInfo(number, -1, pid, 0) });
    for (const pid of [1, 2, 3]) expect([send(40, pid), send(10, pid)]).toEqual([true, true]);
    const pids: number[] = [];
    for (let info = queue.takeNext(signalSet()); info; info = queue.takeNext(signalSet())) {
      pids.push(infoSignal(info), new DataView(info.buffer).getInt32(16, true));
    }
    expect(pids).toEqual([10, 1, 40, 1, 40, 2, 40, 3]);
  });

  test("a full queue refuses what carries a value, and forgets who sent the rest", () => {
    const queue = createPendingQueue({ used: 5, limit: 5 });
    expect(queue.add({ info: sentInfo(40, SignalCode.QUEUE, 7, 7) })).toBe(false);
    expect(queue.add({ info: sentInfo(41, SignalCode.USER, 7, 7) })).toBe(true);
    const info = queue.take(41);
    expect(info && [infoCode(info), new DataView(info.buffer).getInt32(16, true)]).toEqual([0, 0]);
  });

  test("the oldest fault goes before all others", () => {
    const queue = createPendingQueue({ used: 0, limit: 9 });
    queue.add({ info: sentInfo(4, SignalCode.USER, 1, 1) });
    queue.add({ info: sentInfo(11, 1, 0, 0) });
    expect(queue.takeFault(signalSet(11))).toBeUndefined();
    expect(infoSignal(queue.takeFault(signalSet()) ?? new Uint8Array(128))).toBe(11);
    expect(queue.takeFault(signalSet())).toBeUndefined();
  });
});
