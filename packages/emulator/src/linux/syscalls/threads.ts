import { CloneFlag, type CloneRequest, cloneTask } from "../clone.js";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { load64 } from "../structures.js";

const EXIT_SIGNAL_MASK = 0xff;

/** clone(2) with the arguments in riscv64's order: flags, stack, parent_tid, tls, child_tid. */
const clone: Handler = (context, registers) => {
  const flags = uintArgument(registers, 0);
  return makeTask(context, () => ({
    flags: (flags & ~EXIT_SIGNAL_MASK) >>> 0,
    exitSignal: flags & EXIT_SIGNAL_MASK,
    stack: wordArgument(registers, 1),
    parentTid: wordArgument(registers, 2),
    tls: wordArgument(registers, 3),
    childTid: wordArgument(registers, 4),
  }));
};

/** Sizes of `struct clone_args` (clone(2)): its first version, and the largest that is accepted. */
const SMALLEST_ARGUMENTS = 64;
const MOST_ARGUMENTS = 4096;
const LAST_SIGNAL = 64;

const clone3: Handler = (context, registers) =>
  makeTask(context, () => {
    const { memory } = context;
    const address = wordArgument(registers, 0);
    const size = wordArgument(registers, 1);
    if (size < SMALLEST_ARGUMENTS) return -Errno.EINVAL;
    if (size > MOST_ARGUMENTS) return -Errno.E2BIG;
    if (!memory.read(address, size)) return -Errno.EFAULT;
    const word = (index: number): number => load64(memory, address + 8 * index);
    const [flags, childTid, parentTid, exitSignal] = [word(0), word(2), word(3), word(4)];
    const [stack, stackSize, tls] = [word(5), word(6), word(7)];
    // Neither a set of wanted ids nor a cgroup; what comes after them is not known.
    const rest = memory.read(address + SMALLEST_ARGUMENTS, size - SMALLEST_ARGUMENTS);
    if (rest?.some((byte) => byte !== 0)) return -Errno.EINVAL;
    if (flags < 0 || flags >= 2 * CloneFlag.CLEAR_SIGHAND || (flags & EXIT_SIGNAL_MASK) !== 0)
      return -Errno.EINVAL;
    if (exitSignal < 0 || exitSignal > LAST_SIGNAL || (stack === 0) !== (stackSize === 0))
      return -Errno.EINVAL;
    return { flags, exitSignal, stack: stack + stackSize, tls, parentTid, childTid };
  });

/** With CLONE_VFORK, waits until the child has executed a program, or ended. */
function makeTask(context: Context, request: () => CloneRequest | number): number {
  const { vforked } = context;
  if (context.retried && vforked !== undefined) return awaitChild(context, vforked);
  const asked = request();
  if (typeof asked === "number") return asked;
  const task = cloneTask(context, asked);
  if (typeof task === "number") return task;
  if ((asked.flags & CloneFlag.VFORK) === 0) return task.tid;
  context.vforked = task.process;
  return awaitChild(context, task.process);
}

function awaitChild(context: Context, child: NonNullable<Context["vforked"]>): number {
  const ready = (): boolean => child.executed || child.exitStatus !== undefined;
  // Signals wait as well: the child runs on the parent's stack.
  if (!ready()) return context.block({ ready, interruptible: false });
  context.vforked = undefined;
  return child.pid;
}

/** Ends the calling thread (_exit(2)). */
const exit: Handler = (context, registers) => {
  context.kernel.endTask(context, { kind: "exit", code: intArgument(registers, 0) & 0xff });
  return 0;
};

/** Ends all threads; the low eight bits of the status are what a parent sees (exit_group(2)). */
const exitGroup: Handler = (context, registers) => {
  context.end({ kind: "exit", code: intArgument(registers, 0) & 0xff });
  return 0;
};

const setTidAddress: Handler = (context, registers) => {
  context.clearChildTid = wordArgument(registers, 0);
  return context.tid;
};

/** sched_yield(2): it is the next one's turn. */
const schedYield: Handler = (context) => {
  if (context.retried) return 0;
  return context.block({ ready: () => true });
};

/** Threads and processes come and go: clone(2), exit(2), set_tid_address(2). */
export const threadCalls: HandlerTable = {
  clone,
  clone3,
  exit,
  exit_group: exitGroup,
  gettid: (context) => context.tid,
  set_tid_address: setTidAddress,
  sched_yield: schedYield,
};
