import { GUEST_END, PAGE_SIZE } from "../memory/layout.js";

/**
 * Where the parts of a process go, in the order of Linux: program, heap, free space, mappings growing down, stack.
 * Nothing is randomized, so addresses are the same in every run.
 */

/** First address past the stack. */
export const STACK_TOP: number = GUEST_END;
/** Bytes of the stack: the soft limit (`RLIMIT_STACK`) that Linux gives, mapped as a whole. */
export const STACK_SIZE = 0x80_0000;
/** Mappings are placed below; the gap to the stack is at least Linux's `stack_guard_gap`, 256 pages. */
export const MMAP_TOP: number = STACK_TOP - 2 * STACK_SIZE;
/** Where a position-independent program is loaded. */
export const PIE_BASE = 0x4000_0000;

/** Rounds up to whole pages. Exact for every number below 2^53. */
export function pageCeil(value: number): number {
  return Math.ceil(value / PAGE_SIZE) * PAGE_SIZE;
}

/** Rounds down to whole pages. */
export function pageFloor(value: number): number {
  return Math.floor(value / PAGE_SIZE) * PAGE_SIZE;
}
