import type { MemoryBatch } from "@qpp/emulator/contract";
import { AccessInfo } from "@qpp/emulator/contract";
import type { Region, RegionKind } from "./contract.js";

/** Loads and stores of what has one purpose, name and protection, however it grew or moved. */
export interface RegionCount {
  readonly kind: RegionKind;
  readonly name: string;
  readonly permissions: string;
  readonly loads: number;
  readonly stores: number;
}

/** Loads and stores by region number. */
export interface RegionCounts {
  take(batch: Pick<MemoryBatch, "length" | "address" | "info">, numberAt: (address: number) => number): void;
  /** The most used first. */
  of(regions: readonly Region[]): readonly RegionCount[];
}

/** Starts at 0. */
export function createRegionCounts(): RegionCounts {
  let loads = new Float64Array(64);
  let stores = new Float64Array(64);
  return {
    take({ length, address, info }, numberAt) {
      for (let i = 0; i < length; i++) {
        const number = numberAt(address[i] ?? 0);
        if (number >= loads.length) {
          loads = longer(loads, 2 * number);
          stores = longer(stores, 2 * number);
        }
        const counts = ((info[i] ?? 0) & AccessInfo.STORE) === 0 ? loads : stores;
        counts[number] = (counts[number] ?? 0) + 1;
      }
    },
    of(regions) {
      const sums = new Map<string, { -readonly [K in keyof RegionCount]: RegionCount[K] }>();
      regions.forEach(({ kind, name, permissions }, i) => {
        const key = `${kind} ${name} ${permissions}`;
        const sum = sums.get(key) ?? { kind, name, permissions, loads: 0, stores: 0 };
        sums.set(key, sum);
        sum.loads += loads[i + 1] ?? 0;
        sum.stores += stores[i + 1] ?? 0;
      });
      return [...sums.values()]
        .filter((sum) => sum.loads + sum.stores > 0)
        .sort((a, b) => b.loads + b.stores - a.loads - a.stores);
    },
  };
}

function longer(counts: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const made = new Float64Array(length);
  made.set(counts);
  return made;
}
