import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Context } from "../../../../packages/emulator/src/linux/context.js";
import {
  createFutexes,
  type Futexes,
  type FutexKey,
} from "../../../../packages/emulator/src/linux/futexes.js";

const TASKS = 6;
const SHARED = {};
const KEYS: readonly FutexKey[] = [
  { object: SHARED, offset: 8 },
  { object: SHARED, offset: 16 },
  { object: {}, offset: 8 },
];

interface Waiting {
  readonly task: number;
  readonly bits: number;
}

/** Who waits for each futex, in order. */
interface Model {
  readonly queues: Waiting[][];
}

interface Real {
  readonly futexes: Futexes;
  readonly tasks: Context[];
}

type Step = fc.Command<Model, Real>;

const waits = (model: Model, task: number): boolean =>
  model.queues.some((queue) => queue.some((waiting) => waiting.task === task));

/** What all tasks are told: whether they may go on. */
function compare(model: Model, { futexes, tasks }: Real): void {
  tasks.forEach((task, index) => {
    const waiter = futexes.waiterOf(task);
    const waiting = waiter !== undefined && task.wait === waiter.wait && !waiter.woken;
    expect(waiting, `task ${index}`).toBe(waits(model, index));
  });
}

const wait = (task: number, key: number, bits: number): Step => ({
  check: (model) => !waits(model, task),
  run(model, real) {
    const context = real.tasks[task];
    const where = KEYS[key];
    if (!context || !where) return;
    context.wait = real.futexes.enqueue(context, where, bits, undefined).wait;
    expect(context.wait.ready()).toBe(false);
    model.queues[key]?.push({ task, bits });
    compare(model, real);
  },
  toString: () => `task ${task} waits for ${key} with bits ${bits}`,
});

const wake = (key: number, count: number, bits: number): Step => ({
  check: () => true,
  run(model, real) {
    const queue = model.queues[key] ?? [];
    const woken = queue.filter((waiting) => (waiting.bits & bits) !== 0).slice(0, count);
    model.queues[key] = queue.filter((waiting) => !woken.includes(waiting));
    expect(real.futexes.wake(KEYS[key] ?? { object: {}, offset: 0 }, count, bits)).toBe(woken.length);
    for (const { task } of woken) expect(real.tasks[task]?.wait?.ready()).toBe(true);
    compare(model, real);
  },
  toString: () => `wake ${count} of ${key} with bits ${bits}`,
});

const requeue = (from: number, to: number, count: number): Step => ({
  check: () => from !== to,
  run(model, real) {
    const queue = model.queues[from] ?? [];
    const moved = queue.splice(0, count);
    model.queues[to]?.push(...moved);
    const [source, target] = [KEYS[from], KEYS[to]];
    if (source && target) expect(real.futexes.requeue(source, target, count)).toBe(moved.length);
    compare(model, real);
  },
  toString: () => `requeue ${count} from ${from} to ${to}`,
});

/** A signal or a timeout ends a wait, or the thread ends. */
const leave = (task: number, ends: boolean): Step => ({
  check: (model) => waits(model, task),
  run(model, real) {
    const context = real.tasks[task];
    if (!context) return;
    context.wait = undefined;
    if (ends) {
      context.ended = true;
      real.tasks[task] = createTask();
    }
    for (const [key, queue] of model.queues.entries())
      model.queues[key] = queue.filter((waiting) => waiting.task !== task);
    compare(model, real);
  },
  toString: () => `task ${task} ${ends ? "ends" : "waits no more"}`,
});

const createTask = (): Context => ({ ended: false, wait: undefined }) as Context;

const task = fc.nat(TASKS - 1);
const key = fc.nat(KEYS.length - 1);
const bits = fc.constantFrom(1, 2, 3, -1);
const count = fc.constantFrom(0, 1, 2, 2 ** 31 - 1);

describe("futexes", () => {
  test("wake, move and forget those who wait as queues do", () => {
    fc.assert(
      fc.property(
        fc.commands(
          [
            fc.tuple(task, key, bits).map((args) => wait(...args)),
            fc.tuple(key, count, bits).map((args) => wake(...args)),
            fc.tuple(key, key, count).map((args) => requeue(...args)),
            fc.tuple(task, fc.boolean()).map((args) => leave(...args)),
          ],
          { maxCommands: 60, size: "max" },
        ),
        (steps) => {
          fc.modelRun(
            () => ({
              model: { queues: KEYS.map(() => []) },
              real: { futexes: createFutexes(), tasks: Array.from({ length: TASKS }, createTask) },
            }),
            steps,
          );
        },
      ),
    );
  });
});
