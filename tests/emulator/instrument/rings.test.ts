import { MachineMemoryError } from "@qpp/emulator/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRings } from "../../../packages/emulator/src/instrument/rings.js";
import { Ring } from "../../../packages/emulator/src/interpreter/operation.js";
import { createGuestMemory } from "../../../packages/emulator/src/memory/guest-memory.js";
import { RINGS_END, RINGS_START } from "../../../packages/emulator/src/memory/layout.js";
import { createRig, guest } from "../machine/rig.js";

const memory = createGuestMemory();
const none = (): void => {};

/** What translated code does for an event; tells whether the ring is full now. */
function put(ring: number, values: readonly number[]): boolean {
  const end = memory.view.getUint32(ring + Ring.END, true);
  const stride = memory.view.getUint32(ring + Ring.STRIDE, true);
  values.forEach((value, column) => {
    memory.view.setUint32(end + column * stride, value, true);
  });
  memory.view.setUint32(ring + Ring.END, end + 4, true);
  return end + 4 === memory.view.getUint32(ring + Ring.LIMIT, true);
}

describe("a ring", () => {
  it("hands over its columns when it is drained, once", () => {
    const rings = createRings(memory);
    const got: number[][] = [];
    const ring = rings.create(
      2,
      3,
      (length) => void got.push(ring.columns.flatMap((column) => [...column.slice(0, length)])),
      none,
    );
    expect(put(ring.address, [1, 10])).toBe(false);
    expect(put(ring.address, [2, 20])).toBe(false);
    expect(ring.length).toBe(2);
    ring.drain();
    expect(ring.length).toBe(0);
    ring.drain();
    expect(put(ring.address, [3, 30])).toBe(false);
    put(ring.address, [4, 40]);
    expect(put(ring.address, [5, 50])).toBe(true);
    rings.drain(ring.address);
    rings.drainAll();
    expect(got).toEqual([
      [1, 2, 10, 20],
      [3, 4, 5, 30, 40, 50],
    ]);
  });

  it("has room for its columns, each where the caches keep it apart from the others", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 6 }), (capacity, columns) => {
        const rings = createRings(memory);
        const first = rings.create(columns, capacity, none, none);
        const { address } = rings.create(1, 1, none, none);
        const places = first.columns.map((column) => column.byteOffset);
        places.forEach((place, i) => {
          expect(place).toBeGreaterThanOrEqual(first.address + Ring.COLUMNS);
          expect(place + 4 * capacity).toBeLessThanOrEqual(places[i + 1] ?? address);
        });
        // The same low 12 bits choose the same place in the nearest cache.
        expect(new Set(places.map((place) => place % 4096)).size).toBe(columns);
        expect(first.columns.every((column) => column.length === capacity)).toBe(true);
      }),
    );
  });

  it("that is drained while it is drained has nothing more to give", () => {
    const rings = createRings(memory);
    let calls = 0;
    const ring = rings.create(
      1,
      4,
      () => {
        calls++;
        ring.drain();
        rings.drainAll();
      },
      none,
    );
    put(ring.address, [1]);
    ring.drain();
    expect(calls).toBe(1);
  });

  it("that was freed may be written to until translated code is gone, and is then used again", () => {
    const rings = createRings(memory);
    let calls = 0;
    const ring = rings.create(1, 4, () => void calls++, none);
    ring.free();
    ring.free();
    put(ring.address, [1]);
    rings.drain(ring.address);
    expect(ring.length).toBe(0);
    const early = rings.create(1, 4, none, none);
    expect(early.address).not.toBe(ring.address);
    put(ring.address, [1]);
    rings.reclaim();
    const late = rings.create(1, 4, () => void calls++, none);
    expect(late.address).toBe(ring.address);
    late.drain();
    expect(rings.create(1, 4, none, none).address).not.toBe(ring.address);
    expect(calls).toBe(0);
  });

  it("is told to forget what its events refer to when translated code is gone", () => {
    const rings = createRings(memory);
    const forgotten: string[] = [];
    rings.create(1, 4, none, () => forgotten.push("first"));
    const second = rings.create(1, 4, none, () => forgotten.push("second"));
    second.free();
    rings.reclaim();
    expect(forgotten).toEqual(["first"]);
  });

  it("is refused when there is no room, and the others go on", () => {
    const rings = createRings(memory);
    const made = () => rings.create(6, 2 ** 20, none, none);
    const all: ReturnType<typeof made>[] = [];
    expect(() => {
      for (;;) all.push(made());
    }).toThrow(MachineMemoryError);
    expect(all.length).toBeGreaterThan(2);
    rings.create(1, 16, none, none);
    all[0]?.free();
    rings.reclaim();
    expect(made().address).toBe(all[0]?.address);
  });
});

describe("a machine", () => {
  it("has room for batches that come and go, however many", async () => {
    const rig = await createRig(guest("count-loop", ..."ten turns"));
    let events = 0;
    const capacity = 16_384;
    const attach = () =>
      rig.api.memory.accessed.batch(
        ({ length }) => {
          events += length;
        },
        { capacity },
      );
    let batch = attach();
    let batches = 1;
    while (rig.machine.runSlice(1) === undefined) {
      batches++;
      batch.unsubscribe();
      batch = attach();
    }
    expect(rig.faults).toEqual([]);
    // All of them side by side would be more than there is room for.
    expect(batches * 4 * 4 * capacity).toBeGreaterThan(RINGS_END - RINGS_START);
    expect(events).toBe(10 * 30_000 + 18);
  });
});
