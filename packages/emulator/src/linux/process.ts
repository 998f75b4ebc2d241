import type { Context, ExitStatus } from "./context.js";
import type { CpuAccount, CpuMeter } from "./cpu-time.js";
import { createLimits, type ResourceLimit, RLIMIT_SIGPENDING } from "./limits.js";
import type { Actions } from "./signals/actions.js";
import { tellOfStop } from "./signals/child.js";
import { ChildCode } from "./signals/info.js";
import { Signal } from "./signals/numbers.js";
import type { SignalQuota } from "./signals/pending.js";
import { createProcessSignals, type ProcessSignals } from "./signals/state.js";
import { createProcessTimers, type ProcessTimers } from "./timers/process-timers.js";
import type { TimeLine } from "./timers/time-line.js";
import { NO_USAGE, ticksOf, type Usage } from "./usage.js";

/** A process: threads that share a pid (Linux: a thread group). */
export interface Process {
  readonly pid: number;
  /** Undefined for the first one. */
  parent: Process | undefined;
  /** In order of creation; those that have ended stay until they are waited for (wait(2)). */
  readonly children: Set<Process>;
  /** Threads that are alive, oldest first. */
  readonly threads: Set<Context>;
  /** Process group and session (credentials(7)). */
  group: number;
  session: number;
  /** From -20 to 19 (nice(2)). All take turns alike, whatever it is. */
  nice: number;
  /** How it ended; undefined while it is alive. */
  exitStatus: ExitStatus | undefined;
  /** Resource limits, by resource number (getrlimit(2)). */
  readonly limits: ResourceLimit[];
  readonly signals: ProcessSignals;
  readonly timers: ProcessTimers;
  /** Processor time of all of its threads. */
  readonly cpu: CpuAccount;
  /** When it was made, by the guest's clock, in nanoseconds. */
  readonly started: number;
  /** The most bytes that it had mapped at a time. */
  peak: number;
  /** What children have used that were waited for, and what theirs had, and so on. */
  childrenUsage: Usage;
  /** The news that wait(2) has not told yet, of a process that is stopped, or goes on: the signal, SIGCONT for the latter; 0 for none. */
  news: number;
  /** What it is sent when its parent ends; 0 for nothing (prctl(2), PR_SET_PDEATHSIG). */
  deathSignal: number;
  /** Whether it may be looked into, and leaves a core (prctl(2), PR_SET_DUMPABLE): 1, or 0; 1 again after execve(2). */
  dumpable: number;
  /** PR_SET_NO_NEW_PRIVS of prctl(2): cannot be taken back, and holds for children. Nobody gets privileges here anyway. */
  noNewPrivileges: boolean;
  /** What its parent is sent when it ends; 0 for nothing. */
  readonly exitSignal: number;
  /** Whether it has executed a program since it was made: its parent may go on then, after vfork(2). */
  executed: boolean;
  /** That of its first thread, which goes by the process's id; it stays when that thread has ended (proc(5), `/proc/pid/comm`). */
  name: string;
}

/** What all processes share. */
export interface ProcessWorld {
  /** The guest's time. */
  readonly real: TimeLine;
  readonly meter: CpuMeter;
  /** How many signals wait with what they tell, of all processes: they have one user. */
  readonly signalCount: { used: number };
  /** The user's id. */
  readonly uid: number;
}

/** Makes a process without threads. What its parent has said of signals holds for it as well. */
export function createProcess(
  pid: number,
  parent: Process | undefined,
  exitSignal: number,
  world: ProcessWorld,
  actions: Actions | undefined = parent?.signals.actions.copy(),
): Process {
  const quota: SignalQuota = {
    get used() {
      return world.signalCount.used;
    },
    set used(count) {
      world.signalCount.used = count;
    },
    get limit() {
      return process.limits[RLIMIT_SIGPENDING]?.soft ?? 0;
    },
  };
  const signals = createProcessSignals(
    {
      stopped: (signal) => tell(ChildCode.STOPPED, signal),
      continued: () => tell(ChildCode.CONTINUED, Signal.SIGCONT),
      orphaned: () => isOrphaned(process),
    },
    quota,
    actions,
  );

  function tell(code: number, status: number): void {
    process.news = status;
    if (process.parent)
      tellOfStop(process.parent.signals, {
        code,
        pid,
        uid: world.uid,
        status,
        userTicks: ticksOf(cpu.now()),
      });
  }

  const cpu = world.meter.account();
  const process: Process = {
    pid,
    parent,
    children: new Set(),
    threads: new Set(),
    group: parent?.group ?? pid,
    nice: parent?.nice ?? 0,
    session: parent?.session ?? pid,
    exitStatus: undefined,
    limits: parent ? [...parent.limits] : createLimits(),
    signals,
    timers: createProcessTimers({ real: world.real, cpu }, signals),
    cpu,
    started: world.real.now(),
    peak: 0,
    childrenUsage: NO_USAGE,
    news: 0,
    deathSignal: 0,
    dumpable: parent?.dumpable ?? 1,
    noNewPrivileges: parent?.noNewPrivileges ?? false,
    exitSignal,
    executed: false,
    name: parent?.name ?? "",
  };
  parent?.children.add(process);
  return process;
}

/** What a process has used itself. */
export function usageOf({ cpu, peak }: Process): Usage {
  return { time: cpu.now(), peak };
}

/**
 * Whether no member of a process's group has its parent in another group of the same session: nobody could let the group go on
 * that the terminal has stopped (setpgid(2)). The first process has its parent outside, which may.
 */
function isOrphaned(process: Process): boolean {
  let first = process;
  while (first.parent !== undefined) first = first.parent;
  return !hasKeeper(first, process);
}

/** Whether a process, or one of those that come from it, has such a parent. */
function hasKeeper(candidate: Process, { group, session }: Pick<Process, "group" | "session">): boolean {
  const { parent, children } = candidate;
  const outside = parent === undefined || (parent.group !== group && parent.session === session);
  if (candidate.group === group && candidate.exitStatus === undefined && outside) return true;
  return [...children].some((child) => hasKeeper(child, { group, session }));
}
