import "../wasm/webassembly.js";
import { type Budget, createBudget } from "./budget.js";
import { fill } from "./fill.js";
import { createGuestBytes, type GuestBytes, isInGuest } from "./guest-bytes.js";
import { GUEST_END, GUEST_START, MEMORY_PAGES, PAGE_SHIFT, PAGE_SIZE, Permission } from "./layout.js";
import { type Backing, createMappings, isPageAligned, type Mapping } from "./mappings.js";
import { createPages, type Pages } from "./pages.js";
import { forEachRun } from "./runs.js";
import { createSharedFiles, type SharedFiles } from "./shared-files.js";
import type { SharedObject } from "./shared-object.js";
import { createSharedPages } from "./shared-pages.js";

/** What the address spaces of a machine have in common. */
export interface MemoryHost {
  /** What all of them together may have. */
  readonly budget: Budget;
  readonly files: SharedFiles;
}

/**
 * Makes what the address spaces of one machine have in common.
 * @param limit most bytes that all of them may have accessible at a time; 2 GiB unless told.
 */
export function createMemoryHost(limit?: number): MemoryHost {
  return { budget: createBudget(limit), files: createSharedFiles() };
}

/** What {@link createGuestMemory} can be told. */
export interface GuestMemoryOptions {
  /** What it has in common with others; nothing unless told. */
  readonly host?: MemoryHost | undefined;
  /** Most bytes that may be accessible at a time, if there is no `host`. */
  readonly limit?: number | undefined;
}

/** Why an access is refused. */
export type FaultCause = "unmapped" | "denied" | "beyond-file";

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
export interface GuestMemory extends GuestBytes {
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
  /** All that is known of pages, for copies. */
  readonly pages: Pages;
  /** What it has in common with other address spaces. */
  readonly host: MemoryHost;
  /** What is mapped, by address. Changed in place: copy what must survive. */
  readonly mappings: readonly Mapping[];
  /** Counts changes of {@link mappings}. */
  readonly mappingsStamp: number;
  /** Most bytes that may be charged, to this address space and to those that it shares its host with. */
  readonly limit: number;
  /**
   * Bytes charged to this address space: its pages that can be accessed, and those that cannot but hold something.
   * Mere reservations (PROT_NONE) are free.
   */
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
   * Maps pages over whatever was there (`mmap` with `MAP_FIXED`): zeros, or what the backing's source or object shows.
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
   * @returns false, with nothing changed, if a page is not mapped, or the limit would be passed (mprotect(2): ENOMEM).
   * @throws RangeError as {@link map}.
   */
  protect(address: number, length: number, prot: number): boolean;
  /**
   * Makes private pages hold again what they held when they were mapped (`MADV_DONTNEED`); others are skipped.
   * @throws RangeError as {@link map}.
   */
  discard(address: number, length: number): void;
  /**
   * Copies what private pages hold to other pages, which hold zeros: pages that nobody touched cost nothing.
   * @throws RangeError as {@link map}.
   */
  copyPages(from: number, to: number, length: number): void;
  /** Says what the child of a fork finds in place of the mapped pages of a range. */
  setOnFork(address: number, length: number, onFork: Mapping["onFork"]): void;
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

  /** As {@link read} without regard to permissions, for loader and debugger; undefined outside of mapped pages. */
  peek(address: number, length: number): Uint8Array | undefined;
  /** As {@link write} without regard to permissions, for loader and debugger; false outside of mapped pages. */
  poke(address: number, bytes: Uint8Array): boolean;

  /**
   * Tells that blocks were predecoded from the page of `address`: its WRITE becomes WRITE_CODE, so that the next
   * write to it, by the guest or by a system call, calls {@link onCodeWrite} first.
   */
  watchCode(address: number): void;
  /**
   * For the slow path: brings pages of a range up to date, if there are any that are held; else it is a store, and WRITE is
   * given to those that it is withheld from. Calls {@link onCodeWrite} first for those that are watched.
   */
  releaseCode(address: number, length: number): void;

  /**
   * Becomes a copy of another address space, which has to be left or running; what is shared stays shared (fork(2)).
   * Copies only pages that hold something.
   * @returns false, and is empty then, if the limit would be passed.
   */
  copyFrom(other: GuestMemory): boolean;
  /** Unmaps everything: for another program, or because nobody runs here any more. */
  reset(): void;
  /** To be called before other address spaces run: they see what was stored to shared pages. Free without such pages. */
  leave(): void;
  /** To be called before code runs in it again: shared pages show what others have stored. Free without such pages. */
  enter(): void;
  /** What a futex at a shared address is known by to all who share it; undefined for private memory. */
  sharedKey(address: number): { readonly object: SharedObject; readonly offset: number } | undefined;
  /** Why an access to this address is refused: SEGV_MAPERR, SEGV_ACCERR and BUS_ADRERR of sigaction(2). */
  faultCause(address: number): FaultCause;
}

/**
 * Makes the memory of one address space, at its full size: pages that nobody touches cost no physical memory.
 *
 * WebAssembly has no way to give touched pages back to the host, so unmapped pages are zeroed instead, those that were
 * never written to not even touched: a guest holds at most the physical memory of all different pages that it wrote to, and
 * placement reuses addresses.
 */
export function createGuestMemory(options: GuestMemoryOptions = {}): GuestMemory {
  const host = options.host ?? createMemoryHost(options.limit);
  const { budget } = host;
  const wasm = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  const u8 = new Uint8Array(wasm.buffer);
  const pages = createPages(wasm.buffer);
  const { permissions } = pages;
  const mappings = createMappings();
  const codeWrite: RangeHook = (address, length) => memory.onCodeWrite(address, length);
  const shared = createSharedPages({ u8, pages, mappings, codeWrite });
  const bytes = createGuestBytes(u8, permissions, releaseCode, shared.push);
  let charged = 0;

  function demandPages(address: number, length: number): void {
    const valid = isPageAligned(address) && isPageAligned(length) && length > 0;
    if (!valid || address < GUEST_START || address + length > GUEST_END) {
      throw new RangeError(
        `not a range of guest pages: 0x${address.toString(16)} + 0x${length.toString(16)}; ` +
          `give multiples of ${PAGE_SIZE} from 0x${GUEST_START.toString(16)} to 0x${GUEST_END.toString(16)}`,
      );
    }
  }

  function charge(length: number): boolean {
    if (!budget.charge(length)) return false;
    charged += length;
    return true;
  }

  /** Tells that code in a range is stale, after `change`. */
  function withCode(address: number, length: number, change: () => void): void {
    const parts = mappings.within(address, address + length);
    const code = parts.some((mapping) => mapping.prot & Permission.EXEC);
    change();
    if (code) memory.onMappingChange(address, length);
  }

  function releaseCode(address: number, length: number): void {
    const last = (address + length - 1) >>> PAGE_SHIFT;
    for (let page = address >>> PAGE_SHIFT; page <= last; page += 1) {
      const bits = permissions[page] ?? 0;
      if (bits & Permission.HELD) {
        shared.push();
        return;
      }
      if (!(bits & Permission.WRITE_CODE)) continue;
      if (pages.watched[page]) memory.onCodeWrite(page * PAGE_SIZE, PAGE_SIZE);
      pages.watched[page] = 0;
      if (pages.shared[page]) shared.note(page);
      pages.open(page);
    }
  }

  function empty(address: number, length: number): void {
    const first = address / PAGE_SIZE;
    const last = first + length / PAGE_SIZE;
    pages.scrub(first, last);
    pages.clear(first, last);
  }

  /** Has new pages show what they are to show. */
  function show(mapping: Mapping): void {
    const { start, end, offset, prot, source, object } = mapping;
    const first = start / PAGE_SIZE;
    const last = end / PAGE_SIZE;
    if (object) {
      shared.load(mapping);
      return;
    }
    if (source) {
      const inside = Math.max(0, Math.ceil((source.size() - offset) / PAGE_SIZE));
      pages.beyond.fill(1, Math.min(last, first + inside), last);
      fill(u8, pages, mapping, source);
    }
    pages.grant(first, last, prot);
  }

  const memory: GuestMemory = {
    ...bytes,
    wasm,
    u8,
    u32: new Uint32Array(wasm.buffer, 0, wasm.buffer.byteLength >>> 2),
    i32: new Int32Array(wasm.buffer, 0, wasm.buffer.byteLength >>> 2),
    view: new DataView(wasm.buffer),
    permissions,
    pages,
    host,
    mappings: mappings.list,
    get mappingsStamp() {
      return mappings.stamp;
    },
    limit: budget.limit,
    get mappedBytes() {
      return charged;
    },
    onCodeWrite: () => {},
    onMappingChange: () => {},

    map(address, length, prot, backing = ANONYMOUS) {
      demandPages(address, length);
      const parts = mappings.within(address, address + length);
      if (!charge((prot === 0 ? 0 : length) - chargeOf(parts, pages))) return false;
      shared.push();
      withCode(address, length, () => {
        empty(address, length);
        const mapping = { ...backing, start: address, end: address + length, prot };
        mappings.add(mapping);
        show(mapping);
        shared.attach(mapping);
      });
      shared.detach(parts);
      return true;
    },
    unmap(address, length) {
      demandPages(address, length);
      const parts = mappings.within(address, address + length);
      charge(-chargeOf(parts, pages));
      shared.push();
      withCode(address, length, () => {
        mappings.remove(address, address + length);
        empty(address, length);
      });
      shared.detach(parts);
    },
    protect(address, length, prot) {
      demandPages(address, length);
      const parts = mappings.within(address, address + length);
      if (mappings.covered(address, address + length) !== length) return false;
      const changed = parts.map((mapping) => ({ ...mapping, prot }));
      if (!charge(chargeOf(changed, pages) - chargeOf(parts, pages))) return false;
      shared.push();
      withCode(address, length, () => {
        mappings.change(address, address + length, { prot });
        pages.grant(address / PAGE_SIZE, (address + length) / PAGE_SIZE, prot);
      });
      return true;
    },
    discard(address, length) {
      demandPages(address, length);
      for (const mapping of mappings.within(address, address + length)) {
        if (mapping.object) continue;
        const { start, end } = mapping;
        charge(-chargeOf([mapping], pages));
        withCode(start, end - start, () => {
          pages.scrub(start / PAGE_SIZE, end / PAGE_SIZE);
          show(mapping);
        });
        charge(chargeOf([mapping], pages));
      }
    },
    copyPages(from, to, length) {
      demandPages(from, length);
      demandPages(to, length);
      const first = from / PAGE_SIZE;
      const moved = (to - from) / PAGE_SIZE;
      forEachRun(pages.touched, first, first + length / PAGE_SIZE, (start, end) => {
        u8.copyWithin((start + moved) * PAGE_SIZE, start * PAGE_SIZE, end * PAGE_SIZE);
        pages.touched.fill(1, start + moved, end + moved);
      });
    },
    setOnFork(address, length, onFork) {
      mappings.change(address, address + length, { onFork });
    },
    isMapped: (address, length) => mappings.covered(address, address + length) === length,
    mappingAt: mappings.find,
    mappingsWithin: (address, length) => mappings.within(address, address + length),
    findFree(length, hint, ceiling) {
      const atHint = isPageAligned(hint) && isInGuest(hint, length);
      if (atHint && mappings.covered(hint, hint + length) === 0) return hint;
      return mappings.findFree(length, GUEST_START, ceiling);
    },

    releaseCode,
    peek(address, length) {
      const known = length === 0 || (isInGuest(address, length) && memory.isMapped(address, length));
      if (memory.sharedKey(address)) shared.push();
      return known ? u8.subarray(address, address + length) : undefined;
    },
    poke(address, source) {
      const target = memory.peek(address, source.length);
      if (!target) return false;
      if (source.length === 0) return true;
      const parts = mappings.within(address, address + source.length);
      if (parts.some(({ prot }) => prot & Permission.EXEC)) memory.onCodeWrite(address, source.length);
      const last = (address + source.length - 1) >>> PAGE_SHIFT;
      for (let page = address >>> PAGE_SHIFT; page <= last; page += 1) {
        if (pages.shared[page]) shared.note(page);
        pages.touched[page] = 1;
      }
      target.set(source);
      return true;
    },
    watchCode(address) {
      const page = address >>> PAGE_SHIFT;
      pages.watched[page] = 1;
      pages.withhold(page);
    },

    copyFrom(other) {
      memory.reset();
      other.leave();
      const kept = other.mappings.filter(({ onFork }) => onFork !== "absent");
      if (!charge(chargeOf(kept, other.pages))) return false;
      for (const mapping of kept) {
        const { start, end, object, prot } = mapping;
        const first = start / PAGE_SIZE;
        const last = end / PAGE_SIZE;
        mappings.add(mapping);
        shared.attach(mapping);
        if (object) {
          shared.load(mapping);
          continue;
        }
        pages.beyond.set(other.pages.beyond.subarray(first, last), first);
        if (mapping.onFork === undefined) {
          forEachRun(other.pages.touched, first, last, (from, to) => {
            u8.set(other.u8.subarray(from * PAGE_SIZE, to * PAGE_SIZE), from * PAGE_SIZE);
            pages.touched.fill(1, from, to);
          });
        }
        pages.grant(first, last, prot);
      }
      return true;
    },
    reset() {
      shared.push();
      const parts = [...mappings.list];
      mappings.remove(GUEST_START, GUEST_END);
      charge(-charged);
      for (const { start, end, prot } of parts) {
        empty(start, end - start);
        if (prot & Permission.EXEC) memory.onMappingChange(start, end - start);
      }
      shared.detach(parts);
    },
    leave() {
      shared.push();
      shared.settle();
    },
    enter: shared.pull,
    sharedKey(address) {
      const mapping = mappings.find(address);
      const object = mapping?.object;
      return mapping && object && { object, offset: mapping.offset + (address - mapping.start) };
    },
    faultCause(address) {
      if (!mappings.find(address)) return "unmapped";
      return pages.beyond[Math.floor(address / PAGE_SIZE)] ? "beyond-file" : "denied";
    },
  };
  return memory;
}

/** Bytes that mappings are charged with. */
function chargeOf(mappings: readonly Mapping[], pages: Pages): number {
  let bytes = 0;
  for (const { start, end, prot } of mappings) {
    if (prot !== 0) bytes += end - start;
    else bytes += pages.countTouched(start / PAGE_SIZE, end / PAGE_SIZE) * PAGE_SIZE;
  }
  return bytes;
}
