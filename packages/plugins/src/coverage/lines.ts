import { posix } from "node:path";
import type { LineRow } from "../symbols/contract.js";
import type { CoveredBlock, CoveredLine } from "./contract.js";

/** How often each instruction of an object was executed, by its address in the file. */
export function executionsIn(blocks: readonly CoveredBlock[]): (address: number) => number {
  const changes = new Map<number, number>();
  const change = (at: number, by: number): unknown => changes.set(at, (changes.get(at) ?? 0) + by);
  for (const { address, size, count } of blocks) {
    change(address, count);
    change(address + size, -count);
  }
  const sorted = [...changes].sort(([a], [b]) => a - b);
  const addresses = Float64Array.from(sorted, ([address]) => address);
  let sum = 0;
  const sums = Float64Array.from(sorted, ([, by]) => {
    sum += by;
    return sum;
  });
  return (address) => {
    let low = 0;
    let high = addresses.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((addresses[middle] ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    return sums[low - 1] ?? 0;
  };
}

/** Lines with their counts, gathered from many objects. */
export interface LineCounts {
  /** A statement that begins at this row was executed so often. */
  add(row: Pick<LineRow, "file" | "line">, count: number): void;
  /** By file and number. */
  all(): readonly CoveredLine[];
}

/** Starts with no lines. */
export function createLineCounts(): LineCounts {
  const files = new Map<string, Map<number, number>>();
  return {
    add({ file, line }, count) {
      const path = posix.normalize(file);
      const lines = files.get(path) ?? new Map<number, number>();
      files.set(path, lines);
      lines.set(line, Math.max(lines.get(line) ?? 0, count));
    },
    all: () =>
      [...files]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([file, lines]) =>
          [...lines].sort(([a], [b]) => a - b).map(([line, count]) => ({ file, line, count })),
        ),
  };
}
