import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { createGuestMemory, createMemoryHost } from "../../../packages/emulator/src/memory/guest-memory.js";
import { PAGE_SIZE, Permission } from "../../../packages/emulator/src/memory/layout.js";
import {
  createSharedMemory,
  type SharedObject,
} from "../../../packages/emulator/src/memory/shared-object.js";
import type { WritableSource } from "../../../packages/emulator/src/memory/source.js";

const { READ, WRITE, EXEC } = Permission;
const BASE = 0x20_0000;
const host = createMemoryHost();
const memories = [createGuestMemory({ host }), createGuestMemory({ host }), createGuestMemory({ host })];
const [one, two] = memories as [(typeof memories)[number], (typeof memories)[number]];

beforeEach(() => {
  for (const memory of memories) {
    memory.onCodeWrite = () => {};
    memory.onMappingChange = () => {};
    memory.reset();
  }
});

interface TestFile extends WritableSource {
  bytes: Uint8Array;
  holders: number;
}

/** A file of the test's own, which can be seen from both sides. */
function createFile(bytes: Uint8Array): TestFile {
  const file: TestFile = {
    bytes,
    holders: 0,
    size: () => file.bytes.length,
    read(into, position) {
      const part = file.bytes.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
    write(from, position) {
      file.bytes.set(from, position);
      return from.length;
    },
    retain: () => {
      file.holders += 1;
    },
    release: () => {
      file.holders -= 1;
    },
  };
  return file;
}

const backing = (object: SharedObject, offset = 0) => ({
  name: object.source ? "/f" : "",
  file: object.source !== undefined,
  offset,
  shared: true,
  object,
});
const at = (memory: (typeof memories)[number], address: number): number | undefined =>
  memory.read(address, 1)?.[0];

describe("shared memory", () => {
  test("is seen by another address space after leave and enter, and stays where it is mapped anew", () => {
    const object = createSharedMemory(4 * PAGE_SIZE);
    one.map(BASE, 4 * PAGE_SIZE, READ | WRITE, backing(object));
    two.map(BASE + PAGE_SIZE, 2 * PAGE_SIZE, READ, backing(object, PAGE_SIZE));
    one.write(BASE + PAGE_SIZE + 3, Uint8Array.of(9));
    one.leave();
    two.enter();
    expect(at(two, BASE + PAGE_SIZE + 3)).toBe(9);
    two.leave();
    one.enter();
    one.write(BASE + PAGE_SIZE + 3, Uint8Array.of(10));
    one.unmap(BASE, 4 * PAGE_SIZE);
    two.enter();
    expect(at(two, BASE + PAGE_SIZE + 3)).toBe(10);
    two.map(BASE + 8 * PAGE_SIZE, PAGE_SIZE, READ, backing(object, PAGE_SIZE));
    expect(at(two, BASE + 8 * PAGE_SIZE + 3)).toBe(10);
  });

  test("cannot be accessed past its end, and says so", () => {
    const object = createSharedMemory(PAGE_SIZE + 1);
    one.map(BASE, 3 * PAGE_SIZE, READ | WRITE, backing(object));
    expect(one.check(BASE + PAGE_SIZE, PAGE_SIZE, READ | WRITE)).toBe(true);
    expect(one.check(BASE + 2 * PAGE_SIZE, 1, READ)).toBe(false);
    expect([BASE + 2 * PAGE_SIZE, BASE + 3 * PAGE_SIZE].map((a) => one.faultCause(a))).toEqual([
      "beyond-file",
      "unmapped",
    ]);
    one.protect(BASE, PAGE_SIZE, READ);
    expect(one.faultCause(BASE)).toBe("denied");
  });

  test("gives a futex one key wherever it is mapped, and none in private memory", () => {
    const object = createSharedMemory(4 * PAGE_SIZE);
    one.map(BASE, 4 * PAGE_SIZE, READ | WRITE, backing(object));
    two.map(BASE, PAGE_SIZE, READ | WRITE, backing(object, 2 * PAGE_SIZE));
    two.map(BASE + PAGE_SIZE, PAGE_SIZE, READ | WRITE);
    expect(one.sharedKey(BASE + 2 * PAGE_SIZE + 12)).toEqual(two.sharedKey(BASE + 12));
    expect(two.sharedKey(BASE + 12)?.offset).toBe(2 * PAGE_SIZE + 12);
    expect(two.sharedKey(BASE + PAGE_SIZE)).toBeUndefined();
    expect(two.sharedKey(0)).toBeUndefined();
  });

  test("shows what it is at every place where it is mapped, code too", () => {
    const object = createSharedMemory(PAGE_SIZE);
    const [a, b, c] = [BASE, BASE + PAGE_SIZE, BASE + 2 * PAGE_SIZE] as const;
    one.map(a, PAGE_SIZE, READ | WRITE, backing(object));
    one.map(b, PAGE_SIZE, READ | WRITE, backing(object));
    one.map(c, PAGE_SIZE, READ | EXEC, backing(object));
    const stale: number[] = [];
    one.onCodeWrite = (address) => stale.push(address);
    one.write(a, Uint8Array.of(1));
    expect(stale).toEqual([c]);
    one.write(b + 1, Uint8Array.of(2));
    expect(one.check(c, 2, EXEC)).toBe(true);
    for (const place of [a, b, c]) expect(one.read(place, 2)).toEqual(Uint8Array.of(1, 2));
    one.write(a, Uint8Array.of(3));
    expect(one.peek(c, 1)).toEqual(Uint8Array.of(3));
  });

  test("announces stale code where another address space has written", () => {
    const object = createSharedMemory(2 * PAGE_SIZE);
    one.map(BASE, 2 * PAGE_SIZE, READ | WRITE, backing(object));
    two.map(BASE, 2 * PAGE_SIZE, READ | EXEC, backing(object));
    const stale: number[] = [];
    two.onCodeWrite = (address) => stale.push(address);
    one.write(BASE + PAGE_SIZE, Uint8Array.of(1));
    one.leave();
    two.enter();
    expect(stale).toEqual([BASE + PAGE_SIZE]);
  });
});

describe("a shared file", () => {
  test("is written when asked, up to its size, and when nobody maps it any more", () => {
    const file = createFile(new Uint8Array(PAGE_SIZE + 4).fill(1));
    const object = host.files.obtain("f", file, true);
    one.map(BASE, 2 * PAGE_SIZE, READ | WRITE, backing(object));
    expect([file.holders, host.files.count]).toEqual([1, 1]);
    one.write(BASE + PAGE_SIZE, Uint8Array.of(2, 2, 2, 2, 2, 2));
    expect(file.bytes.slice(-4)).toEqual(Uint8Array.of(1, 1, 1, 1));
    one.leave();
    expect(host.files.flush()).toBe(0);
    expect(file.bytes.slice(-4)).toEqual(Uint8Array.of(2, 2, 2, 2));
    one.write(BASE, Uint8Array.of(3));
    one.reset();
    expect([file.bytes[0], file.bytes.length, file.holders, host.files.count]).toEqual([
      3,
      PAGE_SIZE + 4,
      0,
      0,
    ]);
  });

  test("shows what was written to it otherwise, also when it grows or is cut", () => {
    const file = createFile(new Uint8Array(PAGE_SIZE).fill(1));
    const object = host.files.obtain("f", file, true);
    one.map(BASE, 3 * PAGE_SIZE, READ | WRITE, backing(object));
    expect(one.check(BASE + PAGE_SIZE, 1, READ)).toBe(false);
    file.bytes = new Uint8Array(3 * PAGE_SIZE).fill(5);
    object.refresh(0, 3 * PAGE_SIZE);
    one.enter();
    expect([at(one, BASE), at(one, BASE + 2 * PAGE_SIZE)]).toEqual([5, 5]);
    file.bytes = file.bytes.slice(0, PAGE_SIZE / 2);
    object.refresh(PAGE_SIZE / 2, 0);
    one.enter();
    expect([at(one, BASE), at(one, BASE + PAGE_SIZE / 2), at(one, BASE + PAGE_SIZE)]).toEqual([
      5,
      0,
      undefined,
    ]);
    one.reset();
  });
});

/** A page as the model sees it: one of the object's, or its own. */
type ModelPage = { readonly shared: number } | { own: number };

const PAGES = 8;
const OBJECT_PAGES = 5;
const step = fc.oneof(
  fc.record({ kind: fc.constant("switch" as const), to: fc.nat(2) }),
  fc.record({
    kind: fc.constant("share" as const),
    page: fc.nat(PAGES - 1),
    first: fc.nat(OBJECT_PAGES - 1),
    count: fc.integer({ min: 1, max: OBJECT_PAGES }),
  }),
  fc.record({ kind: fc.constantFrom("own" as const, "unmap" as const), page: fc.nat(PAGES - 1) }),
  fc.record({ kind: fc.constant("store" as const), page: fc.nat(PAGES - 1), value: fc.nat(255) }),
  fc.record({ kind: fc.constant("fork" as const), to: fc.nat(2) }),
  fc.record({ kind: fc.constant("protect" as const), page: fc.nat(PAGES - 1), writable: fc.boolean() }),
  fc.record({ kind: fc.constant("settle" as const) }),
  fc.record({ kind: fc.constant("write" as const), page: fc.nat(OBJECT_PAGES - 1), value: fc.nat(255) }),
);

test.each(["memory", "file"])("shared %s agrees with a model of pages", (kind) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      for (const memory of memories) memory.reset();
      const file = createFile(new Uint8Array(OBJECT_PAGES * PAGE_SIZE));
      const sharedFile = kind === "file" ? host.files.obtain("f", file, true) : undefined;
      const object = sharedFile ?? createSharedMemory(OBJECT_PAGES * PAGE_SIZE);
      object.retain();
      const truth = new Uint8Array(OBJECT_PAGES);
      const tables: (ModelPage | undefined)[][] = memories.map(() => new Array(PAGES).fill(undefined));
      let current = 0;
      const memory = () => memories[current] as (typeof memories)[number];
      const table = () => tables[current] as (ModelPage | undefined)[];
      const addressOf = (page: number): number => BASE + page * PAGE_SIZE;
      const compare = (): void => {
        table().forEach((page, index) => {
          if (page === undefined) {
            expect(at(memory(), addressOf(index))).toBeUndefined();
            return;
          }
          const expected = "shared" in page ? truth[page.shared] : page.own;
          expect([index, at(memory(), addressOf(index) + 7)]).toEqual([index, expected]);
        });
      };
      for (const action of steps) {
        switch (action.kind) {
          case "switch":
            memory().leave();
            current = action.to;
            memory().enter();
            break;
          case "share": {
            const count = Math.min(action.count, OBJECT_PAGES - action.first, PAGES - action.page);
            const offset = action.first * PAGE_SIZE;
            memory().map(addressOf(action.page), count * PAGE_SIZE, READ | WRITE, backing(object, offset));
            for (let i = 0; i < count; i += 1) table()[action.page + i] = { shared: action.first + i };
            break;
          }
          case "own":
            memory().map(addressOf(action.page), PAGE_SIZE, READ | WRITE);
            table()[action.page] = { own: 0 };
            break;
          case "unmap":
            memory().unmap(addressOf(action.page), PAGE_SIZE);
            table()[action.page] = undefined;
            break;
          case "store": {
            const page = table()[action.page];
            const stored = memory().write(addressOf(action.page) + 7, Uint8Array.of(action.value));
            if (!stored || !page) break;
            if ("shared" in page) truth[page.shared] = action.value;
            else page.own = action.value;
            break;
          }
          case "fork":
            if (action.to === current) break;
            memories[action.to]?.copyFrom(memory());
            tables[action.to] = table().map((page) => page && { ...page });
            break;
          case "protect":
            memory().protect(addressOf(action.page), PAGE_SIZE, action.writable ? READ | WRITE : READ);
            break;
          case "settle":
            memory().leave();
            memory().enter();
            compare();
            break;
          case "write":
            // What write(2) does: mappings have been written to the file before, and are brought up to date after.
            if (!sharedFile) break;
            memory().leave();
            host.files.flush();
            file.bytes[action.page * PAGE_SIZE + 7] = action.value;
            sharedFile.refresh(action.page * PAGE_SIZE + 7, 1);
            memory().enter();
            truth[action.page] = action.value;
            break;
        }
        compare();
      }
      for (const memory of memories) memory.reset();
      object.release();
      if (sharedFile) {
        for (let page = 0; page < OBJECT_PAGES; page += 1) {
          expect(file.bytes[page * PAGE_SIZE + 7]).toBe(truth[page]);
        }
        expect([file.holders, host.files.count]).toEqual([0, 0]);
      }
      expect(host.budget.used).toBe(0);
      for (const memory of memories) {
        expect(memory.u8.subarray(BASE, addressOf(PAGES)).every((byte) => byte === 0)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
