import type { Context, ExitStatus } from "./context.js";
import { createLimits, type ResourceLimit } from "./limits.js";

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
  /** How it ended; undefined while it is alive. */
  exitStatus: ExitStatus | undefined;
  /** Resource limits, by resource number (getrlimit(2)). */
  readonly limits: ResourceLimit[];
  /** What its parent is sent when it ends; 0 for nothing. */
  readonly exitSignal: number;
  /** Whether it has executed a program since it was made: its parent may go on then, after vfork(2). */
  executed: boolean;
  /** Name at its end, of which there is no thread to ask. */
  name: string;
}

/** Makes a process without threads. */
export function createProcess(pid: number, parent: Process | undefined, exitSignal: number): Process {
  const process: Process = {
    pid,
    parent,
    children: new Set(),
    threads: new Set(),
    group: parent?.group ?? pid,
    session: parent?.session ?? pid,
    exitStatus: undefined,
    limits: parent ? [...parent.limits] : createLimits(),
    exitSignal,
    executed: false,
    name: parent?.name ?? "",
  };
  parent?.children.add(process);
  return process;
}
