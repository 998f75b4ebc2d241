import { contract, fn } from "@qpp/core";

/**
 * What memory is for: a mapped file, such as a program's code and data; what a program or library has in memory but not in its file
 * (`.bss`); what `brk` gives; the stack that a process begins with; that of another thread; the kernel's own pages; or memory
 * without a name, where large allocations are.
 */
export type RegionKind = "file" | "bss" | "heap" | "stack" | "thread stack" | "kernel" | "anonymous";

/** A run of pages of the running process with one purpose and one protection. Stays as it is. */
export interface Region {
  readonly kind: RegionKind;
  /** The path of the file, the object that a `.bss` belongs to, `[heap]`, `[stack]`, `[stack of vCPU 2]`, `[anonymous]`. */
  readonly name: string;
  readonly start: number;
  /** First address past the end. */
  readonly end: number;
  /** As in `/proc/self/maps`: `r-xp`. */
  readonly permissions: string;
  /** Where in the file it begins; 0 without a file. */
  readonly offset: number;
}

/** What `regions` offers: what an address of the running process belongs to. */
export const regions = contract("regions", {
  functions: {
    /** Undefined for an address that is not mapped. Quick: what a page belongs to is looked up once. */
    at: fn<(address: number) => Region | undefined>(),
    /** All of them, by address. */
    list: fn<() => readonly Region[]>(),
  },
});
