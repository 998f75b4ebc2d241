import type { BatchOptions } from "../contract/lanes.js";

/** So few that records are still in the processor's nearest caches when they are looked at; so many that every block fits. */
const DEFAULT = 2048;
const LARGEST = 0x10_0000;

/** How many events a batch is to hold. @throws RangeError for a number that makes no sense */
export function batchCapacity({ capacity = DEFAULT }: BatchOptions): number {
  if (Number.isInteger(capacity) && capacity >= 1 && capacity <= LARGEST) return capacity;
  throw new RangeError(`a batch holds a whole number of events from 1 to ${LARGEST}; got ${capacity}`);
}
