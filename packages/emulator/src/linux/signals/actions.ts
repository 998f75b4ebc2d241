import { defaultAction, LAST_SIGNAL, Signal } from "./numbers.js";
import { type SignalSet, setSignal, signalSet } from "./set.js";

/** Bytes of `struct sigaction` in the kernel: handler, flags, mask; no restorer on riscv64. */
export const ACTION_SIZE = 24;

/** Flags of sigaction(2). */
export const ActionFlag = {
  NOCLDSTOP: 0x1,
  NOCLDWAIT: 0x2,
  SIGINFO: 0x4,
  ONSTACK: 0x0800_0000,
  RESTART: 0x1000_0000,
  NODEFER: 0x4000_0000,
  RESETHAND: 0x8000_0000,
} as const;

/** SA_EXPOSE_TAGBITS, which programs ask the kernel for; it changes nothing where addresses have no tags. */
const EXPOSE_TAGBITS = 0x800;
/** Flags that are kept. Others read back as zero: so programs find out what a kernel knows (sigaction(2)). */
const KNOWN_FLAGS = Object.values(ActionFlag).reduce((all, flag) => all | flag, EXPOSE_TAGBITS);

/** What a process has said is to happen at a signal. */
export interface Action {
  /** Address of the handler, or {@link DEFAULT} or {@link IGNORE}. All 64 bits, as it was given. */
  readonly handler: bigint;
  /** {@link ActionFlag} bits. */
  readonly flags: number;
  /** Signals that are blocked while the handler runs, besides the signal itself. */
  readonly mask: SignalSet;
}

/** SIG_DFL. */
export const DEFAULT = 0n;
/** SIG_IGN. */
export const IGNORE = 1n;

/** A signal's action before anything is said. */
const UNTOUCHED: Action = { handler: DEFAULT, flags: 0, mask: signalSet() };

/** The actions of a process; shared with what clone(2) makes with CLONE_SIGHAND. */
export interface Actions {
  /** @throws RangeError if there is no such signal: a caller's mistake. */
  get(signal: number): Action;
  set(signal: number, action: Action): void;
  /** Puts one signal back to its default (SA_RESETHAND), and keeps flags and mask. */
  reset(signal: number): void;
  /** A copy of its own, as fork(2) makes. */
  copy(): Actions;
  /** For execve(2): handlers are gone, ignored signals stay ignored. */
  forgetHandlers(): void;
}

/** Makes a table of actions, all default. */
export function createActions(from: readonly Action[] = []): Actions {
  const actions = Array.from({ length: LAST_SIGNAL + 1 }, (_, signal) => from[signal] ?? UNTOUCHED);
  const get = (signal: number): Action => {
    const found = signal > 0 ? actions[signal] : undefined;
    if (!found) throw new RangeError(`no such signal: ${signal}; they go from 1 to ${LAST_SIGNAL}`);
    return found;
  };
  return {
    get,
    set(signal, action) {
      actions[signal] = action;
    },
    reset(signal) {
      actions[signal] = { ...get(signal), handler: DEFAULT };
    },
    copy: () => createActions(actions),
    forgetHandlers() {
      actions.forEach((action, signal) => {
        actions[signal] = action.handler === IGNORE ? { ...UNTOUCHED, handler: IGNORE } : UNTOUCHED;
      });
    },
  };
}

/** Whether an action lets the signal vanish: ignored, or default and harmless. */
export function isIgnored(signal: number, action: Action): boolean {
  if (action.handler === IGNORE) return true;
  const what = defaultAction(signal);
  return action.handler === DEFAULT && (what === "ignore" || what === "continue");
}

/** Makes an action of the bytes of a `struct sigaction`. */
export function decodeAction(bytes: Uint8Array): Action {
  const view = new DataView(bytes.buffer, bytes.byteOffset, ACTION_SIZE);
  const mask = Uint32Array.of(view.getUint32(16, true), view.getUint32(20, true));
  setSignal(mask, Signal.SIGKILL, false);
  setSignal(mask, Signal.SIGSTOP, false);
  return {
    handler: view.getBigUint64(0, true),
    flags: (view.getUint32(8, true) & KNOWN_FLAGS) >>> 0,
    mask,
  };
}

/** The bytes of a `struct sigaction`. */
export function encodeAction(action: Action): Uint8Array {
  const view = new DataView(new ArrayBuffer(ACTION_SIZE));
  view.setBigUint64(0, action.handler, true);
  view.setUint32(8, action.flags, true);
  action.mask.forEach((word, index) => {
    view.setUint32(16 + 4 * index, word, true);
  });
  return new Uint8Array(view.buffer);
}
