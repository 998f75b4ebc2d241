import { MachineMemoryError } from "@qpp/emulator/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cellsAddress,
  createCells,
  type HousedCells,
} from "../../../packages/emulator/src/instrument/cells.js";
import { createGuestMemory } from "../../../packages/emulator/src/memory/guest-memory.js";
import { CELLS_PER_VCPU } from "../../../packages/emulator/src/memory/layout.js";

const memory = createGuestMemory();

/** Cells of one vCPU. */
function createHoused(): HousedCells {
  const cells = createCells();
  cells.house(0, memory);
  return cells;
}

describe("cells", () => {
  it("are 0 when they are handed out, and never handed out twice, until translated code is gone", () => {
    const action = fc.oneof(
      fc.record({ what: fc.constant("allocate" as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ what: fc.constant("free" as const), which: fc.nat() }),
      fc.record({ what: fc.constant("reclaim" as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const cells = createHoused();
        const owned: { offset: number; count: number }[] = [];
        let retired: { offset: number; count: number }[] = [];
        for (const a of actions) {
          if (a.what === "reclaim") {
            cells.reclaim();
            retired = [];
          } else if (a.what === "free") {
            const [taken] = owned.splice(a.which % Math.max(1, owned.length), 1);
            if (taken === undefined) continue;
            cells.free(taken.offset, taken.count);
            retired.push(taken);
          } else {
            const offset = cells.allocate(a.count);
            expect([...cells.view(offset, 0, a.count)]).toEqual(Array(a.count).fill(0n));
            cells.view(offset, 0, a.count).fill(77n);
            for (const other of [...owned, ...retired]) {
              const apart = offset + 8 * a.count <= other.offset || other.offset + 8 * other.count <= offset;
              expect(apart).toBe(true);
            }
            owned.push({ offset, count: a.count });
          }
        }
      }),
    );
  });

  it("keep 64 bits, apart for each vCPU", () => {
    const cells = createHoused();
    cells.house(1, memory);
    const offset = cells.allocate(1);
    cells.write(offset, 0, -1n);
    cells.add(offset, 1, 2n ** 40n);
    cells.add(offset, 0, 3n);
    expect([cells.read(offset, 0), cells.read(offset, 1), cells.sum(offset)]).toEqual([
      2,
      2 ** 40,
      2 ** 40 + 2,
    ]);
  });

  it("move with their vCPU from one memory to another, and are kept in between", () => {
    const cells = createHoused();
    const offset = cells.allocate(1);
    cells.write(offset, 0, 5n);
    const elsewhere = createGuestMemory();
    cells.house(0, elsewhere);
    cells.add(offset, 0, 1n);
    expect(elsewhere.view.getBigUint64(cellsAddress(0) + offset, true)).toBe(6n);
    cells.vacate(elsewhere);
    const later = cells.allocate(1);
    cells.add(later, 0, 2n);
    expect([cells.read(offset, 0), cells.sum(later)]).toEqual([6, 2]);
    cells.house(0, memory);
    expect(memory.view.getBigUint64(cellsAddress(0) + later, true)).toBe(2n);
  });

  it("run out with an error that leaves what there is", () => {
    const cells = createHoused();
    const most = CELLS_PER_VCPU / 8;
    expect(() => cells.allocate(most + 1)).toThrow(MachineMemoryError);
    const first = cells.allocate(most - 1);
    expect(cells.allocate(1)).toBe(first + 8 * (most - 1));
    expect(() => cells.allocate(1)).toThrow("no room for counters and scoreboards (8 bytes)");
  });
});
