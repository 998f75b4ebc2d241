import { MachineMemoryError } from "../contract/errors.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { CELLS_PER_VCPU, CELLS_START } from "../memory/layout.js";

/**
 * The u64 cells that counters and scoreboards live in: the same offsets for each vCPU, so that translated code
 * adds the vCPU's base.
 */
export interface Cells {
  /** vCPUs so far. */
  readonly vcpus: number;
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
  /** The cells themselves, as long as the vCPU stays in its address space. */
  view(offset: number, vcpu: number, count: number): BigUint64Array;
}

/** Cells in the memory of the address space that their vCPU runs in. */
export interface HousedCells extends Cells {
  /** A vCPU has come up in this memory: its cells are there from now on, and keep what they count. */
  house(vcpu: number, memory: GuestMemory): void;
  /** The memory goes: what the cells in it count is kept elsewhere until their vCPU comes up again. */
  vacate(memory: GuestMemory): void;
}

/** The cells of one vCPU. */
interface House {
  /** Undefined while the vCPU is in no address space. */
  readonly memory: GuestMemory | undefined;
  readonly view: DataView;
}

const CELL_SIZE = 8;

/** Where a vCPU's cells begin in the memory that it runs in. */
export const cellsAddress = (vcpu: number): number => CELLS_START + vcpu * CELLS_PER_VCPU;

/** Makes the cells of a machine without vCPUs. */
export function createCells(): HousedCells {
  const houses: House[] = [];
  let top = 0;
  let retired: { offset: number; count: number }[] = [];
  const spare = new Map<number, number[]>();

  function viewOf(vcpu: number): DataView {
    const house = houses[vcpu];
    if (house === undefined) throw new RangeError(`there is no vCPU ${vcpu}; there are ${houses.length}`);
    return house.view;
  }

  const bytesOf = ({ buffer, byteOffset }: DataView, offset: number, length: number): Uint8Array =>
    new Uint8Array(buffer, byteOffset + offset, length);

  function move(vcpu: number, memory: GuestMemory | undefined, view: DataView): void {
    const before = houses[vcpu];
    bytesOf(view, 0, top).set(before ? bytesOf(before.view, 0, top) : new Uint8Array(top));
    houses[vcpu] = { memory, view };
  }

  const cells: HousedCells = {
    get vcpus() {
      return houses.length;
    },
    house(vcpu, memory) {
      if (houses[vcpu]?.memory === memory) return;
      move(vcpu, memory, new DataView(memory.wasm.buffer, cellsAddress(vcpu), CELLS_PER_VCPU));
    },
    vacate(memory) {
      houses.forEach((house, vcpu) => {
        if (house.memory === memory) move(vcpu, undefined, new DataView(new ArrayBuffer(CELLS_PER_VCPU)));
      });
    },
    allocate(count) {
      const bytes = count * CELL_SIZE;
      const reused = spare.get(count)?.pop();
      const offset = reused ?? top;
      if (reused === undefined) {
        if (top + bytes > CELLS_PER_VCPU) throw new MachineMemoryError("counters and scoreboards", bytes);
        top += bytes;
      }
      for (const { view } of houses) bytesOf(view, offset, bytes).fill(0);
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
      const view = viewOf(vcpu);
      return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 0x1_0000_0000;
    },
    write(offset, vcpu, value) {
      viewOf(vcpu).setBigUint64(offset, BigInt.asUintN(64, value), true);
    },
    add(offset, vcpu, value) {
      const view = viewOf(vcpu);
      view.setBigUint64(offset, BigInt.asUintN(64, view.getBigUint64(offset, true) + value), true);
    },
    sum(offset) {
      let total = 0;
      for (let vcpu = 0; vcpu < houses.length; vcpu++) total += cells.read(offset, vcpu);
      return total;
    },
    view(offset, vcpu, count) {
      const { buffer, byteOffset } = viewOf(vcpu);
      return new BigUint64Array(buffer, byteOffset + offset, count);
    },
  };
  return cells;
}
