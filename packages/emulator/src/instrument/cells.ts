import { MachineMemoryError } from "../contract/errors.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { CELLS_PER_VCPU, CELLS_START } from "../memory/layout.js";

/**
 * The u64 cells that counters and scoreboards live in: the same offsets for each vCPU, so that translated code
 * adds the vCPU's base.
 */
export interface Cells {
  /** vCPUs so far. */
  vcpus: number;
  /** Offset of `count` cells in a row, all 0. @throws MachineMemoryError */
  allocate(count: number): number;
  /** Takes cells back, once no translated code can touch them any more: at the next {@link Cells.reclaim}. */
  free(offset: number, count: number): void;
  /** All translated code is gone. */
  reclaim(): void;
  /** Value, exact up to 2^53. */
  read(offset: number, vcpu: number): number;
  write(offset: number, vcpu: number, value: bigint): void;
  add(offset: number, vcpu: number, value: bigint): void;
  /** Over all vCPUs. */
  sum(offset: number): number;
  /** The cells themselves. */
  view(offset: number, vcpu: number, count: number): BigUint64Array;
}

const CELL_SIZE = 8;

/** Makes the cells of a machine. */
export function createCells(memory: GuestMemory): Cells {
  const { view, u8 } = memory;
  let top = 0;
  let retired: { offset: number; count: number }[] = [];
  const spare = new Map<number, number[]>();
  const address = (offset: number, vcpu: number): number => CELLS_START + vcpu * CELLS_PER_VCPU + offset;

  const cells: Cells = {
    vcpus: 1,
    allocate(count) {
      const bytes = count * CELL_SIZE;
      const reused = spare.get(count)?.pop();
      const offset = reused ?? top;
      if (reused === undefined) {
        if (top + bytes > CELLS_PER_VCPU) throw new MachineMemoryError("counters and scoreboards", bytes);
        top += bytes;
      }
      for (let vcpu = 0; vcpu < cells.vcpus; vcpu++) {
        u8.fill(0, address(offset, vcpu), address(offset, vcpu) + bytes);
      }
      return offset;
    },
    free(offset, count) {
      retired.push({ offset, count });
    },
    reclaim() {
      for (const { offset, count } of retired) {
        const list = spare.get(count) ?? [];
        list.push(offset);
        spare.set(count, list);
      }
      retired = [];
    },
    read(offset, vcpu) {
      const at = address(offset, vcpu);
      return view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000;
    },
    write(offset, vcpu, value) {
      view.setBigUint64(address(offset, vcpu), BigInt.asUintN(64, value), true);
    },
    add(offset, vcpu, value) {
      const at = address(offset, vcpu);
      view.setBigUint64(at, BigInt.asUintN(64, view.getBigUint64(at, true) + value), true);
    },
    sum(offset) {
      let total = 0;
      for (let vcpu = 0; vcpu < cells.vcpus; vcpu++) total += cells.read(offset, vcpu);
      return total;
    },
    view(offset, vcpu, count) {
      return new BigUint64Array(memory.wasm.buffer, address(offset, vcpu), count);
    },
  };
  return cells;
}
