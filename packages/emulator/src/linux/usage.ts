import type { GuestMemory } from "../memory/guest-memory.js";
import { CLOCK_TICKS } from "./initial-stack.js";
import { store64, storePair } from "./structures.js";

/** What somebody has used up (getrusage(2)). The kernel's own work takes no time here, and memory is never swapped out. */
export interface Usage {
  /** User time, in nanoseconds. */
  readonly time: number;
  /** The most memory that was mapped at a time, in bytes. */
  readonly peak: number;
}

/** Nothing yet. */
export const NO_USAGE: Usage = { time: 0, peak: 0 };

/** Both together: time adds up, the larger one of the peaks stays. */
export function addUsage(one: Usage, other: Usage): Usage {
  return { time: one.time + other.time, peak: Math.max(one.peak, other.peak) };
}

/** Bytes of a `struct rusage`. */
const RUSAGE_SIZE = 144;
const SECOND = 1_000_000_000;
const MICROSECOND = 1000;
const KIB = 1024;

/** Writes a `struct rusage`. Gives whether there was room. */
export function storeUsage(memory: GuestMemory, address: number, { time, peak }: Usage): boolean {
  const into = memory.writable(address, RUSAGE_SIZE);
  if (!into) return false;
  into.fill(0);
  storePair(memory, address, Math.floor(time / SECOND), Math.floor((time % SECOND) / MICROSECOND));
  store64(memory, address + 32, Math.floor(peak / KIB));
  return true;
}

/** Nanoseconds as the clock ticks of times(2) and proc(5). */
export function ticksOf(nanoseconds: number): number {
  return Math.floor(nanoseconds / (SECOND / CLOCK_TICKS));
}
