import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import type { Process } from "../process.js";
import { intArgument, wordArgument } from "../registers.js";
import { INFO_SIZE, infoCode, SignalCode, type SignalInfo, sentInfo } from "../signals/info.js";
import { LAST_SIGNAL } from "../signals/numbers.js";
import { sendToProcess, sendToThread } from "../signals/send.js";

/** The process with a pid, or with a thread of that id: kill(2) takes both. */
function processOf({ kernel }: Context, pid: number): Process | undefined {
  return kernel.processes.get(pid) ?? threadOf(kernel.processes, pid)?.process;
}

function threadOf(processes: ReadonlyMap<number, Process>, tid: number): Context | undefined {
  for (const process of processes.values()) {
    for (const thread of process.threads) if (thread.tid === tid) return thread;
  }
  return undefined;
}

/** An info that says which process asks for the signal. */
function ownInfo({ identity }: Context, signal: number, code: number): SignalInfo {
  return sentInfo(signal, code, identity.pid, identity.uid);
}

const isSignal = (signal: number): boolean => signal >= 0 && signal <= LAST_SIGNAL;

/** Sends to a process; 0 only asks whether it is there (kill(2)). Who has ended takes no notice. */
function send(process: Process, signal: number, info: () => SignalInfo): number {
  if (!isSignal(signal)) return -Errno.EINVAL;
  if (signal === 0 || process.exitStatus) return 0;
  return sendToProcess(process.signals, { info: info() });
}

const kill: Handler = (context, registers) => {
  const pid = intArgument(registers, 0);
  const signal = intArgument(registers, 1);
  const info = (): SignalInfo => ownInfo(context, signal, SignalCode.USER);
  if (pid > 0) {
    const process = processOf(context, pid);
    return process ? send(process, signal, info) : -Errno.ESRCH;
  }
  const { process: self, kernel } = context;
  const group = pid === 0 ? self.group : -pid;
  const all = [...kernel.processes.values()];
  // Not to itself: kill(2), of -1.
  const meant =
    pid === -1 ? all.filter((other) => other !== self) : all.filter((other) => other.group === group);
  const results = meant.map((other) => send(other, signal, info));
  return results.find((result) => result < 0) ?? (results.length === 0 ? -Errno.ESRCH : 0);
};

/** Sends to one thread, of a given process unless that is 0. */
function sendTo(
  context: Context,
  group: number,
  tid: number,
  signal: number,
  info: () => SignalInfo,
): number {
  const thread = threadOf(context.kernel.processes, tid);
  if (!thread || (group !== 0 && thread.process.pid !== group)) return -Errno.ESRCH;
  if (!isSignal(signal)) return -Errno.EINVAL;
  return signal === 0 ? 0 : sendToThread(thread.signals, { info: info() });
}

const tkill: Handler = (context, registers) => {
  const tid = intArgument(registers, 0);
  const signal = intArgument(registers, 1);
  if (tid <= 0) return -Errno.EINVAL;
  return sendTo(context, 0, tid, signal, () => ownInfo(context, signal, SignalCode.TKILL));
};

const tgkill: Handler = (context, registers) => {
  const group = intArgument(registers, 0);
  const tid = intArgument(registers, 1);
  const signal = intArgument(registers, 2);
  if (group <= 0 || tid <= 0) return -Errno.EINVAL;
  return sendTo(context, group, tid, signal, () => ownInfo(context, signal, SignalCode.TKILL));
};

/**
 * The info that a process gives with a signal, or a negated error number: nobody may pretend to others to be the kernel,
 * or kill(2).
 */
function givenInfo(
  context: Context,
  address: number,
  signal: number,
  toItself: boolean,
): SignalInfo | number {
  const info = context.memory.read(address, INFO_SIZE)?.slice();
  if (!info) return -Errno.EFAULT;
  new DataView(info.buffer).setInt32(0, signal, true);
  const code = infoCode(info);
  return (code >= 0 || code === SignalCode.TKILL) && !toItself ? -Errno.EPERM : info;
}

const rtSigqueueinfo: Handler = (context, registers) => {
  const pid = intArgument(registers, 0);
  const signal = intArgument(registers, 1);
  const info = givenInfo(context, wordArgument(registers, 2), signal, pid === context.tid);
  if (typeof info === "number") return info;
  const process = processOf(context, pid);
  return process ? send(process, signal, () => info) : -Errno.ESRCH;
};

const rtTgsigqueueinfo: Handler = (context, registers) => {
  const group = intArgument(registers, 0);
  const tid = intArgument(registers, 1);
  const signal = intArgument(registers, 2);
  const info = givenInfo(context, wordArgument(registers, 3), signal, tid === context.tid);
  if (typeof info === "number") return info;
  if (group <= 0 || tid <= 0) return -Errno.EINVAL;
  return sendTo(context, group, tid, signal, () => info);
};

/** Signals that are sent: kill(2), tgkill(2), sigqueue(3). */
export const sendingCalls: HandlerTable = {
  kill,
  tkill,
  tgkill,
  rt_sigqueueinfo: rtSigqueueinfo,
  rt_tgsigqueueinfo: rtTgsigqueueinfo,
};
