import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bytes, createBytes } from "../../../packages/emulator/src/wasm/bytes.js";

function written(write: (to: Bytes) => void): number[] {
  const bytes = createBytes();
  write(bytes);
  return [...bytes.finish()];
}

/** Reads LEB128 as the core specification defines it: seven bits a byte, least significant first. */
function readLeb128(bytes: readonly number[], signed: boolean): bigint {
  let value = 0n;
  bytes.forEach((byte, i) => {
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    expect(byte >> 7, "only the last byte has no continuation bit").toBe(i === bytes.length - 1 ? 0 : 1);
  });
  return signed ? BigInt.asIntN(7 * bytes.length, value) : value;
}

/** How many bytes a shortest encoding of this many bits takes. */
const shortest = (bits: number): number => Math.max(1, Math.ceil(bits / 7));
const bitsOf = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);
const signedBitsOf = (value: bigint): number => bitsOf(value < 0n ? -value - 1n : value) + 1;

describe("LEB128", () => {
  it("encodes unsigned numbers, as short as can be", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        const bytes = written((to) => to.u32(value));
        expect(readLeb128(bytes, false)).toBe(BigInt(value));
        expect(bytes.length).toBe(shortest(bitsOf(BigInt(value))));
      }),
    );
  });

  it("encodes signed numbers, as short as can be", () => {
    const values = fc
      .tuple(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.integer({ min: 0, max: 63 }))
      .map(([value, shift]) => value >> BigInt(shift));
    fc.assert(
      fc.property(values, (value) => {
        const bytes = written((to) => to.s64(value));
        expect(readLeb128(bytes, true)).toBe(value);
        expect(bytes.length).toBe(shortest(signedBitsOf(value)));
      }),
    );
  });

  it("takes 32 bits as signed, whichever way they are written", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }), (value) => {
        expect(
          readLeb128(
            written((to) => to.s32(value)),
            true,
          ),
        ).toBe(BigInt(value | 0));
      }),
    );
  });

  it.each([
    [0, [0x00]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])("u32 %d", (value, expected) => {
    expect(written((to) => to.u32(value))).toEqual(expected);
  });

  it.each([
    [-1, [0x7f]],
    [63, [0x3f]],
    [64, [0xc0, 0x00]],
    [-64, [0x40]],
    [-123456, [0xc0, 0xbb, 0x78]],
  ])("s32 %d", (value, expected) => {
    expect(written((to) => to.s32(value))).toEqual(expected);
  });
});

describe("bytes", () => {
  it("keeps everything in order while it grows", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (parts) => {
        const bytes = written((to) => {
          for (const part of parts) {
            const content = createBytes();
            content.raw(part);
            to.sized(content);
          }
        });
        let at = 0;
        for (const part of parts) {
          const size = part.length < 128 ? 1 : part.length < 16384 ? 2 : 3;
          expect(readLeb128(bytes.slice(at, at + size), false)).toBe(BigInt(part.length));
          expect(bytes.slice(at + size, at + size + part.length)).toEqual([...part]);
          at += size + part.length;
        }
        expect(at).toBe(bytes.length);
      }),
    );
  });

  it("writes floating-point numbers little-endian, and names with their length in UTF-8", () => {
    expect(written((to) => to.f32(1))).toEqual([0, 0, 0x80, 0x3f]);
    expect(written((to) => to.f64(-2))).toEqual([0, 0, 0, 0, 0, 0, 0, 0xc0]);
    expect(written((to) => to.name("é!"))).toEqual([3, 0xc3, 0xa9, 0x21]);
  });
});
