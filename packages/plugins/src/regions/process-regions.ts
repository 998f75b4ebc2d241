import type { Mapping } from "@qpp/emulator/contract";
import type { Region, RegionKind } from "./contract.js";

const PAGE_BITS = 12;
const PAGES = 2 ** (32 - PAGE_BITS);

/** The regions of one process. */
export interface ProcessRegions {
  at(address: number): Region | undefined;
  /** Number of the region, for tables: 1 and up; 0 for none. The same for all that were ever alike. */
  numberAt(address: number): number;
  /** These pages are not what they were. */
  changed(start: number, end: number): void;
  /** A thread's stack is here. */
  threadStack(vcpu: number, sp: number): void;
  list(): readonly Region[];
}

/** Regions by number, of all processes. */
export interface KnownRegions {
  readonly all: readonly Region[];
  numberOf(region: Region): number;
}

/** Numbers regions as they come. */
export function createKnownRegions(): KnownRegions {
  const all: Region[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    numberOf(region) {
      const key = Object.values(region).join(" ");
      const number = numbers.get(key) ?? all.push(region);
      numbers.set(key, number);
      return number;
    },
  };
}

/**
 * @param mappings of this process, which runs whenever something is asked
 * @param objectAt path of the program or library whose segments an address is in
 */
export function createProcessRegions(
  known: KnownRegions,
  mappings: () => readonly Mapping[],
  objectAt: (address: number) => string | undefined,
): ProcessRegions {
  /** What number the region of a page has; 0 for one that was not looked up. */
  const pages = new Uint32Array(PAGES);
  /** As of the last change that was told: accesses that are recorded before a page goes are handed over when it has gone. */
  let present = mappings();
  /** vCPUs by where their stacks begin, which is an address in them or the one behind. */
  const stacks = new Map<number, number>();

  function regionOf(mapping: Mapping): Region {
    const { start, end, offset } = mapping;
    const [kind, name] = purposeOf(mapping);
    return { kind, name, start, end, offset, permissions: permissionsOf(mapping) };
  }
  function purposeOf({ start, end, name, file }: Mapping): [kind: RegionKind, name: string] {
    if (file !== undefined) return ["file", file.path];
    if (name === "[heap]") return ["heap", name];
    if (name === "[stack]") return ["stack", name];
    if (name !== "") return ["kernel", name];
    for (const [sp, vcpu] of stacks) {
      if (sp > start && sp <= end) return ["thread stack", `[stack of vCPU ${vcpu}]`];
    }
    const object = objectAt(start);
    return object === undefined ? ["anonymous", "[anonymous]"] : ["bss", object];
  }
  function numberAt(address: number): number {
    const page = address >>> PAGE_BITS;
    const number = pages[page] ?? 0;
    if (number > 0) return number;
    const mapping = mappingAt(present, address) ?? mappingAt(mappings(), address);
    if (mapping === undefined) return 0;
    const found = known.numberOf(regionOf(mapping));
    pages[page] = found;
    return found;
  }
  return {
    numberAt,
    at: (address) => known.all[numberAt(address) - 1],
    changed(start, end) {
      present = mappings();
      for (const [sp] of stacks) if (sp > start && sp <= end) stacks.delete(sp);
      // All pages: what is beside these may have become longer or shorter.
      pages.fill(0);
    },
    threadStack(vcpu, sp) {
      stacks.set(sp, vcpu);
      pages.fill(0);
    },
    list: () => present.map(regionOf),
  };
}

const permissionsOf = ({ readable, writable, executable, shared }: Mapping): string =>
  `${readable ? "r" : "-"}${writable ? "w" : "-"}${executable ? "x" : "-"}${shared ? "s" : "p"}`;

function mappingAt(mappings: readonly Mapping[], address: number): Mapping | undefined {
  let low = 0;
  let high = mappings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((mappings[middle]?.start ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  const found = mappings[low - 1];
  return found !== undefined && address < found.end ? found : undefined;
}
