import { ActionFlag, IGNORE } from "./actions.js";
import { type ChildNews, childInfo } from "./info.js";
import { Signal } from "./numbers.js";
import { sendToProcess } from "./send.js";
import type { ProcessSignals } from "./state.js";

/**
 * Tells a parent that its child has ended.
 * @param signal what it asked for when it made the child (clone(2)); 0 for nothing.
 * @returns whether nobody wants to wait for the child: the parent ignores SIGCHLD, or has set SA_NOCLDWAIT (wait(2), "Notes").
 */
export function tellOfEnd(parent: ProcessSignals, signal: number, news: ChildNews): boolean {
  if (signal === 0) return false;
  const { handler, flags } = parent.actions.get(Signal.SIGCHLD);
  const unwanted = signal === Signal.SIGCHLD && (handler === IGNORE || (flags & ActionFlag.NOCLDWAIT) !== 0);
  if (!unwanted || handler !== IGNORE) sendToProcess(parent, { info: childInfo(signal, news) });
  return unwanted;
}

/** Tells a parent that its child was stopped or continued, unless it has set SA_NOCLDSTOP. */
export function tellOfStop(parent: ProcessSignals, news: ChildNews): void {
  if (parent.actions.get(Signal.SIGCHLD).flags & ActionFlag.NOCLDSTOP) return;
  sendToProcess(parent, { info: childInfo(Signal.SIGCHLD, news) });
}
