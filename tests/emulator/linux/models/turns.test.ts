import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAlarms } from "../../../../packages/emulator/src/linux/alarms.js";
import { createVirtualClock } from "../../../../packages/emulator/src/linux/clock.js";
import { createScheduler, type Schedulable } from "../../../../packages/emulator/src/linux/scheduler.js";

describe("alarms", () => {
  test("ring once, when they are due, by time and then by age; and may set others", () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant("set" as const), after: fc.nat(50), again: fc.option(fc.nat(20)) }),
      fc.record({ what: fc.constant("call off" as const), which: fc.nat(30) }),
      fc.record({ what: fc.constant("ring" as const), later: fc.nat(40) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const alarms = createAlarms();
        const rung: string[] = [];
        const expected: string[] = [];
        let set: { name: string; at: number; again: number | null }[] = [];
        const callOff = new Map<string, () => void>();
        let now = 0;
        let named = 0;
        const arm = (name: string, at: number, again: number | null): void => {
          callOff.set(
            name,
            alarms.set(at, () => {
              rung.push(name);
              if (again !== null) arm(`${name}+`, now + again, null);
            }),
          );
        };
        for (const action of steps) {
          if (action.what === "set") {
            const name = `${named++}`;
            arm(name, now + action.after, action.again);
            set.push({ name, at: now + action.after, again: action.again });
          } else if (action.what === "call off") {
            const gone = set[action.which % Math.max(1, set.length)];
            if (!gone) continue;
            callOff.get(gone.name)?.();
            callOff.get(gone.name)?.();
            set = set.filter((alarm) => alarm !== gone);
          } else {
            now += action.later;
            alarms.ring(now);
            for (;;) {
              const due = set.filter(({ at }) => at <= now);
              const first = Math.min(...due.map(({ at }) => at));
              const next = due.find(({ at }) => at === first);
              if (!next) break;
              expected.push(next.name);
              set = set.filter((alarm) => alarm !== next);
              if (next.again !== null) set.push({ name: `${next.name}+`, at: now + next.again, again: null });
            }
          }
          expect(rung).toEqual(expected);
          expect(alarms.next).toBe(Math.min(Number.POSITIVE_INFINITY, ...set.map(({ at }) => at)));
        }
      }),
    );
  });
});

/** A task as the model has it. */
interface Task extends Schedulable {
  readonly name: number;
  wait: Schedulable["wait"];
  stopped: boolean;
  interrupted: boolean;
  ready: boolean;
}

describe("turns", () => {
  test("go round, past those who cannot go on; time passes when nobody can", () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant("add" as const) }),
      fc.record({ what: fc.constant("remove" as const), which: fc.nat(9) }),
      fc.record({
        what: fc.constant("wait" as const),
        which: fc.nat(9),
        ready: fc.boolean(),
        after: fc.option(fc.nat(100), { nil: undefined }),
      }),
      fc.record({ what: fc.constant("go on" as const), which: fc.nat(9) }),
      fc.record({ what: fc.constant("stop" as const), which: fc.nat(9), stopped: fc.boolean() }),
      fc.record({ what: fc.constant("interrupt" as const), which: fc.nat(9), interrupted: fc.boolean() }),
      fc.record({ what: fc.constant("next" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const clock = createVirtualClock(() => 0);
        const scheduler = createScheduler<Task>(clock, createAlarms(), () => {
          throw new Error("nobody waits for the host");
        });
        /** Oldest first. */
        let tasks: Task[] = [];
        let named = 0;
        /** Whose turn it was last; it may be gone. */
        let last = -1;
        for (const action of steps) {
          if (action.what === "add") {
            const task = { name: named++, wait: undefined, stopped: false, interrupted: false, ready: false };
            scheduler.add(task);
            tasks.push(task);
            continue;
          }
          if (action.what === "next") {
            const now = clock.nanoseconds();
            const younger = ({ name }: Task): boolean => name > last;
            const round = [...tasks.filter(younger), ...tasks.filter((task) => !younger(task))];
            const canGoOn = (time: number) => (task: Task) =>
              !task.stopped &&
              (!task.wait ||
                task.interrupted ||
                task.ready ||
                (task.wait.deadline !== undefined && task.wait.deadline <= time));
            const deadlines = round.flatMap((task) =>
              !task.stopped && task.wait?.deadline !== undefined ? [task.wait.deadline] : [],
            );
            const time = round.some(canGoOn(now)) ? now : Math.max(now, Math.min(...deadlines));
            const expected = Number.isFinite(time) ? round.find(canGoOn(time)) : undefined;
            expect(scheduler.next()).toBe(expected);
            if (expected === undefined) continue;
            expect(clock.nanoseconds()).toBe(time);
            last = expected.name;
            continue;
          }
          const task = tasks[action.which % Math.max(1, tasks.length)];
          if (!task) continue;
          if (action.what === "remove") {
            scheduler.remove(task);
            tasks = tasks.filter((other) => other !== task);
          } else if (action.what === "wait") {
            const { after } = action;
            task.ready = action.ready;
            const deadline = after === undefined ? undefined : clock.nanoseconds() + after;
            task.wait = { ready: () => task.ready, deadline };
          } else if (action.what === "go on") task.wait = undefined;
          else if (action.what === "stop") task.stopped = action.stopped;
          else task.interrupted = action.interrupted;
          expect(scheduler.tasks).toEqual(tasks);
        }
      }),
    );
  });
});
