import { MachineMemoryError } from "../contract/errors.js";
import { Ring } from "../interpreter/operation.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { RINGS_END, RINGS_START } from "../memory/layout.js";

/** One consumer's ring: events are stored column by column; when it is full, or asked to, it is drained. */
export interface EventRing {
  /** Its address, for translated code. */
  readonly address: number;
  /** Hands what is in it to the consumer, if anything is. Does not throw. */
  drain(): void;
  /** Forgets what its events refer to in translated code. */
  forget(): void;
  /** Gives its memory back, once no translated code can touch it: at the next {@link Rings.reclaim}. */
  free(): void;
}

/** What a ring's consumer gets: the columns, of which the first `length` elements count. */
export type RingConsumer = (columns: readonly Uint32Array[], length: number) => void;

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
      const bytes = (Ring.COLUMNS + columns * capacity * 4 + 15) & ~15;
      const address = allocate(bytes);
      view.setUint32(address + Ring.LENGTH, 0, true);
      view.setUint32(address + Ring.CAPACITY, capacity, true);
      const views = Array.from(
        { length: columns },
        (_, i) => new Uint32Array(memory.wasm.buffer, address + Ring.COLUMNS + i * capacity * 4, capacity),
      );
      const ring: EventRing = {
        address,
        drain() {
          const length = view.getUint32(address + Ring.LENGTH, true);
          if (length === 0) return;
          // Emptied first: a consumer that throws has had its events.
          view.setUint32(address + Ring.LENGTH, 0, true);
          consumer(views, length);
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
      if (ring === undefined) view.setUint32(address + Ring.LENGTH, 0, true);
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
