import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { OpenFlag } from "../files/open-file.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { ACTION_SIZE, decodeAction, encodeAction, isIgnored } from "../signals/actions.js";
import { changeStack, encodeStack, STACK_SIZE } from "../signals/alternate-stack.js";
import { returnFromHandler } from "../signals/deliver.js";
import { stackPointer } from "../signals/frame.js";
import { infoSignal } from "../signals/info.js";
import { LAST_SIGNAL, Signal } from "../signals/numbers.js";
import {
  complement,
  loadSet,
  SET_SIZE,
  type SignalSet,
  setBytes,
  signalSet,
  union,
  without,
} from "../signals/set.js";
import { createSignalFile, isSignalFile } from "../signals/signal-file.js";
import { setBlocked } from "../signals/state.js";
import { loadTimespec } from "../structures.js";
import { storeBytes } from "../user-memory.js";
import { originOf } from "./pipes.js";
import { setTemporaryMask } from "./temporary-mask.js";

const SIG_BLOCK = 0;
const SIG_UNBLOCK = 1;
const SIG_SETMASK = 2;
/** Those that can be neither blocked, handled nor ignored. */
const FIXED: SignalSet = signalSet(Signal.SIGKILL, Signal.SIGSTOP);

const rtSigaction: Handler = (context, registers) => {
  const signal = intArgument(registers, 0);
  const newAddress = wordArgument(registers, 1);
  const oldAddress = wordArgument(registers, 2);
  if (wordArgument(registers, 3) !== SET_SIZE) return -Errno.EINVAL;
  const given = newAddress === 0 ? undefined : context.memory.read(newAddress, ACTION_SIZE);
  if (newAddress !== 0 && !given) return -Errno.EFAULT;
  if (signal < 1 || signal > LAST_SIGNAL) return -Errno.EINVAL;
  if (given && (signal === Signal.SIGKILL || signal === Signal.SIGSTOP)) return -Errno.EINVAL;
  const { process } = context.signals;
  const old = process.actions.get(signal);
  if (given) {
    const action = decodeAction(given);
    process.actions.set(signal, action);
    if (isIgnored(signal, action)) discard(context, signal);
    else unpark(context);
  }
  return oldAddress === 0 ? 0 : storeBytes(context, oldAddress, encodeAction(old));
};

/** Signals that wait are gone once they are ignored (sigaction(2), POSIX). */
function discard({ signals: { process } }: Context, signal: number): void {
  const gone = signalSet(signal);
  process.pending.discard(gone);
  for (const thread of process.threads) thread.pending.discard(gone);
}

function unpark({ signals: { process } }: Context): void {
  const parked = [...process.parked];
  process.parked.clear();
  for (const rearm of parked) rearm();
}

const rtSigprocmask: Handler = (context, registers) => {
  const how = intArgument(registers, 0);
  const newAddress = wordArgument(registers, 1);
  const oldAddress = wordArgument(registers, 2);
  if (wordArgument(registers, 3) !== SET_SIZE) return -Errno.EINVAL;
  const { signals } = context;
  const old = signals.blocked;
  if (newAddress !== 0) {
    const given = loadSet(context.memory, newAddress);
    if (!given) return -Errno.EFAULT;
    const set = without(given, FIXED);
    if (how === SIG_BLOCK) setBlocked(signals, union(old, set));
    else if (how === SIG_UNBLOCK) setBlocked(signals, without(old, set));
    else if (how === SIG_SETMASK) setBlocked(signals, set);
    else return -Errno.EINVAL;
  }
  return oldAddress === 0 ? 0 : storeBytes(context, oldAddress, setBytes(old));
};

const rtSigpending: Handler = (context, registers) => {
  const { pending, process, blocked } = context.signals;
  if (wordArgument(registers, 1) > SET_SIZE) return -Errno.EINVAL;
  const waiting = union(pending.set, process.pending.set);
  const bytes = setBytes(without(waiting, complement(blocked)));
  return storeBytes(context, wordArgument(registers, 0), bytes.subarray(0, wordArgument(registers, 1)));
};

/** rt_sigsuspend(2): waits under another mask for a signal that has a handler. */
const rtSigsuspend: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  if (wordArgument(registers, 1) !== SET_SIZE) return -Errno.EINVAL;
  if (address === 0) return -Errno.EFAULT;
  const set = setTemporaryMask(context, address, SET_SIZE);
  return set < 0 ? set : context.block({ ready: () => false, restart: false });
};

/** rt_sigtimedwait(2): takes a signal instead of a handler. */
const rtSigtimedwait: Handler = (context, registers) => {
  const { signals, memory } = context;
  const infoAddress = wordArgument(registers, 1);
  const timeAddress = wordArgument(registers, 2);
  if (wordArgument(registers, 3) !== SET_SIZE) return -Errno.EINVAL;
  const set = loadSet(memory, wordArgument(registers, 0));
  if (!set) return -Errno.EFAULT;
  const timeout = timeAddress === 0 ? Number.POSITIVE_INFINITY : loadTimespec(memory, timeAddress);
  if (timeout < 0) return timeout;
  const wanted = without(set, FIXED);
  const others = complement(wanted);
  const { pending, process } = signals;
  const info = pending.takeNext(others) ?? process.pending.takeNext(others);
  const deadline = timeout === Number.POSITIVE_INFINITY ? undefined : context.deadline(timeout);
  if (info === undefined && (deadline === undefined || deadline > context.clock.nanoseconds())) {
    signals.awaited = wanted;
    const arrived = (queue: SignalSet): boolean => without(queue, others).some((word) => word !== 0);
    const ready = (): boolean => arrived(pending.set) || arrived(process.pending.set);
    return context.block({ ready, deadline, restart: false });
  }
  signals.awaited = undefined;
  setBlocked(signals, signals.blocked);
  if (info === undefined) return -Errno.EAGAIN;
  const stored = infoAddress === 0 ? 0 : storeBytes(context, infoAddress, info);
  return stored < 0 ? stored : infoSignal(info);
};

const sigaltstack: Handler = (context, registers) => {
  const newAddress = wordArgument(registers, 0);
  const oldAddress = wordArgument(registers, 1);
  const { signals } = context;
  const sp = stackPointer(context.vcpu);
  const old = encodeStack(signals.stack, sp);
  if (newAddress !== 0) {
    const given = context.memory.read(newAddress, STACK_SIZE);
    if (!given) return -Errno.EFAULT;
    const changed = changeStack(signals.stack, given, sp);
    if (typeof changed === "number") return changed;
    signals.stack = changed;
  }
  return oldAddress === 0 ? 0 : storeBytes(context, oldAddress, old);
};

const rtSigreturn: Handler = (context) => {
  returnFromHandler(context);
  return context.jump();
};

const SFD_FLAGS = OpenFlag.CLOEXEC | OpenFlag.NONBLOCK;

const signalfd4: Handler = (context, registers) => {
  const fd = intArgument(registers, 0);
  const flags = uintArgument(registers, 3);
  if (wordArgument(registers, 2) !== SET_SIZE) return -Errno.EINVAL;
  const set = loadSet(context.memory, wordArgument(registers, 1));
  if (!set) return -Errno.EFAULT;
  if (flags & ~SFD_FLAGS) return -Errno.EINVAL;
  const wanted = without(set, FIXED);
  if (fd === -1) {
    const file = createSignalFile(originOf(context), context.signals, wanted, flags & OpenFlag.NONBLOCK);
    return context.descriptors.add(file, (flags & OpenFlag.CLOEXEC) !== 0);
  }
  const file = context.descriptors.get(fd);
  if (!file) return -Errno.EBADF;
  if (!isSignalFile(file)) return -Errno.EINVAL;
  file.wanted = wanted;
  return fd;
};

/** Signals that a thread gets: sigaction(2), sigprocmask(2), sigwait(3), sigaltstack(2), signalfd(2). */
export const signalCalls: HandlerTable = {
  rt_sigaction: rtSigaction,
  rt_sigprocmask: rtSigprocmask,
  rt_sigpending: rtSigpending,
  rt_sigsuspend: rtSigsuspend,
  rt_sigtimedwait: rtSigtimedwait,
  rt_sigreturn: rtSigreturn,
  sigaltstack,
  signalfd4,
};
