import type { Alarms } from "./alarms.js";
import type { Clock } from "./clock.js";
import { hostSleep } from "./host-sleep.js";
import type { Wait } from "./wait.js";

/** What takes turns. */
export interface Schedulable {
  /** What it waits for in a system call. */
  readonly wait: Wait | undefined;
  /** Whether it is kept from running, whatever it waits for (SIGSTOP). */
  readonly stopped: boolean;
  /** Whether a signal is to end its wait. */
  readonly interrupted: boolean;
}

/** Whose turn it is. The same calls give the same turns in every run. */
export interface Scheduler<Task extends Schedulable> {
  /** All that take turns, oldest first. */
  readonly tasks: readonly Task[];
  /** Lets a task take turns from now on, after those that are there. */
  add(task: Task): void;
  remove(task: Task): void;
  /**
   * The next in turn of those that can go on. When all of them wait, the clock is moved to when the first can; if none ever
   * will by the clock, the world outside is given some time. Undefined if nothing can ever happen again. "idle": all still
   * wait, for what takes the host's time; ask again when the host has seen to what else it has to do.
   */
  next(): Task | "idle" | undefined;
  /** When somebody may have to go on, or an alarm rings; infinity if nobody waits for the clock. */
  deadline(): number;
}

/** First and longest sleep, in milliseconds, in which the world outside is waited for: nobody hears of signals meanwhile. */
const FIRST_NAP = 0.1;
const LONGEST_NAP = 10;

/** Makes a scheduler without tasks; `sleep` does nothing for so many milliseconds of the host's time. */
export function createScheduler<Task extends Schedulable>(
  clock: Clock,
  alarms: Alarms,
  sleep: (milliseconds: number) => void = hostSleep,
): Scheduler<Task> {
  const tasks: Task[] = [];
  /** Twice as long each time that nothing has come: an answer that comes soon is heard soon. */
  let nap = FIRST_NAP;
  /** The place after whose turn it was last. */
  let place = 0;

  function canRun({ wait, stopped, interrupted }: Task): boolean {
    if (stopped) return false;
    if (wait === undefined || interrupted || wait.ready()) return true;
    return wait.deadline !== undefined && wait.deadline <= clock.nanoseconds();
  }

  function turn(): Task | undefined {
    for (let i = 0; i < tasks.length; i++) {
      const at = (place + i) % tasks.length;
      const task = tasks[at];
      if (task === undefined || !canRun(task)) continue;
      place = at + 1;
      return task;
    }
    return undefined;
  }

  function deadline(): number {
    let first = alarms.next;
    for (const { wait, stopped } of tasks) {
      if (!stopped && wait?.deadline !== undefined) first = Math.min(first, wait.deadline);
    }
    return first;
  }

  return {
    tasks,
    add(task) {
      tasks.push(task);
    },
    remove(task) {
      const at = tasks.indexOf(task);
      if (at < 0) return;
      tasks.splice(at, 1);
      if (at < place) place--;
    },
    next() {
      for (;;) {
        alarms.ring(clock.nanoseconds());
        const task = turn();
        if (task !== undefined) {
          nap = FIRST_NAP;
          return task;
        }
        const until = deadline();
        if (until < Number.POSITIVE_INFINITY) {
          if (!clock.advance(Math.max(0, until - clock.nanoseconds()))) return "idle";
          continue;
        }
        if (!tasks.some(({ wait, stopped }) => !stopped && wait?.host)) return undefined;
        sleep(nap);
        nap = Math.min(2 * nap, LONGEST_NAP);
        return "idle";
      }
    },
    deadline,
  };
}
