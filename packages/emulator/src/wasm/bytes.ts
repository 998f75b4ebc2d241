/** A growing array of bytes, with the number encodings of WebAssembly's binary format. */
export interface Bytes {
  readonly length: number;
  byte(value: number): void;
  raw(values: ArrayLike<number>): void;
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
      reserve(values.length);
      // Most are opcodes of a byte or two, which a call of `set` would take longer for.
      if (values.length > 8) buffer.set(values, length);
      else for (let i = 0; i < values.length; i++) buffer[length + i] = values[i] ?? 0;
      length += values.length;
    },
    u32(value) {
      reserve(5);
      let rest = value >>> 0;
      while (rest >= 0x80) {
        buffer[length++] = (rest & 0x7f) | 0x80;
        rest >>>= 7;
      }
      buffer[length++] = rest;
    },
    s32(value) {
      let rest = value | 0;
      for (;;) {
        const low = rest & 0x7f;
        rest >>= 7;
        const done = rest === ((low & 0x40) === 0 ? 0 : -1);
        bytes.byte(done ? low : low | 0x80);
        if (done) return;
      }
    },
    s64(value) {
      // Nearly all constants are small, and bigints are slow.
      if (value === BigInt.asIntN(32, value)) {
        bytes.s32(Number(value));
        return;
      }
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
      bytes.u32(content.length);
      bytes.raw(content.finish());
    },
    finish() {
      return buffer.slice(0, length);
    },
  };
  return bytes;
}
