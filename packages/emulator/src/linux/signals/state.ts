import { type Actions, createActions } from "./actions.js";
import { type AlternateStack, NO_STACK } from "./alternate-stack.js";
import { createPendingQueue, type PendingQueue, type SignalQuota } from "./pending.js";
import { reaches, type SignalSet, signalSet } from "./set.js";

/** What a process's signals ask of the rest of the kernel. */
export interface SignalHost {
  /** The process was stopped by a signal: its parent may want to know. */
  stopped(signal: number): void;
  /** SIGCONT has let it go on. */
  continued(): void;
  /** Whether nobody could continue it: then the terminal's stop signals do nothing (setpgid(2), "orphaned process group"). */
  orphaned(): boolean;
}

/** The signals of a process: what its threads share. */
export interface ProcessSignals {
  /** Shared further with processes made with CLONE_SIGHAND. */
  readonly actions: Actions;
  /** Signals for any of its threads. */
  readonly pending: PendingQueue;
  readonly quota: SignalQuota;
  /** Threads that are alive, oldest first. */
  readonly threads: Set<ThreadSignals>;
  /** The thread whose mask decides what is ignored: the first one, even after its end. */
  leader: ThreadSignals | undefined;
  /** The signal that has stopped it; 0 while it runs. */
  stopped: number;
  readonly host: SignalHost;
  /** Called when a signal has come. */
  readonly watchers: Set<() => void>;
  /** Timers that stand still because their signal is ignored: called once an action changes. */
  readonly parked: Set<() => void>;
}

/** The signals of a thread. */
export interface ThreadSignals {
  readonly process: ProcessSignals;
  /** Signals for this thread alone. */
  readonly pending: PendingQueue;
  /** Its mask. Change it with {@link setBlocked}. */
  blocked: SignalSet;
  /** The mask to return to, while a call such as ppoll(2) has set another one. */
  saved: SignalSet | undefined;
  /** What rt_sigtimedwait(2) waits for: taken by it, not by a handler. */
  awaited: SignalSet | undefined;
  stack: AlternateStack;
  /** Whether to look for signals: one may be there that the thread does not block. */
  interrupted: boolean;
}

/** Makes the signals of a process without threads. `actions`: those of another one, shared, or copied by the caller. */
export function createProcessSignals(
  host: SignalHost,
  quota: SignalQuota,
  actions: Actions = createActions(),
): ProcessSignals {
  return {
    actions,
    pending: createPendingQueue(quota),
    quota,
    threads: new Set(),
    leader: undefined,
    stopped: 0,
    host,
    watchers: new Set(),
    parked: new Set(),
  };
}

/** Makes the signals of a new thread; mask and alternate stack are those of its maker, if it has one (clone(2)). */
export function createThreadSignals(
  process: ProcessSignals,
  from?: Pick<ThreadSignals, "blocked" | "stack">,
): ThreadSignals {
  const thread: ThreadSignals = {
    process,
    pending: createPendingQueue(process.quota),
    blocked: from?.blocked ?? signalSet(),
    saved: undefined,
    awaited: undefined,
    stack: from?.stack ?? NO_STACK,
    interrupted: false,
  };
  process.threads.add(thread);
  process.leader ??= thread;
  return thread;
}

const ALL: SignalSet = Uint32Array.of(0xffff_ffff, 0xffff_ffff);

/** A thread ends: signals of the process that it was to take become another's, its own are gone. */
export function leaveThread(thread: ThreadSignals): void {
  const { process } = thread;
  process.threads.delete(thread);
  thread.pending.discard(ALL);
  if (process.threads.size === 0) process.pending.discard(ALL);
  else offer(process);
}

/** A process executes another program (execve(2)): handlers, and the stack for them, are gone with the old one. */
export function forgetProgram(thread: ThreadSignals): void {
  thread.process.actions.forgetHandlers();
  thread.process.leader = thread;
  thread.stack = NO_STACK;
}

/** Sets a thread's mask. What it blocks now, another thread may take. */
export function setBlocked(thread: ThreadSignals, blocked: SignalSet): void {
  thread.blocked = blocked;
  refresh(thread);
  if (thread.process.threads.size > 1) offer(thread.process);
}

/** Works out anew whether a thread has signals to look for. */
export function refresh(thread: ThreadSignals): void {
  const { pending, process, blocked } = thread;
  thread.interrupted = reaches(pending.set, blocked) || reaches(process.pending.set, blocked);
}

/** Has those threads look for a process's signals that could take one and whose help is needed. */
function offer(process: ProcessSignals): void {
  const { set } = process.pending;
  if (set[0] === 0 && set[1] === 0) return;
  for (const thread of process.threads) if (reaches(set, thread.blocked)) thread.interrupted = true;
}
