import type { GuestMemory } from "../memory/guest-memory.js";
import { Permission } from "../memory/layout.js";

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

/** Describes what is mapped, by address. */
export function describeMappings(memory: GuestMemory): MappingDescription[] {
  return memory.mappings.map(({ start, end, prot, offset, shared, inode, name, object }) => ({
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
  }));
}

const ADDRESS_DIGITS = 8;
/** Names are in this column. */
const NAME_COLUMN = 73;

/** The text of `/proc/self/maps`. */
export function mapsText(memory: GuestMemory): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  return describeMappings(memory)
    .map(({ start, end, permissions, offset, device, inode, name }) => {
      // Minor numbers have eight bits, or twenty in two parts (makedev(3)).
      const major = (device >>> 8) & 0xfff;
      const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
      const range = `${hex(start, ADDRESS_DIGITS)}-${hex(end, ADDRESS_DIGITS)}`;
      const line = `${range} ${permissions} ${hex(offset, 8)} ${hex(major, 2)}:${hex(minor, 2)} ${inode} `;
      return name === "" ? `${line}\n` : `${line.padEnd(NAME_COLUMN)}${name}\n`;
    })
    .join("");
}
