import { setImmediate as nextTurn } from "node:timers/promises";
import type { GuestExit } from "@qpp/emulator/contract";
import { turnOnOptimizer } from "./optimizer.js";

/** What is needed of a machine to run it bit by bit. */
export interface Sliceable {
  readonly executed: number;
  /** Runs about so many instructions; undefined while the guest has not ended. */
  runSlice(insns: number): GuestExit | undefined;
}

const FIRST_SLICE = 1_000_000;
const SMALLEST_SLICE = 10_000;
const LARGEST_SLICE = 1_000_000_000;
/** So long a slice should take: signals and progress wait for no longer, and a turn of the event loop costs little of it. */
const SLICE_MILLISECONDS = 50;
/** A slice grows by no more than this from one to the next: one quick slice tells little. */
const GROWTH = 4;

/**
 * Runs the guest to its end, in slices between which the event loop turns. `between` is called after those in which it ran: one
 * that waits, for input or by the host's clock, comes back early.
 */
export async function runInSlices(machine: Sliceable, between: () => void): Promise<GuestExit> {
  let slice = FIRST_SLICE;
  for (;;) {
    const started = performance.now();
    const before = machine.executed;
    const end = machine.runSlice(slice);
    if (end !== undefined) return end;
    // What it did before it waited tells little of how fast it is.
    if (machine.executed - before >= slice / 2) {
      slice = nextSlice(slice, performance.now() - started);
      between();
    }
    turnOnOptimizer();
    await nextTurn();
  }
}

/** The size of the next slice, from the time that the last one took. */
export function nextSlice(last: number, milliseconds: number): number {
  const fitting = (last * SLICE_MILLISECONDS) / Math.max(milliseconds, 1);
  return Math.round(Math.min(LARGEST_SLICE, last * GROWTH, Math.max(SMALLEST_SLICE, fitting)));
}
