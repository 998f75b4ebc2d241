import { MachineMemoryError } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { createRings } from "../../../packages/emulator/src/instrument/rings.js";
import { Ring } from "../../../packages/emulator/src/interpreter/operation.js";
import { createGuestMemory } from "../../../packages/emulator/src/memory/guest-memory.js";
import { RINGS_END, RINGS_START } from "../../../packages/emulator/src/memory/layout.js";
import { createRig, guest } from "../machine/rig.js";

const memory = createGuestMemory();
const none = (): void => {};

/** What translated code does for an event; tells whether the ring is full now. */
function put(ring: number, capacity: number, values: readonly number[]): boolean {
  const length = memory.view.getUint32(ring + Ring.LENGTH, true);
  values.forEach((value, column) => {
    memory.view.setUint32(ring + Ring.COLUMNS + 4 * (column * capacity + length), value, true);
  });
  memory.view.setUint32(ring + Ring.LENGTH, length + 1, true);
  return length + 1 === capacity;
}

describe("a ring", () => {
  it("hands over its columns when it is drained, once", () => {
    const rings = createRings(memory);
    const got: number[][] = [];
    const ring = rings.create(
      2,
      3,
      ([a, b], length) => got.push([...(a ?? []).slice(0, length), ...(b ?? []).slice(0, length)]),
      none,
    );
    expect(put(ring.address, 3, [1, 10])).toBe(false);
    expect(put(ring.address, 3, [2, 20])).toBe(false);
    ring.drain();
    ring.drain();
    expect(put(ring.address, 3, [3, 30])).toBe(false);
    put(ring.address, 3, [4, 40]);
    expect(put(ring.address, 3, [5, 50])).toBe(true);
    rings.drain(ring.address);
    rings.drainAll();
    expect(got).toEqual([
      [1, 2, 10, 20],
      [3, 4, 5, 30, 40, 50],
    ]);
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
    put(ring.address, 4, [1]);
    ring.drain();
    expect(calls).toBe(1);
  });

  it("that was freed may be written to until translated code is gone, and is then used again", () => {
    const rings = createRings(memory);
    let calls = 0;
    const ring = rings.create(1, 4, () => calls++, none);
    ring.free();
    ring.free();
    put(ring.address, 4, [1]);
    rings.drain(ring.address);
    expect(memory.view.getUint32(ring.address + Ring.LENGTH, true)).toBe(0);
    const early = rings.create(1, 4, none, none);
    expect(early.address).not.toBe(ring.address);
    put(ring.address, 4, [1]);
    rings.reclaim();
    const late = rings.create(1, 4, () => calls++, none);
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
    expect(all.length).toBeGreaterThan(5);
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
    let batch = rig.api.memory.accessed.batch(({ length }) => {
      events += length;
    });
    let batches = 1;
    while (rig.machine.runSlice(1) === undefined) {
      batches++;
      batch.unsubscribe();
      batch = rig.api.memory.accessed.batch(({ length }) => {
        events += length;
      });
    }
    expect(rig.faults).toEqual([]);
    // All of them side by side would be more than there is room for.
    expect(batches * 6 * 4 * 8192).toBeGreaterThan(RINGS_END - RINGS_START);
    expect(events).toBe(10 * 30_000 + 18);
  });
});
