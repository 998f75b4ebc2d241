import { Permission } from "../memory/layout.js";
import type { Mapping } from "../memory/mappings.js";

/** What a line of `/proc/self/maps` says (proc(5)). */
export interface MappingDescription {
  readonly start: number;
  /** First address past the end. */
  readonly end: number;
  /** Such as `r-xp`; the last letter is `s` for shared mappings. */
  readonly permissions: string;
  /** Offset in the file; 0 for memory without one. */
  readonly offset: number;
  /** Device number of the file, and its number there; both 0 for memory without one. */
  readonly device: number;
  readonly inode: bigint;
  /** Path of the file, a name such as `[heap]`, or nothing. */
  readonly name: string;
}

/** Shared memory without a name is a deleted file to Linux (mm/shmem.c, shmem_zero_setup). */
const SHARED_MEMORY = "/dev/zero (deleted)";

/** Describes a mapping. */
export function describeMapping(mapping: Mapping): MappingDescription {
  const { start, end, prot, offset, shared, inode, name, object } = mapping;
  return {
    start,
    end,
    permissions:
      (prot & Permission.READ ? "r" : "-") +
      (prot & Permission.WRITE ? "w" : "-") +
      (prot & Permission.EXEC ? "x" : "-") +
      (shared ? "s" : "p"),
    offset,
    device: inode?.device ?? 0,
    inode: inode?.number ?? 0n,
    name: name === "" && object ? SHARED_MEMORY : name,
  };
}
