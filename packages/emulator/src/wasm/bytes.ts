/** A growing array of bytes, with the number encodings of WebAssembly's binary format. */
export interface Bytes {
  readonly length: number;
  byte(value: number): void;
  raw(values: Iterable<number>): void;
  /** Unsigned LEB128. */
  u32(value: number): void;
  /** Signed LEB128 of a 32-bit value. */
  s32(value: number): void;
  /** Signed LEB128 of a 64-bit value. */
  s64(value: bigint): void;
  f32(value: number): void;
  f64(value: number): void;
  /** A name: length, then UTF-8. */
  name(text: string): void;
  /** Length, then content. */
  sized(content: Bytes): void;
  finish(): Uint8Array<ArrayBuffer>;
}

const scratch = new DataView(new ArrayBuffer(8));

/** Makes an empty byte array. */
export function createBytes(): Bytes {
  let buffer = new Uint8Array(256);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + more));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  }

  const bytes: Bytes = {
    get length() {
      return length;
    },
    byte(value) {
      reserve(1);
      buffer[length++] = value;
    },
    raw(values) {
      for (const value of values) bytes.byte(value);
    },
    u32(value) {
      let rest = value >>> 0;
      while (rest >= 0x80) {
        bytes.byte((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      bytes.byte(rest);
    },
    s32(value) {
      bytes.s64(BigInt(value | 0));
    },
    s64(value) {
      let rest = BigInt.asIntN(64, value);
      for (;;) {
        const low = Number(rest & 0x7fn);
        rest >>= 7n;
        const done = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
        bytes.byte(done ? low : low | 0x80);
        if (done) return;
      }
    },
    f32(value) {
      scratch.setFloat32(0, value, true);
      for (let i = 0; i < 4; i++) bytes.byte(scratch.getUint8(i));
    },
    f64(value) {
      scratch.setFloat64(0, value, true);
      for (let i = 0; i < 8; i++) bytes.byte(scratch.getUint8(i));
    },
    name(text) {
      const utf8 = new TextEncoder().encode(text);
      bytes.u32(utf8.length);
      bytes.raw(utf8);
    },
    sized(content) {
      const part = content.finish();
      bytes.u32(part.length);
      reserve(part.length);
      buffer.set(part, length);
      length += part.length;
    },
    finish() {
      return buffer.slice(0, length);
    },
  };
  return bytes;
}
