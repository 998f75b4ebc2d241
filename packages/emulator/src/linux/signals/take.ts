import { type Action, ActionFlag, DEFAULT, IGNORE } from "./actions.js";
import { infoSignal, type SignalInfo } from "./info.js";
import { defaultAction, Signal } from "./numbers.js";
import { union } from "./set.js";
import { refresh, type ThreadSignals } from "./state.js";

/** What a thread's next signal asks for: a handler to run, or the end of the process. */
export interface TakenSignal {
  readonly kind: "handler" | "fatal";
  readonly signal: number;
  readonly info: SignalInfo;
  /** As it was before SA_RESETHAND put it back. */
  readonly action: Action;
}

/**
 * Takes the signals that a thread is to get, up to the first that something is to be done about; those that stop the
 * process do so here (kernel/signal.c, `get_signal`).
 * @returns undefined if there is none, or the process is stopped.
 */
export function takeSignal(thread: ThreadSignals): TakenSignal | undefined {
  const { process } = thread;
  while (process.stopped === 0) {
    const blocked = thread.awaited ? union(thread.blocked, thread.awaited) : thread.blocked;
    const info =
      thread.pending.takeFault(blocked) ??
      thread.pending.takeNext(blocked) ??
      process.pending.takeNext(blocked);
    if (info === undefined) break;
    const signal = infoSignal(info);
    const action = process.actions.get(signal);
    if (action.handler === IGNORE) continue;
    if (action.handler !== DEFAULT) {
      if (action.flags & ActionFlag.RESETHAND) process.actions.reset(signal);
      refresh(thread);
      return { kind: "handler", signal, info, action };
    }
    const what = defaultAction(signal);
    if (what === "terminate" || what === "core") return { kind: "fatal", signal, info, action };
    if (what !== "stop" || (signal !== Signal.SIGSTOP && process.host.orphaned())) continue;
    process.stopped = signal;
    process.host.stopped(signal);
  }
  refresh(thread);
  return undefined;
}
