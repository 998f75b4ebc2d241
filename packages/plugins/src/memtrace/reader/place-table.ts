import { ByteReader } from "../bytes.js";
import { Shape } from "../format.js";
import type { AccessWidth, Place, TracedBlock, TracedInstruction, TracedSite } from "../places.js";

/** What is known of the places of a trace, so far. */
export class PlaceTable {
  readonly #places: Place[] = [];
  /** By place: for a block, the place behind its last access; 0 for everything else. */
  ends: Uint32Array = new Uint32Array(1 << 10);
  /** By place: the address of a block. */
  pcs: Uint32Array = new Uint32Array(1 << 10);
  /** By place: 1 for accesses with values of 64 bits. */
  wide: Uint8Array = new Uint8Array(1 << 10);
  #length = 1;

  /** Places so far, with 0, which is none. */
  get length(): number {
    return this.#length;
  }

  at(place: number): Place | undefined {
    return this.#places[place];
  }

  /** Takes definitions in; false if they are damaged. */
  define(bytes: Uint8Array): boolean {
    const reader = new ByteReader(bytes);
    while (reader.left > 0) {
      const pc = reader.varint();
      const symbol = reader.text();
      const count = reader.varint();
      if (count > reader.left) return false;
      this.#block(pc, symbol === "" ? undefined : symbol, count, reader);
    }
    return reader.left === 0;
  }

  #block(start: number, symbol: string | undefined, count: number, reader: ByteReader): void {
    const place = this.#length++;
    const instructions: TracedInstruction[] = [];
    const sites: TracedSite[] = [];
    const block: TracedBlock = { kind: "block", place, pc: start, symbol, instructions, sites };
    this.#put(block);
    let pc = start;
    for (let i = 0; i < count; i++) {
      const shape = reader.varint();
      const size = shape & Shape.FOUR_BYTES ? 4 : 2;
      const instruction = { pc, size, data: reader.varint() } as const;
      instructions.push(instruction);
      const bytes = (1 << (shape & Shape.SIZE_SHIFT)) as AccessWidth;
      for (const bit of [Shape.LOAD, Shape.STORE]) {
        if ((shape & bit) === 0) continue;
        const isStore = bit === Shape.STORE;
        const site: TracedSite = {
          kind: "access",
          place: this.#length++,
          block,
          instruction,
          pc,
          bytes,
          isStore,
        };
        sites.push(site);
        this.#put(site);
        this.wide[site.place] = bytes === 8 ? 1 : 0;
      }
      pc += size;
    }
    this.ends[place] = this.#length;
    this.pcs[place] = start;
  }

  #put(place: Place): void {
    this.#places[place.place] = place;
    if (place.place < this.ends.length) return;
    const longer = 2 * place.place;
    [this.ends, this.pcs, this.wide] = [
      copied(this.ends, new Uint32Array(longer)),
      copied(this.pcs, new Uint32Array(longer)),
      copied(this.wide, new Uint8Array(longer)),
    ];
  }
}

function copied<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
