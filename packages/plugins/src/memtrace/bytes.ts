/** Bytes that are put together: numbers in 7 bits a byte, the lowest first, as in LEB128 (DWARF 5, section 7.6). */
export class ByteWriter {
  #bytes = new Uint8Array(1 << 12);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was put in; valid until more is. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** A number from 0 to 2^32 - 1. */
  varint(value: number): void {
    if (this.#length + MOST_VARINT_BYTES > this.#bytes.length) this.#grow(MOST_VARINT_BYTES);
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = value >>> 0;
    while (rest > 0x7f) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#length = at;
  }

  /** Bytes as they are. */
  put(from: Uint8Array): void {
    if (this.#length + from.length > this.#bytes.length) this.#grow(from.length);
    this.#bytes.set(from, this.#length);
    this.#length += from.length;
  }

  /** Text: its length in bytes, and then UTF-8. */
  text(value: string): void {
    const encoded = new TextEncoder().encode(value);
    this.varint(encoded.length);
    this.put(encoded);
  }

  #grow(by: number): void {
    const larger = new Uint8Array(2 * this.#bytes.length + by);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Of a number of 32 bits. */
const MOST_VARINT_BYTES = 5;

/** What {@link ByteWriter} has put together, taken apart. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes that are left; below 0 if more was asked for than there is. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 7 * MOST_VARINT_BYTES; shift += 7) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value >>> 0;
  }

  /** The next bytes, as many as there are of them. */
  take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  text(): string {
    return new TextDecoder().decode(this.take(this.varint()));
  }
}

/** A difference of 32 bits as a small number, whatever its sign. */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

/** The difference that {@link zigzag} made a number of. */
export function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
