import { PAGE_SHIFT } from "./layout.js";
import type { SharedObject } from "./shared-object.js";
import type { PageSource } from "./source.js";

/** Where the contents of a mapping come from; shown in listings, and what decides whether neighbours merge. */
export interface Backing {
  /** Path of the file, or a kernel-like name such as `[heap]` and `[stack]`; empty for plain anonymous memory. */
  readonly name: string;
  /** Whether `name` is the path of a file. */
  readonly file: boolean;
  /** Offset in the file or shared object of the first byte of the mapping; 0 for private anonymous memory. */
  readonly offset: number;
  /** Whether the mapping was made with `MAP_SHARED`. */
  readonly shared: boolean;
  /** What a private mapping of a file shows where it has not been written to. */
  readonly source?: PageSource | undefined;
  /** What a shared mapping shows. */
  readonly object?: SharedObject | undefined;
  /** False: it may never become writable, because its file was opened for reading only (mprotect(2), EACCES). */
  readonly mayWrite?: boolean | undefined;
  /** Device and number of the file, for listings. */
  readonly inode?: { readonly device: number; readonly number: bigint } | undefined;
  /** What the child of a fork finds instead of a copy: nothing, or zeros (madvise(2), MADV_DONTFORK, MADV_WIPEONFORK). */
  readonly onFork?: "absent" | "zeros" | undefined;
}

/** A run of guest pages with one protection and one origin: a line of `/proc/self/maps` (proc(5)). */
export interface Mapping extends Backing {
  /** First address. */
  readonly start: number;
  /** First address past the end. */
  readonly end: number;
  /** `PROT_*` bits of mmap(2), which equal the low bits of a permission byte. */
  readonly prot: number;
}

/** The sorted, disjoint mappings of an address space: a list, because programs have tens of them. */
export interface Mappings {
  /** All of them, by address. Changed in place: copy what must survive. */
  readonly list: readonly Mapping[];
  /** Counts changes: the list is the same while the count is. */
  readonly stamp: number;
  /** Adds a mapping, cutting away whatever was in its range. Equal neighbours become one, as in Linux. */
  add(mapping: Mapping): void;
  /** Removes a range, cutting the mappings at its edges. */
  remove(start: number, end: number): void;
  /** Changes the mapped parts of a range: their protection, or what becomes of them on a fork. */
  change(start: number, end: number, change: Partial<Pick<Mapping, "prot" | "onFork">>): void;
  /** The mapping that holds an address. */
  find(address: number): Mapping | undefined;
  /** The parts of mappings inside a range, cut to it. */
  within(start: number, end: number): Mapping[];
  /** How many bytes of a range are mapped. */
  covered(start: number, end: number): number;
  /** The highest free range of `length` bytes between `floor` and `ceiling`: the top-down placement of mmap(2). */
  findFree(length: number, floor: number, ceiling: number): number | undefined;
}

/** Makes an empty list. */
export function createMappings(): Mappings {
  const list: Mapping[] = [];
  let stamp = 0;

  /** Index of the first mapping that ends after `address`. */
  function indexAfter(address: number): number {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const mapping = list[middle];
      if (mapping && mapping.end <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes `address` a border between mappings, if it lies inside of one; gives the index of what follows. */
  function split(address: number): number {
    const index = indexAfter(address);
    const mapping = list[index];
    if (!mapping || mapping.start >= address) return index;
    list.splice(index, 1, { ...mapping, end: address }, cutStart(mapping, address));
    return index + 1;
  }

  function mergeAt(index: number): void {
    const left = list[index - 1];
    const right = list[index];
    if (left && right && continues(left, right)) list.splice(index - 1, 2, { ...left, end: right.end });
  }

  function remove(start: number, end: number): void {
    stamp += 1;
    const first = split(start);
    list.splice(first, split(end) - first);
  }

  function within(start: number, end: number): Mapping[] {
    const parts: Mapping[] = [];
    for (let index = indexAfter(start); index < list.length; index += 1) {
      const mapping = list[index];
      if (!mapping || mapping.start >= end) break;
      const cut = mapping.start < start ? cutStart(mapping, start) : mapping;
      parts.push(cut.end > end ? { ...cut, end } : cut);
    }
    return parts;
  }

  return {
    list,
    get stamp() {
      return stamp;
    },
    remove,
    within,
    add(mapping) {
      remove(mapping.start, mapping.end);
      const index = indexAfter(mapping.start);
      list.splice(index, 0, mapping);
      mergeAt(index + 1);
      mergeAt(index);
    },
    change(start, end, change) {
      stamp += 1;
      const first = split(start);
      const last = split(end);
      for (let index = first; index < last; index += 1) {
        const mapping = list[index];
        if (mapping) list[index] = { ...mapping, ...change };
      }
      for (let index = last; index >= first; index -= 1) mergeAt(index);
    },
    find(address) {
      const mapping = list[indexAfter(address)];
      return mapping && mapping.start <= address ? mapping : undefined;
    },
    covered(start, end) {
      let bytes = 0;
      for (let index = indexAfter(start); index < list.length; index += 1) {
        const mapping = list[index];
        if (!mapping || mapping.start >= end) break;
        bytes += Math.min(mapping.end, end) - Math.max(mapping.start, start);
      }
      return bytes;
    },
    findFree(length, floor, ceiling) {
      let top = ceiling;
      for (let index = indexAfter(ceiling - 1); index >= 0; index -= 1) {
        const mapping = list[index];
        if (!mapping || mapping.start >= top) continue;
        if (top - Math.max(mapping.end, floor) >= length) return top - length;
        top = Math.min(top, mapping.start);
      }
      return top - floor >= length ? top - length : undefined;
    },
  };
}

/** Whether the pages of a mapping have places in a file or shared object: others are all alike. */
export function hasOffset(backing: Backing): boolean {
  return backing.file || backing.object !== undefined;
}

function cutStart(mapping: Mapping, start: number): Mapping {
  return { ...mapping, start, offset: hasOffset(mapping) ? mapping.offset + (start - mapping.start) : 0 };
}

function continues(left: Mapping, right: Mapping): boolean {
  return (
    left.end === right.start &&
    left.mayWrite === right.mayWrite &&
    left.onFork === right.onFork &&
    isAlike(left, right)
  );
}

/** Whether two mappings give their pages one protection and one origin: as parts of one larger mapping would. */
export function isAlike(one: Mapping, other: Mapping): boolean {
  return (
    one.prot === other.prot &&
    one.name === other.name &&
    one.file === other.file &&
    one.shared === other.shared &&
    one.object === other.object &&
    one.source === other.source &&
    (!hasOffset(one) || one.offset - one.start === other.offset - other.start)
  );
}

/** Whether a number is a multiple of the page size. */
export function isPageAligned(value: number): boolean {
  return Number.isInteger(value / 2 ** PAGE_SHIFT);
}
