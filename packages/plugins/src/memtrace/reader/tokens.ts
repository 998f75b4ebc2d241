/** Numbers in a part of a chunk, one after the other. */
export class Tokens {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** More was read than there is: the trace is damaged. */
  get overrun(): boolean {
    return this.#at > this.#bytes.length;
  }

  /** Goes on with those of another chunk. */
  enter(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
  }

  varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++] ?? 0;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      byte = bytes[this.#at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value >>> 0;
  }
}
