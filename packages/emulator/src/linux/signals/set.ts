import type { GuestMemory } from "../../memory/guest-memory.js";

/** Bytes of a signal set in the kernel's interface (rt_sigprocmask(2), `sigsetsize`). */
export const SET_SIZE = 8;

/** A set of signals as the kernel keeps it: signal n is bit n - 1 of 64, low half first. */
export type SignalSet = Uint32Array;

/** Makes a set: `signalSet(Signal.SIGKILL, Signal.SIGSTOP)`. */
export function signalSet(...signals: readonly number[]): SignalSet {
  const set = new Uint32Array(2);
  for (const signal of signals) setSignal(set, signal, true);
  return set;
}

/** Whether a set holds a signal. */
export function hasSignal(set: SignalSet, signal: number): boolean {
  return (((set[(signal - 1) >>> 5] ?? 0) >>> ((signal - 1) & 31)) & 1) === 1;
}

/** Adds a signal to a set, or removes it. */
export function setSignal(set: SignalSet, signal: number, present: boolean): void {
  const index = (signal - 1) >>> 5;
  const bit = 1 << ((signal - 1) & 31);
  set[index] = present ? (set[index] ?? 0) | bit : (set[index] ?? 0) & ~bit;
}

/** The signals of both sets. */
export function union(one: SignalSet, other: SignalSet): SignalSet {
  return one.map((word, index) => word | (other[index] ?? 0));
}

/** The signals of `from` that are not in `taken`. */
export function without(from: SignalSet, taken: SignalSet): SignalSet {
  return from.map((word, index) => word & ~(taken[index] ?? 0));
}

/** The signals that are in no way in the set. */
export function complement(set: SignalSet): SignalSet {
  return set.map((word) => ~word);
}

/** Whether any signal of `set` is not in `blocked`. Allocates nothing: it is asked at every system call. */
export function reaches(set: SignalSet, blocked: SignalSet): boolean {
  return (((set[0] ?? 0) & ~(blocked[0] ?? 0)) | ((set[1] ?? 0) & ~(blocked[1] ?? 0))) !== 0;
}

/** The lowest signal of a set, 0 if it is empty. */
export function lowest(set: SignalSet): number {
  const low = set[0] ?? 0;
  if (low !== 0) return 32 - Math.clz32(low & -low);
  const high = set[1] ?? 0;
  return high === 0 ? 0 : 64 - Math.clz32(high & -high);
}

/** Reads a set of the guest; undefined if it cannot be read. */
export function loadSet(memory: GuestMemory, address: number): SignalSet | undefined {
  const bytes = memory.read(address, SET_SIZE);
  return bytes && new Uint32Array(bytes.slice().buffer);
}

/** The bytes of a set, as the guest has them. */
export function setBytes(set: SignalSet): Uint8Array {
  return new Uint8Array(set.slice().buffer);
}
