import type { MemoryBatch, MemoryEvents } from "@qpp/emulator/contract";
import { hex } from "../text.js";

/** Bytes of address space that are summed up together, as in QEMU's plugin. */
const REGION_BYTES = 4 * 4096;

/** What happened in one region. */
export interface RegionResult {
  readonly base: string;
  readonly reads: number;
  readonly writes: number;
  /** Whether every load yielded what the stores seen before had left there; memory counts as zero until then. */
  readonly seenAll: boolean;
}

interface Region {
  readonly base: number;
  reads: number;
  writes: number;
  seenAll: boolean;
  /** What the stores left. */
  readonly data: Uint8Array;
}

/** Sums accesses up by region; an access that crosses into another region counts where it begins. */
export function summarizeRegions(
  accesses: MemoryEvents,
  log: (line: string) => void,
): () => readonly RegionResult[] {
  const regions = new Map<number, Region>();
  const regionAt = (address: number): Region => {
    const base = address - (address % REGION_BYTES);
    let region = regions.get(base);
    if (region === undefined) {
      region = { base, reads: 0, writes: 0, seenAll: true, data: new Uint8Array(REGION_BYTES) };
      regions.set(base, region);
    }
    return region;
  };
  const value = new Uint8Array(8);
  const words = new DataView(value.buffer);

  const take = (batch: MemoryBatch, i: number): void => {
    const { bytes, isStore } = batch.site(i);
    const address = batch.address[i] ?? 0;
    words.setUint32(0, batch.valueLow[i] ?? 0, true);
    words.setUint32(4, batch.valueHigh[i] ?? 0, true);
    const first = regionAt(address);
    if (isStore) first.writes++;
    else first.reads++;
    for (let at = 0; at < bytes; at++) {
      const region = regionAt(address + at);
      const offset = address + at - region.base;
      if (isStore) region.data[offset] = value[at] ?? 0;
      else if (region.data[offset] !== value[at] && region.seenAll) {
        region.seenAll = false;
        log(`Warning: ${hex(region.base)}:${address - region.base} read an un-instrumented value`);
      }
    }
  };
  accesses.accessed.batch((batch) => {
    for (let i = 0; i < batch.length; i++) take(batch, i);
  });

  return () =>
    [...regions.values()]
      .sort((a, b) => a.base - b.base)
      .map(({ base, reads, writes, seenAll }) => ({ base: hex(base), reads, writes, seenAll }));
}
