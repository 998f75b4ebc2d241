import { MachineMemoryError } from "../contract/errors.js";
import { Ring, ringStride } from "../interpreter/operation.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { RINGS_END, RINGS_START } from "../memory/layout.js";

/** A ring: events are stored column by column; when it is full, or asked to, it is drained. */
export interface EventRing {
  /** Its address, for translated code. */
  readonly address: number;
  /** As long as its capacity; the first {@link EventRing.length} elements count. */
  readonly columns: readonly Uint32Array[];
  /** Events in it; the columns have them once this was asked. */
  readonly length: number;
  /** Hands what is in it to the consumer, if anything is. Does not throw. */
  drain(): void;
  /** Forgets what its events refer to in translated code. */
  forget(): void;
  /** Gives its memory back, once no translated code can touch it: at the next {@link Rings.reclaim}. */
  free(): void;
}

/** Is told how many elements of the ring's columns count. */
export type RingConsumer = (length: number) => void;

/**
 * All rings of a machine. Each is at the same address in the memory of every address space; consumers see the columns in the
 * first one, to which those of another are copied.
 */
export interface Rings {
  /**
   * Makes a ring. `consumer` must not throw; `forget` is called once no event refers to translated code any more.
   * @throws MachineMemoryError
   */
  create(columns: number, capacity: number, consumer: RingConsumer, forget: () => void): EventRing;
  /** Translated code in this memory is about to run, instead of what ran before: call {@link Rings.drainAll} first. */
  enter(memory: GuestMemory): void;
  /** Drains the ring at this address: it is full. */
  drain(address: number): void;
  /** Drains every ring, in order of creation. */
  drainAll(): void;
  /** All translated code is gone, and what is in the rings with it: call {@link Rings.drainAll} first. */
  reclaim(): void;
}

/** A ring as it is inside. */
interface PlacedRing extends EventRing {
  /** Makes it an empty ring in this memory. */
  place(view: DataView): void;
}

/** Makes an empty set of rings. */
export function createRings(first: GuestMemory): Rings {
  const rings = new Map<number, PlacedRing>();
  const spare: { address: number; bytes: number }[] = [];
  let retired: { address: number; bytes: number }[] = [];
  let top = RINGS_START;
  let present = first;

  function allocate(bytes: number): number {
    const fitting = spare.findIndex((s) => s.bytes === bytes);
    const [reused] = fitting < 0 ? [] : spare.splice(fitting, 1);
    if (reused !== undefined) return reused.address;
    if (top + bytes > RINGS_END) throw new MachineMemoryError("an event ring", bytes);
    const address = top;
    top += bytes;
    return address;
  }

  return {
    create(columns, capacity, consumer, forget) {
      const stride = ringStride(capacity);
      const bytes = (Ring.COLUMNS + columns * stride + 63) & ~63;
      const address = allocate(bytes);
      const start = address + Ring.COLUMNS;
      const views = Array.from(
        { length: columns },
        (_, i) => new Uint32Array(first.wasm.buffer, start + i * stride, capacity),
      );
      const lengthNow = (): number => (present.view.getUint32(address + Ring.END, true) - start) / 4;
      function fetch(length: number): void {
        if (present === first) return;
        views.forEach((column, i) => {
          column.set(new Uint32Array(present.wasm.buffer, start + i * stride, length));
        });
      }
      const ring: PlacedRing = {
        address,
        columns: views,
        get length() {
          const length = lengthNow();
          fetch(length);
          return length;
        },
        drain() {
          const length = lengthNow();
          if (length === 0) return;
          fetch(length);
          // Emptied first: a consumer that throws has had its events.
          present.view.setUint32(address + Ring.END, start, true);
          consumer(length);
        },
        forget,
        free() {
          if (rings.delete(address)) retired.push({ address, bytes });
        },
        place(view) {
          view.setUint32(address + Ring.END, start, true);
          view.setUint32(address + Ring.CAPACITY, capacity, true);
          view.setUint32(address + Ring.LIMIT, start + 4 * capacity, true);
          view.setUint32(address + Ring.STRIDE, stride, true);
        },
      };
      ring.place(present.view);
      rings.set(address, ring);
      return ring;
    },
    enter(memory) {
      if (memory === present) return;
      present = memory;
      for (const ring of rings.values()) ring.place(memory.view);
    },
    drain(address) {
      const ring = rings.get(address);
      // A ring whose consumer has gone may be written to until the block ends.
      if (ring === undefined) present.view.setUint32(address + Ring.END, address + Ring.COLUMNS, true);
      else ring.drain();
    },
    drainAll() {
      for (const ring of [...rings.values()]) ring.drain();
    },
    reclaim() {
      spare.push(...retired);
      retired = [];
      for (const ring of rings.values()) ring.forget();
    },
  };
}
