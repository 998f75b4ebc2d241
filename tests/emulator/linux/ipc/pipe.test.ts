import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Errno } from "../../../../packages/emulator/src/linux/errno.js";
import { OpenFlag } from "../../../../packages/emulator/src/linux/files/open-file.js";
import { createPipe, type PipeEnd } from "../../../../packages/emulator/src/linux/files/pipe.js";
import { Poll } from "../../../../packages/emulator/src/linux/files/readiness.js";
import { createOrigin } from "./origin.js";

const PIPE_BUF = 4096;
const CAPACITY = 65_536;

function ends(origin = createOrigin()): { reader: PipeEnd; writer: PipeEnd } {
  const pipe = createPipe(origin);
  return { reader: pipe.open(OpenFlag.RDONLY), writer: pipe.open(OpenFlag.WRONLY) };
}

/** Bytes that tell where in the stream they belong. */
const bytesFrom = (start: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (start + index) % 251);

const step = fc.oneof(
  fc.record({
    kind: fc.constant("write" as const),
    length: fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 60_000, max: 70_000 })),
  }),
  fc.record({ kind: fc.constant("read" as const), length: fc.oneof(fc.nat(40), fc.nat(70_000)) }),
);

test("what is written is read, in order and once; short writes are whole; poll says what a call would do", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { reader, writer } = ends();
      let written = 0;
      let taken = 0;
      for (const { kind, length } of steps) {
        if (kind === "write") {
          const couldWrite = (writer.poll() & Poll.OUT) !== 0;
          const count = writer.write(bytesFrom(written, length));
          if (count < 0) expect([count, couldWrite]).toEqual([-Errno.EAGAIN, false]);
          else if (length <= PIPE_BUF) expect(count).toBe(length);
          if (couldWrite) expect(count).toBeGreaterThanOrEqual(Math.min(length, 1));
          written += Math.max(0, count);
        } else {
          const into = new Uint8Array(length);
          const couldRead = (reader.poll() & Poll.IN) !== 0;
          const count = reader.read(into);
          expect(couldRead).toBe(written > taken);
          if (length === 0) expect(count).toBe(0);
          else if (!couldRead) expect(count).toBe(-Errno.EAGAIN);
          else expect(count).toBe(Math.min(length, written - taken));
          if (count > 0) expect(into.subarray(0, count)).toEqual(bytesFrom(taken, count));
          taken += Math.max(0, count);
        }
        expect(reader.unread()).toBe(written - taken);
        expect(written - taken).toBeLessThanOrEqual(CAPACITY);
      }
    }),
    { numRuns: 200 },
  );
});

describe("capacity", () => {
  test("is 64 KiB, and a page is free again only when all of it was read, as in Linux", () => {
    const { reader, writer } = ends();
    expect(writer.write(new Uint8Array(100_000))).toBe(CAPACITY);
    expect(reader.read(new Uint8Array(4095))).toBe(4095);
    expect(writer.write(new Uint8Array(1))).toBe(-Errno.EAGAIN);
    expect(reader.read(new Uint8Array(1))).toBe(1);
    expect(writer.write(new Uint8Array(1))).toBe(1);
  });

  test("changes to a power of two of pages that holds what is there", () => {
    const { reader, writer } = ends();
    expect(writer.pipe.resize(100_000)).toBe(131_072);
    writer.write(new Uint8Array(70_000));
    expect(writer.pipe.resize(65_536)).toBe(-Errno.EBUSY);
    reader.read(new Uint8Array(70_000));
    expect(writer.pipe.resize(1)).toBe(4096);
    expect(writer.pipe.resize(2 ** 20)).toBe(2 ** 20);
    expect(writer.pipe.resize(2 ** 20 + 1)).toBe(-Errno.EPERM);
    expect(writer.pipe.resize(2 ** 31 + 1)).toBe(-Errno.EINVAL);
  });

  test("of all pipes together is limited: those made later are small", () => {
    const origin = createOrigin();
    const large = Array.from({ length: 64 }, () => ends(origin));
    for (const { writer } of large) writer.pipe.resize(2 ** 20);
    expect(origin.ipc.pipePages).toBeLessThanOrEqual(16_384);
    const { writer } = ends(origin);
    expect(writer.pipe.capacity).toBe(8192);
    expect(writer.pipe.resize(2 ** 20)).toBe(-Errno.EPERM);
    for (const { reader, writer: other } of large) {
      reader.close();
      other.close();
    }
    expect(origin.ipc.pipePages).toBe(2);
  });
});

describe("ends", () => {
  test("a reader finds the end when the last writer is gone, after what was written", () => {
    const { reader, writer } = ends();
    const second = writer.pipe.open(OpenFlag.WRONLY);
    writer.write(bytesFrom(0, 3));
    writer.close();
    expect(reader.poll() & Poll.HUP).toBe(0);
    second.close();
    expect(reader.poll()).toBe(Poll.IN | Poll.RDNORM | Poll.HUP);
    expect(reader.read(new Uint8Array(9))).toBe(3);
    expect(reader.read(new Uint8Array(9))).toBe(0);
    expect(reader.poll()).toBe(Poll.HUP);
  });

  test("a writer without readers is broken", () => {
    const { reader, writer } = ends();
    reader.close();
    expect(writer.poll() & Poll.ERR).toBe(Poll.ERR);
    expect(writer.write(bytesFrom(0, 1))).toBe(-Errno.EPIPE);
  });
});
