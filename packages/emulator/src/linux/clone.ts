import type { Context } from "./context.js";
import { Errno } from "./errno.js";
import { copyMm } from "./mm.js";
import { createProcess } from "./process.js";
import type { Actions } from "./signals/actions.js";
import { NO_STACK } from "./signals/alternate-stack.js";
import { createThreadSignals } from "./signals/state.js";
import { createTask } from "./task.js";
import { storeWord } from "./user-memory.js";

/** Flags of clone(2) (include/uapi/linux/sched.h). */
export const CloneFlag = {
  VM: 0x100,
  FS: 0x200,
  FILES: 0x400,
  SIGHAND: 0x800,
  PIDFD: 0x1000,
  VFORK: 0x4000,
  PARENT: 0x8000,
  THREAD: 0x1_0000,
  NEWNS: 0x2_0000,
  SETTLS: 0x8_0000,
  PARENT_SETTID: 0x10_0000,
  CHILD_CLEARTID: 0x20_0000,
  CHILD_SETTID: 0x100_0000,
  CLEAR_SIGHAND: 0x1_0000_0000,
} as const;

/** Namespaces: an ordinary user may not make any. CLONE_NEWTIME .. CLONE_NEWNET. */
const NAMESPACES = 0x7e02_0080;

/** What clone(2) is asked for. */
export interface CloneRequest {
  /** `CLONE_*`; those from bit 32 on come from clone3(2) alone. */
  readonly flags: number;
  /** What the parent gets when the new process ends. */
  readonly exitSignal: number;
  /** Where the new thread's stack pointer begins; 0 for that of its maker. */
  readonly stack: number;
  readonly tls: number;
  readonly parentTid: number;
  readonly childTid: number;
}

/** x2, x4 and x10 of the calling convention. */
const SP = 2;
const TP = 4;
const A0 = 10;
const ECALL_SIZE = 4;

/** Makes a thread, or a process with one thread, that goes on behind the call. Gives it, or a negated error number. */
export function cloneTask(parent: Context, request: CloneRequest): Context | number {
  const { kernel } = parent;
  const { flags } = request;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const refusal = refuse(flags);
  if (refusal < 0) return refusal;
  const alive = kernel.scheduler.tasks.length;
  if (alive >= kernel.mostTasks) {
    kernel.reportOnce(
      "too many threads",
      `the guest has ${alive} threads and processes, as many as it may have; clone gets EAGAIN (--max-processes)`,
    );
    return -Errno.EAGAIN;
  }
  const vcpu = kernel.execution.clone(parent.vcpu, has(CloneFlag.VM), has(CloneFlag.THREAD));
  if (vcpu === undefined) {
    kernel.reportOnce(
      "no copy",
      "there is no memory left for a copy of a process; clone gets EAGAIN (--max-memory)",
    );
    return -Errno.EAGAIN;
  }
  const tid = kernel.newTid();
  const maker = has(CloneFlag.PARENT) ? parent.process.parent : parent.process;
  const process = has(CloneFlag.THREAD)
    ? parent.process
    : createProcess(
        tid,
        maker ?? parent.process,
        request.exitSignal,
        kernel.world,
        actionsFor(parent, flags),
      );
  if (has(CloneFlag.FILES)) parent.descriptors.share();
  if (has(CloneFlag.VM)) parent.mm.users++;
  const { sandbox, umask } = parent.fs;
  const task = createTask({
    kernel,
    process,
    tid,
    vcpu,
    mm: has(CloneFlag.VM) ? parent.mm : copyMm(parent.mm),
    descriptors: has(CloneFlag.FILES) ? parent.descriptors : parent.descriptors.copy(),
    fs: has(CloneFlag.FS) ? parent.fs : { sandbox: sandbox.copy(), umask },
    signals: createThreadSignals(process.signals, signalsFor(parent, flags)),
    name: parent.name,
    identity: parent.identity,
  });
  process.threads.add(task);
  if (!has(CloneFlag.THREAD)) {
    process.peak = parent.memory.mappedBytes;
    kernel.addProcess(process);
  }

  setWord(vcpu.registers, A0, 0);
  if (request.stack !== 0) setWord(vcpu.registers, SP, request.stack);
  if (has(CloneFlag.SETTLS)) setWord(vcpu.registers, TP, request.tls);
  vcpu.pc += ECALL_SIZE;
  if (has(CloneFlag.PARENT_SETTID)) storeWord(parent, request.parentTid, tid);
  if (has(CloneFlag.CHILD_SETTID)) storeWord(task, request.childTid, tid);
  if (has(CloneFlag.CHILD_CLEARTID)) task.clearChildTid = request.childTid;
  kernel.scheduler.add(task);
  return task;
}

function refuse(flags: number): number {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  if (has(CloneFlag.THREAD) && !has(CloneFlag.SIGHAND)) return -Errno.EINVAL;
  if (has(CloneFlag.SIGHAND) && !has(CloneFlag.VM)) return -Errno.EINVAL;
  if (has(NAMESPACES)) return -Errno.EPERM;
  return has(CloneFlag.PIDFD) ? -Errno.EINVAL : 0;
}

function actionsFor(parent: Context, flags: number): Actions {
  const { actions } = parent.process.signals;
  if (flags & CloneFlag.SIGHAND) return actions;
  const copy = actions.copy();
  if (flags >= CloneFlag.CLEAR_SIGHAND) copy.forgetHandlers();
  return copy;
}

/** A new process in the same memory has no alternate stack, unless its maker waits for it (sigaltstack(2)). */
function signalsFor({ signals }: Context, flags: number): Pick<Context["signals"], "blocked" | "stack"> {
  const { blocked, stack } = signals;
  const apart = (flags & CloneFlag.VM) === 0 || (flags & CloneFlag.VFORK) !== 0;
  return { blocked: blocked.slice(), stack: apart ? stack : NO_STACK };
}

function setWord({ u32 }: Context["vcpu"]["registers"], register: number, value: number): void {
  u32[2 * register] = value % 0x1_0000_0000;
  u32[2 * register + 1] = Math.floor(value / 0x1_0000_0000);
}
