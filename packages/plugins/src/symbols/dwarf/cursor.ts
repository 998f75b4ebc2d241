const decoder = new TextDecoder();

/**
 * Reads numbers and strings one after another, little-endian. Numbers of 64 bits are exact below 2^53.
 * @throws RangeError, by any of its methods, past the end
 */
export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  u8(): number {
    return this.#view.getUint8(this.at++);
  }

  i8(): number {
    return this.#view.getInt8(this.at++);
  }

  u16(): number {
    this.at += 2;
    return this.#view.getUint16(this.at - 2, true);
  }

  u24(): number {
    return this.u16() + 0x1_0000 * this.u8();
  }

  u32(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4, true);
  }

  u64(): number {
    return this.u32() + 0x1_0000_0000 * this.u32();
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  unsigned(bytes: number): number {
    if (bytes === 4) return this.u32();
    if (bytes === 8) return this.u64();
    return bytes === 2 ? this.u16() : this.u8();
  }

  /** An unsigned LEB128 (DWARF 5, 7.6). */
  uleb(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
  }

  /** A signed LEB128. */
  sleb(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return byte < 0x40 ? value : value - 0x80 * weight;
    }
  }

  /** A string that ends with a NUL. */
  string(): string {
    const start = this.at;
    const end = this.#bytes.indexOf(0, start);
    if (end < 0) throw new RangeError("a string without an end");
    this.at = end + 1;
    return decoder.decode(this.#bytes.subarray(start, end));
  }

  /** Goes past a string. */
  skipString(): void {
    const end = this.#bytes.indexOf(0, this.at);
    if (end < 0) throw new RangeError("a string without an end");
    this.at = end + 1;
  }

  /** A length, by which the sizes of offsets are told as well (DWARF 5, 7.4). */
  initialLength(): { readonly length: number; readonly offsetSize: 4 | 8 } {
    const length = this.u32();
    return length === 0xffff_ffff ? { length: this.u64(), offsetSize: 8 } : { length, offsetSize: 4 };
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }
}
