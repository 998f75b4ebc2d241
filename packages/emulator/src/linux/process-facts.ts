import type { Context } from "./context.js";
import type { LiveFacts, ProcessFacts, ProcessList, ThreadFacts } from "./files/proc/process-facts.js";
import { FIRST_PROCESS } from "./identity.js";
import type { Process } from "./process.js";

/** The processes of a kernel as /proc tells of them. */
export function listProcesses(processes: ReadonlyMap<number, Process>): ProcessList {
  return {
    pids: () => [...processes.keys()].sort((a, b) => a - b),
    get(pid) {
      const process = processes.get(pid);
      return process && factsOf(process);
    },
  };
}

function factsOf(process: Process): ProcessFacts {
  const tasks = [...process.threads];
  const [first] = tasks;
  const time = process.cpu.now();
  const zombie: ThreadFacts = { tid: process.pid, name: process.name, state: "Z", time };
  return {
    pid: process.pid,
    ppid: process.parent?.pid ?? FIRST_PROCESS.ppid,
    group: process.group,
    session: process.session,
    uid: first?.identity.uid ?? FIRST_PROCESS.uid,
    gid: first?.identity.gid ?? FIRST_PROCESS.gid,
    limits: process.limits,
    started: process.started,
    time,
    childrenTime: process.childrenUsage.time,
    peak: process.peak,
    threads: first ? tasks.map(threadOf) : [zombie],
    live: first && liveOf(first),
  };
}

function threadOf(task: Context): ThreadFacts {
  const state = task.stopped ? "T" : task.wait ? "S" : "R";
  return { tid: task.tid, name: task.name, state, time: task.cpu.now() };
}

function liveOf(task: Context): LiveFacts {
  const { program, heap, stackPointer } = task.mm;
  const { executable } = program;
  return {
    // Only the first program's path can be relative: it is the host's user who gave it.
    executable: executable.path.startsWith("/") ? executable.path : task.sandbox.program,
    memory: task.memory,
    initialStack: stackPointer,
    heap,
    code: { start: program.startCode, end: program.endCode },
    descriptors: task.descriptors,
    cwd: task.sandbox.cwd,
    umask: task.umask,
  };
}
