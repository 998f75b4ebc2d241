import { Buffer } from "node:buffer";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { createGuestMemory, type GuestMemory } from "../../../packages/emulator/src/memory/guest-memory.js";
import {
  GUEST_END,
  GUEST_START,
  PAGE_SIZE,
  Permission,
} from "../../../packages/emulator/src/memory/layout.js";

const LIMIT = 64 * PAGE_SIZE;
const memory: GuestMemory = createGuestMemory({ limit: LIMIT });
const BASE = 0x20_0000;
const ZEROS = new Uint8Array(PAGE_SIZE);
const { READ, WRITE, EXEC } = Permission;

beforeEach(() => {
  memory.onCodeWrite = () => {};
  memory.onMappingChange = () => {};
  memory.unmap(GUEST_START, GUEST_END - GUEST_START);
});

describe("permissions", () => {
  test.each([-1, 0.5, BASE + 0.5, Number.NaN, Number.POSITIVE_INFINITY, GUEST_END, 2 ** 40])(
    "%d is no address of the guest",
    (address) => {
      memory.map(BASE, PAGE_SIZE, READ | WRITE);
      expect(memory.check(address, 1, READ)).toBe(false);
      expect(memory.write(address, new Uint8Array(1))).toBe(false);
    },
  );

  test("an access needs them on every page that it touches", () => {
    memory.map(BASE, PAGE_SIZE, READ | WRITE);
    memory.map(BASE + PAGE_SIZE, PAGE_SIZE, READ);
    memory.map(BASE + 2 * PAGE_SIZE, PAGE_SIZE, 0);
    expect(memory.write(BASE + PAGE_SIZE - 2, Uint8Array.of(1, 2))).toBe(true);
    expect(memory.write(BASE + PAGE_SIZE - 1, Uint8Array.of(9, 9))).toBe(false);
    expect([...(memory.read(BASE + PAGE_SIZE - 2, 4) ?? [])]).toEqual([1, 2, 0, 0]);
    expect(memory.read(BASE + 2 * PAGE_SIZE - 1, 2)).toBeUndefined();
    expect(memory.peek(BASE + 2 * PAGE_SIZE - 1, 2)).toHaveLength(2);
    expect(memory.peek(BASE + 3 * PAGE_SIZE - 1, 2)).toBeUndefined();
    expect(memory.granted(BASE + 8, 4 * PAGE_SIZE, READ)).toBe(2 * PAGE_SIZE - 8);
  });

  test("there is nothing outside of the guest, wherever that is", () => {
    for (const address of [
      0,
      -1,
      GUEST_START - 1,
      GUEST_END,
      GUEST_END - 1,
      2 ** 32,
      2 ** 53,
      2 ** 64,
      Number.NaN,
    ]) {
      expect(memory.read(address, 2)).toBeUndefined();
      expect(memory.write(address, Uint8Array.of(1, 2))).toBe(false);
      expect(memory.peek(address, 2)).toBeUndefined();
      expect(memory.poke(address, Uint8Array.of(1, 2))).toBe(false);
    }
    expect(memory.read(BASE, 2 ** 53)).toBeUndefined();
    expect(memory.read(0, 0)).toHaveLength(0);
  });

  test("ranges that are not whole guest pages are a caller's mistake", () => {
    for (const [address, length] of [
      [BASE + 1, PAGE_SIZE],
      [BASE, 1],
      [BASE, 0],
      [0, PAGE_SIZE],
      [GUEST_END - PAGE_SIZE, 2 * PAGE_SIZE],
    ] as const) {
      expect(() => memory.map(address, length, READ)).toThrow(RangeError);
      expect(() => memory.unmap(address, length)).toThrow(/not a range of guest pages/);
    }
  });
});

describe("contents", () => {
  test("pages read as zeros when mapped again, after writes by poke, write and the guest itself", () => {
    memory.map(BASE, 40 * PAGE_SIZE, READ | WRITE);
    memory.write(BASE + 7, Uint8Array.of(1));
    memory.releaseCode(BASE + 20 * PAGE_SIZE, 4);
    memory.u32[(BASE + 20 * PAGE_SIZE) >>> 2] = 5;
    memory.poke(BASE + 30 * PAGE_SIZE, Uint8Array.of(3));
    memory.protect(BASE, 40 * PAGE_SIZE, READ);
    memory.poke(BASE + 31 * PAGE_SIZE, Uint8Array.of(3));
    memory.unmap(BASE, 40 * PAGE_SIZE);
    memory.map(BASE, 40 * PAGE_SIZE, READ);
    expect(memory.read(BASE, 40 * PAGE_SIZE)?.every((byte) => byte === 0)).toBe(true);
  });

  test("mapping over a mapping zeroes it, and discard() does so in place", () => {
    memory.map(BASE, 2 * PAGE_SIZE, READ | WRITE);
    memory.write(BASE, new Uint8Array(2 * PAGE_SIZE).fill(7));
    memory.map(BASE, PAGE_SIZE, READ | WRITE);
    expect(memory.read(BASE, PAGE_SIZE + 1)?.slice(-2)).toEqual(Uint8Array.of(0, 7));
    memory.discard(BASE, 2 * PAGE_SIZE);
    expect(memory.read(BASE + PAGE_SIZE, 1)).toEqual(Uint8Array.of(0));
    memory.write(BASE, Uint8Array.of(1));
    memory.discard(BASE, PAGE_SIZE);
    expect(memory.read(BASE, 1)).toEqual(Uint8Array.of(0));
  });

  test("strings end at their NUL, at the limit, or at a page that may not be read", () => {
    memory.map(BASE, 2 * PAGE_SIZE, READ | WRITE);
    memory.write(BASE + PAGE_SIZE - 2, Uint8Array.of(65, 66, 67, 0));
    expect([...(memory.readCString(BASE + PAGE_SIZE - 2, 100) ?? [])]).toEqual([65, 66, 67]);
    expect(memory.readCString(BASE + PAGE_SIZE - 2, 3)).toBe("too-long");
    memory.write(BASE + 2 * PAGE_SIZE - 2, Uint8Array.of(65, 66));
    expect(memory.readCString(BASE + 2 * PAGE_SIZE - 2, 100)).toBeUndefined();
    expect(memory.readCString(0, 100)).toBeUndefined();
  });
});

describe("the limit", () => {
  test("counts each mapped page once, and refuses what passes it without a change", () => {
    expect(memory.map(BASE, LIMIT, READ)).toBe(true);
    expect(memory.map(BASE, LIMIT, READ)).toBe(true);
    expect(memory.map(BASE + LIMIT, PAGE_SIZE, READ)).toBe(false);
    expect(memory.isMapped(BASE + LIMIT, PAGE_SIZE)).toBe(false);
    memory.unmap(BASE + PAGE_SIZE, 3 * PAGE_SIZE);
    expect(memory.mappedBytes).toBe(LIMIT - 3 * PAGE_SIZE);
    expect(memory.map(BASE + LIMIT, 3 * PAGE_SIZE, READ)).toBe(true);
  });
});

describe("code", () => {
  const calls = (): string[] => {
    const seen: string[] = [];
    memory.onCodeWrite = (address, length) => seen.push(`write ${address - BASE} ${length}`);
    memory.onMappingChange = (address, length) => seen.push(`change ${address - BASE} ${length}`);
    return seen;
  };

  test("a write to a watched page is announced once, and WRITE comes back", () => {
    const seen = calls();
    memory.map(BASE, 2 * PAGE_SIZE, READ | WRITE | EXEC);
    memory.watchCode(BASE + 5);
    const page = BASE / PAGE_SIZE;
    expect((memory.permissions[page] ?? 0) & WRITE).toBe(0);
    expect(memory.check(BASE, 4, WRITE)).toBe(true);
    memory.write(BASE + PAGE_SIZE - 1, Uint8Array.of(1, 1));
    memory.write(BASE, Uint8Array.of(1));
    expect(seen).toEqual([`write 0 ${PAGE_SIZE}`]);
    expect((memory.permissions[page] ?? 0) & (WRITE | Permission.WRITE_CODE)).toBe(WRITE);
  });

  test("watching a page that is not writable changes nothing", () => {
    memory.map(BASE, PAGE_SIZE, READ | EXEC);
    memory.watchCode(BASE);
    expect(memory.check(BASE, 1, WRITE)).toBe(false);
  });

  test("unmap, protect, map and discard tell of executable pages; poke tells of a write", () => {
    const seen = calls();
    memory.map(BASE, PAGE_SIZE, READ | EXEC);
    memory.map(BASE + PAGE_SIZE, PAGE_SIZE, READ | WRITE);
    memory.protect(BASE + PAGE_SIZE, PAGE_SIZE, READ);
    expect(seen).toEqual([]);
    memory.poke(BASE + 4, Uint8Array.of(1));
    memory.protect(BASE, 2 * PAGE_SIZE, READ | EXEC);
    memory.discard(BASE + PAGE_SIZE, PAGE_SIZE);
    memory.map(BASE, PAGE_SIZE, READ);
    memory.unmap(BASE, 2 * PAGE_SIZE);
    expect(seen).toEqual([
      "write 4 1",
      "change 0 8192",
      "change 4096 4096",
      "change 0 4096",
      "change 0 8192",
    ]);
  });
});

describe("placement", () => {
  test("takes a free hint, and else goes down from the ceiling", () => {
    const ceiling = 0x3000_0000;
    expect(memory.findFree(PAGE_SIZE, BASE, ceiling)).toBe(BASE);
    memory.map(BASE, PAGE_SIZE, READ);
    expect(memory.findFree(PAGE_SIZE, BASE, ceiling)).toBe(ceiling - PAGE_SIZE);
    memory.map(ceiling - PAGE_SIZE, PAGE_SIZE, READ);
    expect(memory.findFree(2 * PAGE_SIZE, 0, ceiling)).toBe(ceiling - 3 * PAGE_SIZE);
    expect(memory.findFree(ceiling, 0, ceiling)).toBeUndefined();
  });
});

test("permission bytes always say what the mappings say, and the count is theirs", () => {
  const page = fc.nat(60);
  const count = fc.integer({ min: 1, max: 20 });
  const step = fc.tuple(
    fc.constantFrom("map", "unmap", "protect", "discard", "watch", "write"),
    page,
    count,
    fc.nat(7),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      for (const { start, end } of [...memory.mappings]) memory.unmap(start, end - start);
      for (const [kind, first, length, prot] of steps) {
        const address = BASE + first * PAGE_SIZE;
        const bytes = length * PAGE_SIZE;
        if (kind === "map") memory.map(address, bytes, prot);
        else if (kind === "unmap") memory.unmap(address, bytes);
        else if (kind === "protect") memory.protect(address, bytes, prot);
        else if (kind === "discard") memory.discard(address, bytes);
        else if (kind === "watch") memory.watchCode(address);
        else memory.write(address, new Uint8Array(bytes).fill(prot));
      }
      let mapped = 0;
      for (let index = 0; index < 90; index += 1) {
        const address = BASE + index * PAGE_SIZE;
        const mapping = memory.mappings.find((m) => m.start <= address && m.end > address);
        const bits = memory.permissions[address / PAGE_SIZE] ?? 0;
        const plain = bits & Permission.WRITE_CODE ? (bits & ~Permission.WRITE_CODE) | WRITE : bits;
        expect(plain).toBe(mapping ? mapping.prot | Permission.MAPPED : 0);
        if (mapping?.prot || memory.pages.touched[address / PAGE_SIZE]) mapped += PAGE_SIZE;
        if (!mapping) expect(Buffer.compare(memory.u8.subarray(address, address + PAGE_SIZE), ZEROS)).toBe(0);
      }
      expect(memory.mappedBytes).toBe(mapped);
    }),
    { numRuns: 200 },
  );
});
