import type { Cells } from "../instrument/cells.js";

/** Cells in one chunk; a larger allocation gets a chunk of its own. */
const CHUNK = 1024;
/** Offsets of neighbouring chunks are this far apart, in bytes. */
const SPAN = 0x100_0000;

/** Cells of as many vCPUs as are told of. */
export interface FakeCells extends Cells {
  vcpus: number;
}

/** Cells like a machine's, in arrays instead of its memory: a fake machine is to be cheap to make. */
export function createFakeCells(): FakeCells {
  /** By chunk, then by vCPU; made when they are first touched. */
  const chunks: { readonly size: number; readonly ofVcpu: BigUint64Array[] }[] = [];
  let used = CHUNK;

  function array(offset: number, vcpu: number): BigUint64Array {
    const chunk = chunks[Math.floor(offset / SPAN)];
    if (chunk === undefined) throw new RangeError(`there is no cell at ${offset}`);
    chunk.ofVcpu[vcpu] ??= new BigUint64Array(chunk.size);
    return chunk.ofVcpu[vcpu];
  }
  const indexOf = (offset: number): number => (offset % SPAN) / 8;

  const cells: FakeCells = {
    vcpus: 1,
    allocate(count) {
      if (used + count > CHUNK) {
        chunks.push({ size: Math.max(count, CHUNK), ofVcpu: [] });
        used = 0;
      }
      const offset = (chunks.length - 1) * SPAN + used * 8;
      used += count;
      return offset;
    },
    // A fake machine does not live long enough for cells to be needed again.
    free() {},
    reclaim() {},
    read: (offset, vcpu) => Number(array(offset, vcpu)[indexOf(offset)] ?? 0n),
    write(offset, vcpu, value) {
      array(offset, vcpu)[indexOf(offset)] = value;
    },
    add(offset, vcpu, value) {
      const cell = array(offset, vcpu);
      const index = indexOf(offset);
      cell[index] = (cell[index] ?? 0n) + value;
    },
    sum(offset) {
      let total = 0;
      for (let vcpu = 0; vcpu < cells.vcpus; vcpu++) total += cells.read(offset, vcpu);
      return total;
    },
    view: (offset, vcpu, count) => array(offset, vcpu).subarray(indexOf(offset), indexOf(offset) + count),
  };
  return cells;
}
