import { END_OF_TIME } from "./clock.js";
import type { Context } from "./context.js";
import type { Vcpu } from "./execution.js";
import type { Descriptors } from "./files/descriptors.js";
import type { Sandbox } from "./files/sandbox.js";
import type { Identity } from "./identity.js";
import type { Kernel } from "./kernel.js";
import type { Mm } from "./mm.js";
import type { Process } from "./process.js";
import type { ThreadSignals } from "./signals/state.js";

/** What threads share that share their view of the file system (Linux: `fs_struct`). */
export interface FileSystemView {
  readonly sandbox: Sandbox;
  umask: number;
}

/** What a thread is made of; each part may be another's as well, by the flags of clone(2). */
export interface TaskParts {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly tid: number;
  readonly vcpu: Vcpu;
  readonly mm: Mm;
  readonly descriptors: Descriptors;
  readonly fs: FileSystemView;
  readonly signals: ThreadSignals;
  readonly name: string;
  readonly identity: Omit<Identity, "pid" | "ppid">;
}

/** Makes a thread's side of the kernel. It takes no turns yet. */
export function createTask(parts: TaskParts): Context {
  const { kernel, process, fs } = parts;
  const { clock } = kernel;
  let deadline: number | undefined;
  let name = "";

  const context: Context = {
    kernel,
    process,
    tid: parts.tid,
    vcpu: parts.vcpu,
    cpu: kernel.world.meter.account(),
    mm: parts.mm,
    fs,
    descriptors: parts.descriptors,
    signals: parts.signals,
    get name() {
      return name;
    },
    set name(to) {
      name = to;
      if (context.tid === process.pid) process.name = to;
    },
    identity: {
      ...parts.identity,
      pid: process.pid,
      get ppid() {
        return process.parent?.pid ?? 1;
      },
    },
    clearChildTid: 0,
    robustList: 0,
    retried: false,
    vforked: undefined,
    wait: undefined,
    ended: false,
    jumped: false,
    progress: 0,
    clock,
    random: kernel.random,
    extensions: kernel.extensions,
    reportOnce: kernel.reportOnce,
    get memory() {
      return context.vcpu.memory;
    },
    get heap() {
      return context.mm.heap;
    },
    get limits() {
      return process.limits;
    },
    get sandbox() {
      return fs.sandbox;
    },
    get umask() {
      return fs.umask;
    },
    set umask(mask) {
      fs.umask = mask;
    },
    get stopped() {
      return process.signals.stopped !== 0;
    },
    get interrupted() {
      return context.signals.interrupted && context.wait?.interruptible !== false;
    },
    begin() {
      deadline = undefined;
      context.progress = 0;
      context.retried = false;
    },
    block(wait) {
      context.wait = wait;
      return 0;
    },
    deadline(timeout) {
      deadline ??= Math.min(clock.nanoseconds() + timeout, END_OF_TIME);
      return deadline;
    },
    jump() {
      context.jumped = true;
      return 0;
    },
    end: (status) => kernel.endProcess(process, status),
  };
  context.name = parts.name;
  return context;
}
