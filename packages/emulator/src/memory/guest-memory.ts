import { Buffer } from "node:buffer";
import "../wasm/webassembly.js";
import {
  GUEST_END,
  GUEST_START,
  MEMORY_PAGES,
  PAGE_SHIFT,
  PAGE_SIZE,
  PERMISSIONS,
  Permission,
} from "./layout.js";
import { type Backing, createMappings, isPageAligned, type Mapping } from "./mappings.js";

/** Most bytes that a guest may have mapped, unless told otherwise: 2 GiB. */
const DEFAULT_MEMORY_LIMIT = 0x8000_0000;

/** What {@link createGuestMemory} can be told. */
export interface GuestMemoryOptions {
  /** Most bytes that the guest may have mapped at a time; {@link DEFAULT_MEMORY_LIMIT} unless told. */
  readonly limit?: number;
}

/** Called with the start and length in bytes of a range of guest pages. */
type RangeHook = (address: number, length: number) => void;

/** Plain anonymous memory, the backing of a mapping that names no other. */
const ANONYMOUS: Backing = { name: "", file: false, offset: 0, shared: false };

/**
 * The guest's address space, and the one WebAssembly memory that holds it (`layout.ts`).
 *
 * Addresses are numbers; one that is no guest address (negative, fractional, beyond {@link GUEST_END}) is
 * treated like an unmapped one. Views into the memory are never detached: it does not grow.
 */
export interface GuestMemory {
  /** The memory to import into WebAssembly modules. */
  readonly wasm: WebAssembly.Memory;
  /** All of it as bytes. */
  readonly u8: Uint8Array;
  /** All of it as unsigned words, index `address >>> 2`. */
  readonly u32: Uint32Array;
  /** All of it as signed words, index `address >>> 2`. */
  readonly i32: Int32Array;
  /** All of it for little-endian access at any address. */
  readonly view: DataView;
  /** One byte of {@link Permission} bits a page, index `address >>> PAGE_SHIFT`. */
  readonly permissions: Uint8Array;
  /** What is mapped, by address. Changed in place: copy what must survive. */
  readonly mappings: readonly Mapping[];
  /** Most bytes that may be mapped. */
  readonly limit: number;
  /** Bytes mapped now. */
  readonly mappedBytes: number;
  /**
   * Called before the first write to a page from which blocks were predecoded (see {@link watchCode}), and
   * before every {@link poke} to an executable page: blocks from there are stale. Set by the machine.
   */
  onCodeWrite: RangeHook;
  /**
   * Called after a range with executable pages was unmapped, replaced, zeroed or given another protection: blocks
   * from there are stale. Set by the machine.
   */
  onMappingChange: RangeHook;

  /**
   * Maps zeroed pages over whatever was there (`mmap` with `MAP_FIXED`).
   * @param prot `PROT_*` bits; the caller adds what the hardware implies.
   * @returns false, with nothing changed, if the guest's limit would be passed.
   * @throws RangeError if the range is not of whole guest pages: a caller's mistake.
   */
  map(address: number, length: number, prot: number, backing?: Backing): boolean;
  /**
   * Unmaps pages; parts that are not mapped are skipped (munmap(2)).
   * @throws RangeError as {@link map}.
   */
  unmap(address: number, length: number): void;
  /**
   * Sets the protection of pages.
   * @returns false, with nothing changed, if a page is not mapped (mprotect(2): ENOMEM).
   * @throws RangeError as {@link map}.
   */
  protect(address: number, length: number, prot: number): boolean;
  /**
   * Makes mapped pages read as zeros again (`MADV_DONTNEED`); unmapped ones are skipped.
   * @throws RangeError as {@link map}.
   */
  zero(address: number, length: number): void;
  /** Whether every page of a range is mapped, with whatever protection. */
  isMapped(address: number, length: number): boolean;
  /** The mapping that holds an address. */
  mappingAt(address: number): Mapping | undefined;
  /** The parts of mappings inside a range, cut to it. */
  mappingsWithin(address: number, length: number): Mapping[];
  /**
   * Where `length` bytes (a multiple of the page size) fit: at `hint` if that is free, else at the highest free place
   * below `ceiling`. The same calls give the same places in every run.
   */
  findFree(length: number, hint: number, ceiling: number): number | undefined;

  /** Whether all permission bits of `need` are granted on a range; WRITE counts as granted on watched code pages. */
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
  /** As {@link read} without regard to permissions, for loader and debugger; undefined outside of mapped pages. */
  peek(address: number, length: number): Uint8Array | undefined;
  /** As {@link write} without regard to permissions, for loader and debugger; false outside of mapped pages. */
  poke(address: number, bytes: Uint8Array): boolean;

  /**
   * Tells that blocks were predecoded from the page of `address`: its WRITE becomes WRITE_CODE, so that the next
   * write to it, by the guest or by a system call, calls {@link onCodeWrite} first.
   */
  watchCode(address: number): void;
  /** For the store slow path: calls {@link onCodeWrite} and gives WRITE back to the watched pages of a range. */
  releaseCode(address: number, length: number): void;
}

const PAGES = GUEST_END >>> PAGE_SHIFT;
/** Unit in which memory is looked at before it is zeroed: big enough to spare calls, small enough for the cache. */
const SCRUB_CHUNK = 0x1_0000;

/**
 * Makes the memory of one machine, at its full size: pages that nobody touches cost no physical memory.
 *
 * WebAssembly has no way to give touched pages back to the host, so unmapped pages are zeroed instead, and pages
 * that were never writable, or still hold only zeros, are not even touched: a guest holds at most the physical
 * memory of all different pages that it wrote to, and placement reuses addresses.
 */
export function createGuestMemory(options: GuestMemoryOptions = {}): GuestMemory {
  const limit = options.limit ?? DEFAULT_MEMORY_LIMIT;
  const wasm = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  const u8 = new Uint8Array(wasm.buffer);
  const bytes = Buffer.from(wasm.buffer);
  const zeros = Buffer.alloc(SCRUB_CHUNK);
  const permissions = new Uint8Array(wasm.buffer, PERMISSIONS, PAGES);
  /** 1 for each page that may hold something else than zeros. */
  const dirty = new Uint8Array(PAGES);
  const mappings = createMappings();
  let mappedBytes = 0;

  function demandPages(address: number, length: number): void {
    const valid = isPageAligned(address) && isPageAligned(length) && length > 0;
    if (!valid || address < GUEST_START || address + length > GUEST_END) {
      throw new RangeError(
        `not a range of guest pages: 0x${address.toString(16)} + 0x${length.toString(16)}; ` +
          `give multiples of ${PAGE_SIZE} from 0x${GUEST_START.toString(16)} to 0x${GUEST_END.toString(16)}`,
      );
    }
  }

  /** Zeroes the pages that may hold something, touching only memory that does. */
  function scrub(address: number, length: number): void {
    const start = address / PAGE_SIZE;
    const range = dirty.subarray(start, start + length / PAGE_SIZE);
    let next = 0;
    for (;;) {
      const found = range.indexOf(1, next);
      if (found < 0) return;
      const clean = range.indexOf(0, found);
      next = clean < 0 ? range.length : clean;
      const first = start + found;
      const page = start + next;
      for (let at = first * PAGE_SIZE; at < page * PAGE_SIZE; at += SCRUB_CHUNK) {
        const end = Math.min(at + SCRUB_CHUNK, page * PAGE_SIZE);
        if (bytes.compare(zeros, 0, end - at, at, end) !== 0) u8.fill(0, at, end);
      }
      dirty.fill(0, first, page);
    }
  }

  function hasCode(address: number, length: number): boolean {
    return mappings.within(address, address + length).some((mapping) => mapping.prot & Permission.EXEC);
  }

  function setPermissions(address: number, length: number, bits: number): void {
    const first = address / PAGE_SIZE;
    const last = first + length / PAGE_SIZE;
    permissions.fill(bits, first, last);
    if (bits & Permission.WRITE) dirty.fill(1, first, last);
  }

  function inGuest(address: number, length: number): boolean {
    return Number.isInteger(address) && address >= GUEST_START && address + length <= GUEST_END;
  }

  function releaseCode(address: number, length: number): void {
    const last = (address + length - 1) >>> PAGE_SHIFT;
    for (let page = address >>> PAGE_SHIFT; page <= last; page += 1) {
      const bits = permissions[page] ?? 0;
      if (!(bits & Permission.WRITE_CODE)) continue;
      memory.onCodeWrite(page * PAGE_SIZE, PAGE_SIZE);
      permissions[page] = (bits & ~Permission.WRITE_CODE) | Permission.WRITE;
    }
  }

  function check(address: number, length: number, need: number): boolean {
    if (length === 0) return address >= 0 && address <= GUEST_END;
    if (!inGuest(address, length)) return false;
    const last = (address + length - 1) >>> PAGE_SHIFT;
    for (let page = address >>> PAGE_SHIFT; page <= last; page += 1) {
      const bits = permissions[page] ?? 0;
      const granted = bits & Permission.WRITE_CODE ? bits | Permission.WRITE : bits;
      if ((granted & need) !== need) return false;
    }
    return true;
  }

  const memory: GuestMemory = {
    wasm,
    u8,
    u32: new Uint32Array(wasm.buffer, 0, wasm.buffer.byteLength >>> 2),
    i32: new Int32Array(wasm.buffer, 0, wasm.buffer.byteLength >>> 2),
    view: new DataView(wasm.buffer),
    permissions,
    mappings: mappings.list,
    limit,
    get mappedBytes() {
      return mappedBytes;
    },
    onCodeWrite: () => {},
    onMappingChange: () => {},

    map(address, length, prot, backing = ANONYMOUS) {
      demandPages(address, length);
      const total = mappedBytes + length - mappings.covered(address, address + length);
      if (total > limit) return false;
      const code = hasCode(address, length);
      scrub(address, length);
      mappings.add({ ...backing, start: address, end: address + length, prot });
      mappedBytes = total;
      setPermissions(address, length, prot | Permission.MAPPED);
      if (code) memory.onMappingChange(address, length);
      return true;
    },
    unmap(address, length) {
      demandPages(address, length);
      const code = hasCode(address, length);
      mappedBytes -= mappings.covered(address, address + length);
      mappings.remove(address, address + length);
      scrub(address, length);
      setPermissions(address, length, 0);
      if (code) memory.onMappingChange(address, length);
    },
    protect(address, length, prot) {
      demandPages(address, length);
      if (mappings.covered(address, address + length) !== length) return false;
      const code = hasCode(address, length);
      mappings.protect(address, address + length, prot);
      setPermissions(address, length, prot | Permission.MAPPED);
      if (code) memory.onMappingChange(address, length);
      return true;
    },
    zero(address, length) {
      demandPages(address, length);
      for (const mapping of mappings.within(address, address + length)) {
        const bytesInside = mapping.end - mapping.start;
        scrub(mapping.start, bytesInside);
        setPermissions(mapping.start, bytesInside, mapping.prot | Permission.MAPPED);
        if (mapping.prot & Permission.EXEC) memory.onMappingChange(mapping.start, bytesInside);
      }
    },
    isMapped: (address, length) => mappings.covered(address, address + length) === length,
    mappingAt: mappings.find,
    mappingsWithin: (address, length) => mappings.within(address, address + length),
    findFree(length, hint, ceiling) {
      const atHint = isPageAligned(hint) && inGuest(hint, length);
      if (atHint && mappings.covered(hint, hint + length) === 0) return hint;
      return mappings.findFree(length, GUEST_START, ceiling);
    },

    check,
    releaseCode,
    granted(address, length, need) {
      let end = address;
      while (end < address + length && check(end, 1, need)) {
        end = Math.min((Math.floor(end / PAGE_SIZE) + 1) * PAGE_SIZE, address + length);
      }
      return end - address;
    },
    read(address, length) {
      return check(address, length, Permission.READ) ? u8.subarray(address, address + length) : undefined;
    },
    writable(address, length) {
      if (!check(address, length, Permission.WRITE)) return undefined;
      if (length > 0) releaseCode(address, length);
      return u8.subarray(address, address + length);
    },
    write(address, source) {
      const target = memory.writable(address, source.length);
      target?.set(source);
      return target !== undefined;
    },
    readCString(address, max) {
      let end = address;
      while (end < address + max) {
        if (!check(end, 1, Permission.READ)) return undefined;
        const pageEnd = Math.min((Math.floor(end / PAGE_SIZE) + 1) * PAGE_SIZE, address + max);
        const nul = u8.subarray(end, pageEnd).indexOf(0);
        if (nul >= 0) return u8.subarray(address, end + nul);
        end = pageEnd;
      }
      return "too-long";
    },
    peek(address, length) {
      const known = length === 0 || (inGuest(address, length) && memory.isMapped(address, length));
      return known ? u8.subarray(address, address + length) : undefined;
    },
    poke(address, source) {
      const target = memory.peek(address, source.length);
      if (!target) return false;
      if (source.length === 0) return true;
      dirty.fill(1, address >>> PAGE_SHIFT, ((address + source.length - 1) >>> PAGE_SHIFT) + 1);
      if (hasCode(address, source.length)) memory.onCodeWrite(address, source.length);
      target.set(source);
      return true;
    },
    watchCode(address) {
      const page = address >>> PAGE_SHIFT;
      const bits = permissions[page] ?? 0;
      if (bits & Permission.WRITE) {
        permissions[page] = (bits & ~Permission.WRITE) | Permission.WRITE_CODE;
      }
    },
  };
  return memory;
}
