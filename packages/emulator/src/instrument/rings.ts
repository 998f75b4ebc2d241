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
  /** Events in it. */
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

/** All rings of a machine. */
export interface Rings {
  /**
   * Makes a ring. `consumer` must not throw; `forget` is called once no event refers to translated code any more.
   * @throws MachineMemoryError
   */
  create(columns: number, capacity: number, consumer: RingConsumer, forget: () => void): EventRing;
  /** Drains the ring at this address: it is full. */
  drain(address: number): void;
  /** Drains every ring, in order of creation. */
  drainAll(): void;
  /** All translated code is gone, and what is in the rings with it: call {@link Rings.drainAll} first. */
  reclaim(): void;
}

/** Makes an empty set of rings. */
export function createRings(memory: GuestMemory): Rings {
  const { view } = memory;
  const rings = new Map<number, EventRing>();
  const spare: { address: number; bytes: number }[] = [];
  let retired: { address: number; bytes: number }[] = [];
  let top = RINGS_START;

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
      const lengthNow = (): number => (view.getUint32(address + Ring.END, true) - start) / 4;
      view.setUint32(address + Ring.END, start, true);
      view.setUint32(address + Ring.CAPACITY, capacity, true);
      view.setUint32(address + Ring.LIMIT, start + 4 * capacity, true);
      view.setUint32(address + Ring.STRIDE, stride, true);
      const ring: EventRing = {
        address,
        columns: Array.from(
          { length: columns },
          (_, i) => new Uint32Array(memory.wasm.buffer, start + i * stride, capacity),
        ),
        get length() {
          return lengthNow();
        },
        drain() {
          const length = lengthNow();
          if (length === 0) return;
          // Emptied first: a consumer that throws has had its events.
          view.setUint32(address + Ring.END, start, true);
          consumer(length);
        },
        forget,
        free() {
          if (rings.delete(address)) retired.push({ address, bytes });
        },
      };
      rings.set(address, ring);
      return ring;
    },
    drain(address) {
      const ring = rings.get(address);
      // A ring whose consumer has gone may be written to until the block ends.
      if (ring === undefined) view.setUint32(address + Ring.END, address + Ring.COLUMNS, true);
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
