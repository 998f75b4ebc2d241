import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { intArgument, type Registers, wordArgument } from "../registers.js";
import { hasSignal, SIGACTION_SIZE, SIGNAL_STACK_SIZE, type SignalSet, setSignal } from "../signal-state.js";
import { LAST_SIGNAL, Signal } from "../signals.js";
import { loadTimespec } from "../structures.js";
import { storeBytes } from "../user-memory.js";
import { waitForever } from "./wait.js";

/** Bytes of the kernel's signal set, which callers must give (rt_sigprocmask(2)). */
const SET_SIZE = 8;
const SIG_BLOCK = 0;
const SIG_UNBLOCK = 1;
const SIG_SETMASK = 2;
const SS_ONSTACK = 1;
const SS_DISABLE = 2;
/** Smallest alternate stack (sigaltstack(2): MINSIGSTKSZ). */
const SMALLEST_STACK = 2048;

const rtSigaction: Handler = (context, registers) => {
  const signal = intArgument(registers, 0);
  const newAddress = wordArgument(registers, 1);
  const oldAddress = wordArgument(registers, 2);
  if (wordArgument(registers, 3) !== SET_SIZE || signal < 1 || signal > LAST_SIGNAL) return -Errno.EINVAL;
  const fixed = signal === Signal.SIGKILL || signal === Signal.SIGSTOP;
  if (newAddress !== 0 && fixed) return -Errno.EINVAL;
  const action = context.signals.action(signal);
  const given = newAddress === 0 ? undefined : context.memory.read(newAddress, SIGACTION_SIZE)?.slice();
  if (newAddress !== 0 && !given) return -Errno.EFAULT;
  if (oldAddress !== 0 && storeBytes(context, oldAddress, action) < 0) return -Errno.EFAULT;
  if (given) action.set(given);
  return 0;
};

/** Reads a signal set of the guest; undefined if it cannot be read. */
function loadSet(context: Context, address: number): SignalSet | undefined {
  if (!context.memory.read(address, SET_SIZE)) return undefined;
  const { view } = context.memory;
  return Uint32Array.of(view.getUint32(address, true), view.getUint32(address + 4, true));
}

function storeSet(context: Context, address: number, set: SignalSet): number {
  return storeBytes(context, address, new Uint8Array(set.slice().buffer));
}

const rtSigprocmask: Handler = (context, registers) => {
  const how = intArgument(registers, 0);
  const newAddress = wordArgument(registers, 1);
  const oldAddress = wordArgument(registers, 2);
  const { blocked } = context.signals;
  if (wordArgument(registers, 3) !== SET_SIZE) return -Errno.EINVAL;
  const old = blocked.slice();
  if (newAddress !== 0) {
    const set = loadSet(context, newAddress);
    if (!set) return -Errno.EFAULT;
    if (how !== SIG_BLOCK && how !== SIG_UNBLOCK && how !== SIG_SETMASK) return -Errno.EINVAL;
    for (let signal = 1; signal <= LAST_SIGNAL; signal += 1) {
      const present = hasSignal(set, signal);
      if (how === SIG_SETMASK) setSignal(blocked, signal, present);
      else if (present) setSignal(blocked, signal, how === SIG_BLOCK);
    }
    setSignal(blocked, Signal.SIGKILL, false);
    setSignal(blocked, Signal.SIGSTOP, false);
    context.signals.deliverPending();
  }
  return oldAddress === 0 ? 0 : storeSet(context, oldAddress, old);
};

const rtSigpending: Handler = (context, registers) => {
  if (wordArgument(registers, 1) !== SET_SIZE) return -Errno.EINVAL;
  return storeSet(context, wordArgument(registers, 0), context.signals.pending);
};

/** rt_sigsuspend(2): waits under another mask for a signal that then takes its action. */
const rtSigsuspend: Handler = (context, registers) => {
  const set = wordArgument(registers, 1) === SET_SIZE && loadSet(context, wordArgument(registers, 0));
  if (set === false) return -Errno.EINVAL;
  if (!set) return -Errno.EFAULT;
  const { signals } = context;
  const saved = signals.blocked.slice();
  const awaited = firstSignal((signal) => hasSignal(signals.pending, signal) && !hasSignal(set, signal));
  if (awaited === undefined) return waitForever(context, "rt_sigsuspend");
  signals.blocked.set(set);
  signals.deliverPending();
  signals.blocked.set(saved);
  return -Errno.EINTR;
};

/** rt_sigtimedwait(2): takes a pending signal; the time passes at once when there is none. */
const rtSigtimedwait: Handler = (context, registers) => {
  const infoAddress = wordArgument(registers, 1);
  const timeAddress = wordArgument(registers, 2);
  if (wordArgument(registers, 3) !== SET_SIZE) return -Errno.EINVAL;
  const set = loadSet(context, wordArgument(registers, 0));
  if (!set) return -Errno.EFAULT;
  const timeout = timeAddress === 0 ? Number.POSITIVE_INFINITY : loadTimespec(context.memory, timeAddress);
  if (timeout < 0) return timeout;
  const { pending } = context.signals;
  const signal = firstSignal((candidate) => hasSignal(set, candidate) && hasSignal(pending, candidate));
  if (signal !== undefined) {
    if (infoAddress !== 0 && storeBytes(context, infoAddress, signalInfo(context, signal)) < 0)
      return -Errno.EFAULT;
    setSignal(pending, signal, false);
    return signal;
  }
  if (timeout === Number.POSITIVE_INFINITY) return waitForever(context, "rt_sigtimedwait");
  context.clock.advance(timeout);
  return -Errno.EAGAIN;
};

function firstSignal(matches: (signal: number) => boolean): number | undefined {
  for (let signal = 1; signal <= LAST_SIGNAL; signal += 1) if (matches(signal)) return signal;
  return undefined;
}

/** A `siginfo_t` of a signal that the process sent to itself: si_signo, si_code 0 (SI_USER), si_pid, si_uid. */
function signalInfo(context: Context, signal: number): Uint8Array {
  const info = new Uint8Array(128);
  const view = new DataView(info.buffer);
  view.setUint32(0, signal, true);
  view.setUint32(16, context.identity.pid, true);
  view.setUint32(20, context.identity.uid, true);
  return info;
}

const sigaltstack: Handler = (context, registers) => {
  const newAddress = wordArgument(registers, 0);
  const oldAddress = wordArgument(registers, 1);
  const { alternateStack } = context.signals;
  const given = newAddress === 0 ? undefined : context.memory.read(newAddress, SIGNAL_STACK_SIZE)?.slice();
  if (newAddress !== 0 && !given) return -Errno.EFAULT;
  if (oldAddress !== 0 && storeBytes(context, oldAddress, alternateStack) < 0) return -Errno.EFAULT;
  if (!given) return 0;
  const view = new DataView(given.buffer);
  const mode = view.getUint32(8, true) & 0x7fff_ffff;
  if (mode !== 0 && mode !== SS_ONSTACK && mode !== SS_DISABLE) return -Errno.EINVAL;
  if (mode === SS_DISABLE) given.fill(0).set([SS_DISABLE], 8);
  else if (view.getUint32(20, true) === 0 && view.getUint32(16, true) < SMALLEST_STACK) return -Errno.ENOMEM;
  alternateStack.set(given);
  return 0;
};

/** Sends a signal to the process itself; 0 only asks whether it is there (kill(2)). */
function send(context: Context, signal: number): number {
  if (signal < 0 || signal > LAST_SIGNAL) return -Errno.EINVAL;
  if (signal !== 0) context.signals.raise(signal);
  return 0;
}

const kill: Handler = (context, registers) => {
  const pid = intArgument(registers, 0);
  const self = context.identity.pid;
  return pid === self || pid === 0 || pid === -self ? send(context, intArgument(registers, 1)) : -Errno.ESRCH;
};

function sendToThread(context: Context, thread: number, registers: Registers, index: number): number {
  if (thread <= 0) return -Errno.EINVAL;
  return thread === context.identity.pid ? send(context, intArgument(registers, index)) : -Errno.ESRCH;
}

const tgkill: Handler = (context, registers) => {
  const group = intArgument(registers, 0);
  if (group <= 0) return -Errno.EINVAL;
  if (group !== context.identity.pid) return -Errno.ESRCH;
  return sendToThread(context, intArgument(registers, 1), registers, 2);
};

/** rt_sigreturn(2) outside of a handler finds no frame, which Linux answers with SIGSEGV. */
const rtSigreturn: Handler = (context) => {
  context.signals.raise(Signal.SIGSEGV, true);
  return 0;
};

/** Signals: sigaction(2), sigprocmask(2), sigaltstack(2), kill(2). */
export const signalCalls: HandlerTable = {
  rt_sigaction: rtSigaction,
  rt_sigprocmask: rtSigprocmask,
  rt_sigpending: rtSigpending,
  rt_sigsuspend: rtSigsuspend,
  rt_sigtimedwait: rtSigtimedwait,
  rt_sigreturn: rtSigreturn,
  sigaltstack,
  kill,
  tkill: (context, registers) => sendToThread(context, intArgument(registers, 0), registers, 1),
  tgkill,
};
