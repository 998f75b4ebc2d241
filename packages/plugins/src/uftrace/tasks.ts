import type { Imports } from "@qpp/core";
import type { Cpu, machine } from "@qpp/emulator/contract";
import type { callstack } from "../callstack/contract.js";
import type { TaskLine } from "./directory.js";
import { createRecords, Kind, MAX_DEPTH, type Records } from "./records.js";
import type { Sessions } from "./sessions.js";

/** Linux's pids end before this (`PID_MAX_LIMIT`): stacks that are no thread's first are tasks with higher numbers. */
const FIRST_EXTRA_TID = 2 ** 22;

/** A task of uftrace's: a thread's first stack, or another one of its. */
export interface Task extends TaskLine {
  readonly records: Records;
}

/** A stack that has been seen. */
interface Stack {
  /** Where it began, which is a call of nobody's; undefined for what a forked process has from its parent. */
  readonly start: number | undefined;
  readonly time: number;
  /** How many of its frames it has from its parent, and has not left. */
  inherited: number;
  /** Undefined while it has done nothing: which process it is in is known when it does. */
  task: Task | undefined;
}

/** Tells tasks apart, and records what they do. */
export interface Tasks {
  readonly all: readonly Task[];
  /** How many entries and exits are not recorded, because their depth does not fit. */
  readonly tooDeep: number;
  /** The vCPU's present stack enters a function. */
  enter(cpu: Cpu, time: number, depth: number, address: number): void;
  /** It leaves one; or has ended, and leaves them all. */
  leave(cpu: Cpu, time: number, depth: number, address: number, ended: boolean): void;
}

/** Makes tasks of stacks: those of a vCPU's thread, and those of what it forks. */
export function createTasks(
  world: Imports<typeof machine>,
  stacks: Imports<typeof callstack>,
  sessions: Sessions,
  open: (tid: number) => (bytes: Uint8Array) => void,
): Tasks {
  const all: Task[] = [];
  const byId = new Map<number, Stack>();
  const present: (Stack | undefined)[] = [];
  /** By vCPU: the task of its thread. */
  const threads: (Task | undefined)[] = [];
  /** By vCPU: what its parent's system call has given. */
  const tids: (number | undefined)[] = [];
  /** By vCPU: the program that it is about to execute. */
  const executing: (string | undefined)[] = [];
  const pids = new Set<number>();
  let extra = FIRST_EXTRA_TID;
  let tooDeep = 0;
  let { pid } = world.process();
  world.processChanged.register((now) => {
    pid = now.pid;
  });

  function put(task: Task, time: number, kind: Kind, depth: number, address: number): void {
    if (kind === Kind.entry) sessions.note(task.pid, address);
    if (depth < MAX_DEPTH) task.records.add(time, kind, depth, address);
    else tooDeep++;
  }

  function makeTask(vcpu: number, time: number): Task {
    const isThreads = threads[vcpu] === undefined;
    const isNewProcess = !pids.has(pid);
    const { ppid } = world.process();
    const forkedBy = isNewProcess && pids.has(ppid) ? ppid : undefined;
    if (isNewProcess) {
      pids.add(pid);
      if (forkedBy === undefined) sessions.begin(pid, time, world.program.path);
      else sessions.inherit(pid, forkedBy);
    }
    const tid = isNewProcess ? pid : ((isThreads ? tids[vcpu] : undefined) ?? extra++);
    const task: Task = { tid, pid, forkedBy, time, records: createRecords(open(tid)) };
    all.push(task);
    if (isThreads) threads[vcpu] = task;
    return task;
  }

  function taskOf(stack: Stack, vcpu: number): Task {
    if (stack.task) return stack.task;
    const task = makeTask(vcpu, stack.time);
    stack.task = task;
    if (stack.start !== undefined) put(task, stack.time, Kind.entry, 0, stack.start);
    return task;
  }

  stacks.onSwitch.register((cpu) => {
    const { index: vcpu, pc } = cpu;
    const id = stacks.stackId(vcpu);
    let stack = byId.get(id);
    if (stack === undefined) {
      const frames = stacks.stack(vcpu);
      // A copy of a parent's stack begins elsewhere than where the child is.
      const begins = frames.at(-1)?.function === pc;
      const program = begins ? executing[vcpu] : undefined;
      const task = program === undefined ? undefined : threads[vcpu];
      const time = world.executed();
      stack = { start: begins ? pc : undefined, time, inherited: begins ? 0 : frames.length, task };
      byId.set(id, stack);
      if (program !== undefined && task) {
        sessions.begin(task.pid, time, program);
        put(task, time, Kind.entry, 0, pc);
      }
    }
    present[vcpu] = stack;
  });

  world.syscalls
    .where(({ name }) => name === "execve" || name === "execveat")
    .entered.register(({ cpu, name, args }) => {
      executing[cpu.index] = world.memory.readString(args[name === "execve" ? 0 : 1] ?? 0) ?? "";
    });
  world.syscalls
    .where(({ name }) => name === "execve" || name === "execveat")
    .returned.register(({ cpu }) => {
      executing[cpu.index] = undefined;
    });

  let born: number | undefined;
  const cloning = world.syscalls.where(({ name }) => name === "clone" || name === "clone3");
  cloning.entered.register(() => {
    born = undefined;
  });
  world.vcpus.initialized.register(({ index }) => {
    born = index;
  });
  cloning.returned.register(({ result }) => {
    if (born !== undefined && result > 0) tids[born] = result;
  });
  world.vcpus.exited.register(({ index }) => {
    present[index] = undefined;
    threads[index] = undefined;
    tids[index] = undefined;
  });

  return {
    all,
    get tooDeep() {
      return tooDeep;
    },
    enter({ index }, time, depth, address) {
      const stack = present[index];
      if (stack) put(taskOf(stack, index), time, Kind.entry, depth, address);
    },
    leave({ index }, time, depth, address, ended) {
      const stack = present[index];
      if (stack === undefined) return;
      const inherited = depth < stack.inherited;
      if (inherited) stack.inherited = depth;
      // As uftrace has it: what a forked process has not entered and never returns from is not its own.
      if (!(inherited && ended)) put(taskOf(stack, index), time, Kind.exit, depth, address);
    },
  };
}
