import { Errno } from "../errno.js";
import { DEFAULT, IGNORE, isIgnored } from "./actions.js";
import { infoSignal, type SignalInfo } from "./info.js";
import { Signal } from "./numbers.js";
import type { PendingSignal } from "./pending.js";
import { hasSignal, setSignal, signalSet } from "./set.js";
import { type ProcessSignals, setBlocked, type ThreadSignals } from "./state.js";

const CONTINUE = signalSet(Signal.SIGCONT);
const STOPS = signalSet(Signal.SIGSTOP, Signal.SIGTSTP, Signal.SIGTTIN, Signal.SIGTTOU);

/** What happens to a process at once, whoever takes the signal: stop and continue undo each other, and SIGKILL ends a stop. */
function prepare(process: ProcessSignals, signal: number): void {
  const opposite = hasSignal(STOPS, signal) ? CONTINUE : signal === Signal.SIGCONT ? STOPS : undefined;
  if (opposite) {
    process.pending.discard(opposite);
    for (const thread of process.threads) thread.pending.discard(opposite);
  }
  if (signal !== Signal.SIGCONT && signal !== Signal.SIGKILL) return;
  const stopped = process.stopped !== 0;
  process.stopped = 0;
  if (stopped && signal === Signal.SIGCONT) process.host.continued();
}

/** Whether a signal vanishes: a blocked one may yet get a handler, and what is waited for is not ignored. */
function vanishes(thread: ThreadSignals, signal: number): boolean {
  if (hasSignal(thread.blocked, signal) || (thread.awaited && hasSignal(thread.awaited, signal)))
    return false;
  return isIgnored(signal, thread.process.actions.get(signal));
}

function wants(thread: ThreadSignals, signal: number): boolean {
  return (
    !hasSignal(thread.blocked, signal) || (thread.awaited !== undefined && hasSignal(thread.awaited, signal))
  );
}

/**
 * Sends a signal to a process: its first thread takes it if that does not block it and has nothing else to take, else
 * another such one, else whoever unblocks it.
 * @returns 0, or -EAGAIN beyond the limit of queued signals.
 */
export function sendToProcess(process: ProcessSignals, signal: PendingSignal): number {
  const number = infoSignal(signal.info);
  prepare(process, number);
  if (process.leader && vanishes(process.leader, number)) return drop(signal);
  if (!process.pending.add(signal)) return -Errno.EAGAIN;
  const takers = [...process.threads].filter((thread) => wants(thread, number));
  const taker = takers.find((thread) => !thread.interrupted) ?? takers[0];
  if (taker) taker.interrupted = true;
  return announce(process);
}

/** Sends a signal to one thread. @returns as {@link sendToProcess}. */
export function sendToThread(thread: ThreadSignals, signal: PendingSignal): number {
  const number = infoSignal(signal.info);
  prepare(thread.process, number);
  if (vanishes(thread, number)) return drop(signal);
  if (!thread.pending.add(signal)) return -Errno.EAGAIN;
  if (wants(thread, number)) thread.interrupted = true;
  return announce(thread.process);
}

function drop({ dropped }: PendingSignal): number {
  dropped?.();
  return 0;
}

/** Tells those who watch for a process's signals, other than to take them (signalfd(2)). */
function announce(process: ProcessSignals): number {
  for (const arrived of process.watchers) arrived();
  return 0;
}

/**
 * Sends a thread a signal about its own instruction, which can be neither blocked nor ignored: if it is, the process gets
 * the default action (kernel/signal.c, `force_sig_info`).
 */
export function forceSignal(thread: ThreadSignals, info: SignalInfo): void {
  const signal = infoSignal(info);
  const { actions } = thread.process;
  const blocked = hasSignal(thread.blocked, signal);
  if (blocked || actions.get(signal).handler === IGNORE) actions.reset(signal);
  if (blocked) {
    const open = thread.blocked.slice();
    setSignal(open, signal, false);
    setBlocked(thread, open);
  }
  thread.pending.add({ info });
  thread.interrupted = true;
}

/** As {@link forceSignal} for a signal that no handler is to see: the process ends by it. */
export function forceFatal(thread: ThreadSignals, info: SignalInfo): void {
  const { actions } = thread.process;
  actions.set(infoSignal(info), { ...actions.get(infoSignal(info)), handler: DEFAULT });
  forceSignal(thread, info);
}
