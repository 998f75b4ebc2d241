import { GUEST_END, GUEST_START, PAGE_SHIFT, PAGE_SIZE, Permission } from "./layout.js";

/** Guest memory as system calls see it: with the guest's own permissions. */
export interface GuestBytes {
  /** Whether all permission bits of `need` are granted on a range; WRITE counts as granted where it is only withheld. */
  check(address: number, length: number, need: number): boolean;
  /** How many of the first bytes of a range grant `need`: what a transfer that stops at a bad page can move. */
  granted(address: number, length: number, need: number): number;
  /**
   * A view of guest bytes, good until the guest runs or its mappings change; copy what must live longer.
   * Undefined if a page may not be read.
   */
  read(address: number, length: number): Uint8Array | undefined;
  /**
   * A view to write guest bytes through, good until the guest runs; announces the write to watched code pages at
   * once. Undefined if a page may not be written.
   */
  writable(address: number, length: number): Uint8Array | undefined;
  /** Copies bytes to the guest; false, with nothing written, if a page may not be written. */
  write(address: number, bytes: Uint8Array): boolean;
  /**
   * The bytes before the NUL of a guest string, as a view like {@link read}'s. `"too-long"` if there is no NUL in
   * the first `max` bytes, undefined if a page before the NUL may not be read.
   */
  readCString(address: number, max: number): Uint8Array | "too-long" | undefined;
}

/** Whether a range lies in the guest's address space. */
export function isInGuest(address: number, length: number): boolean {
  return Number.isInteger(address) && address >= GUEST_START && address + length <= GUEST_END;
}

/**
 * @param u8 all of the memory.
 * @param permissions those of its pages.
 * @param release called before a range is written to.
 * @param settle brings pages up to date that are held.
 */
export function createGuestBytes(
  u8: Uint8Array,
  permissions: Uint8Array,
  release: (address: number, length: number) => void,
  settle: () => void,
): GuestBytes {
  const pageEnd = (address: number): number => (Math.floor(address / PAGE_SIZE) + 1) * PAGE_SIZE;

  const bytes: GuestBytes = {
    check(address, length, need) {
      if (length === 0) return address >= 0 && address <= GUEST_END;
      if (!isInGuest(address, length)) return false;
      const last = (address + length - 1) >>> PAGE_SHIFT;
      for (let page = address >>> PAGE_SHIFT; page <= last; page += 1) {
        if ((permissions[page] ?? 0) & Permission.HELD) settle();
        const bits = permissions[page] ?? 0;
        const granted = bits & Permission.WRITE_CODE ? bits | Permission.WRITE : bits;
        if ((granted & need) !== need) return false;
      }
      return true;
    },
    granted(address, length, need) {
      let end = address;
      while (end < address + length && bytes.check(end, 1, need)) {
        end = Math.min(pageEnd(end), address + length);
      }
      return end - address;
    },
    read(address, length) {
      return bytes.check(address, length, Permission.READ)
        ? u8.subarray(address, address + length)
        : undefined;
    },
    writable(address, length) {
      if (!bytes.check(address, length, Permission.WRITE)) return undefined;
      if (length > 0) release(address, length);
      return u8.subarray(address, address + length);
    },
    write(address, source) {
      const target = bytes.writable(address, source.length);
      target?.set(source);
      return target !== undefined;
    },
    readCString(address, max) {
      let end = address;
      while (end < address + max) {
        if (!bytes.check(end, 1, Permission.READ)) return undefined;
        const stop = Math.min(pageEnd(end), address + max);
        const nul = u8.subarray(end, stop).indexOf(0);
        if (nul >= 0) return u8.subarray(address, end + nul);
        end = stop;
      }
      return "too-long";
    },
  };
  return bytes;
}
