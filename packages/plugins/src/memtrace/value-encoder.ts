import { ByteWriter, zigzag } from "./bytes.js";

/** What is recorded of a value: none for blocks, its low half, or both halves. */
export const Width = { NONE: 0, NARROW: 1, WIDE: 2 } as const;

/** Makes bytes of values, as FORMAT.md says: by how much each differs from the last one of its place. */
export class ValueEncoder {
  readonly #out = new ByteWriter();
  #lows = new Int32Array(1 << 10);
  #highs = new Int32Array(1 << 10);
  /** By place, a {@link Width}. */
  #widths = new Uint8Array(1 << 10);

  /** Bytes since they were last taken. */
  get bytes(): number {
    return this.#out.length;
  }

  /** The value at this place is so wide. */
  define(place: number, width: number): void {
    if (place >= this.#widths.length) this.#grow(2 * place);
    this.#widths[place] = width;
  }

  /** Adds the values of events at these places. */
  add(places: Uint32Array, lows: Uint32Array, highs: Uint32Array, length: number): void {
    for (let i = 0; i < length; i++) {
      const place = places[i] ?? 0;
      const width = this.#widths[place] ?? Width.NONE;
      if (width === Width.NONE) continue;
      const low = (lows[i] ?? 0) | 0;
      this.#out.varint(zigzag((low - (this.#lows[place] ?? 0)) | 0));
      this.#lows[place] = low;
      if (width === Width.NARROW) continue;
      const high = (highs[i] ?? 0) | 0;
      this.#out.varint(zigzag((high - (this.#highs[place] ?? 0)) | 0));
      this.#highs[place] = high;
    }
  }

  /** Values since this was last asked for; valid until more are added. */
  take(): Uint8Array {
    const { bytes } = this.#out;
    this.#out.clear();
    return bytes;
  }

  #grow(length: number): void {
    const [lows, highs, widths] = [new Int32Array(length), new Int32Array(length), new Uint8Array(length)];
    lows.set(this.#lows);
    highs.set(this.#highs);
    widths.set(this.#widths);
    [this.#lows, this.#highs, this.#widths] = [lows, highs, widths];
  }
}
