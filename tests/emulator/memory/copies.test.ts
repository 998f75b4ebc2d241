import { beforeEach, describe, expect, test } from "vitest";
import { createGuestMemory, createMemoryHost } from "../../../packages/emulator/src/memory/guest-memory.js";
import { PAGE_SIZE, Permission } from "../../../packages/emulator/src/memory/layout.js";

const { READ, WRITE, EXEC, WRITE_CODE } = Permission;
const BASE = 0x20_0000;
const LIMIT = 4096 * PAGE_SIZE;
const host = createMemoryHost(LIMIT);
const parent = createGuestMemory({ host });
const child = createGuestMemory({ host });

beforeEach(() => {
  for (const memory of [parent, child]) {
    memory.onCodeWrite = () => {};
    memory.onMappingChange = () => {};
    memory.reset();
  }
  expect(host.budget.used).toBe(0);
});

describe("a copy", () => {
  test("has the mappings, permissions and contents of the other, and is apart from it", () => {
    parent.map(BASE, 8 * PAGE_SIZE, READ | WRITE, { name: "[heap]", file: false, offset: 0, shared: false });
    parent.map(BASE + 8 * PAGE_SIZE, PAGE_SIZE, READ | EXEC);
    parent.map(BASE + 9 * PAGE_SIZE, PAGE_SIZE, 0);
    parent.write(BASE + 5, Uint8Array.of(1, 2, 3));
    parent.poke(BASE + 8 * PAGE_SIZE, Uint8Array.of(7));
    expect(child.copyFrom(parent)).toBe(true);
    expect(child.mappings).toEqual(parent.mappings);
    expect([...(child.read(BASE + 5, 3) ?? [])]).toEqual([1, 2, 3]);
    expect([...(child.read(BASE + 8 * PAGE_SIZE, 1) ?? [])]).toEqual([7]);
    expect(child.check(BASE + 8 * PAGE_SIZE, 1, WRITE)).toBe(false);
    expect(child.check(BASE + 9 * PAGE_SIZE, 1, READ)).toBe(false);
    child.write(BASE + 5, Uint8Array.of(9));
    parent.write(BASE + 6, Uint8Array.of(8));
    expect([...(parent.read(BASE + 5, 2) ?? [])]).toEqual([1, 8]);
    expect([...(child.read(BASE + 5, 2) ?? [])]).toEqual([9, 2]);
    expect(host.budget.used).toBe(18 * PAGE_SIZE);
    expect(child.mappedBytes).toBe(9 * PAGE_SIZE);
  });

  test("replaces what was there, and says that code is stale", () => {
    const stale: number[] = [];
    child.map(BASE, PAGE_SIZE, READ | EXEC);
    child.map(BASE + PAGE_SIZE, PAGE_SIZE, READ | WRITE);
    child.write(BASE + PAGE_SIZE, Uint8Array.of(5));
    child.onMappingChange = (address) => stale.push(address);
    parent.map(BASE + PAGE_SIZE, PAGE_SIZE, READ | WRITE);
    child.copyFrom(parent);
    expect(stale).toEqual([BASE]);
    expect(child.isMapped(BASE, PAGE_SIZE)).toBe(false);
    expect([...(child.read(BASE + PAGE_SIZE, 1) ?? [])]).toEqual([0]);
  });

  test("does not take over that code was predecoded", () => {
    const written: number[] = [];
    parent.map(BASE, PAGE_SIZE, READ | WRITE | EXEC);
    parent.write(BASE, Uint8Array.of(1));
    parent.watchCode(BASE);
    child.copyFrom(parent);
    const bits = child.permissions[BASE / PAGE_SIZE] ?? 0;
    expect(bits & (WRITE | WRITE_CODE)).toBe(WRITE);
    parent.onCodeWrite = (address) => written.push(address);
    parent.write(BASE, Uint8Array.of(2));
    expect(written).toEqual([BASE]);
  });

  test("copies only what was touched", () => {
    parent.map(BASE, 4000 * PAGE_SIZE, READ | WRITE);
    parent.write(BASE + 2000 * PAGE_SIZE, Uint8Array.of(1));
    parent.reset();
    parent.map(BASE, 1000 * PAGE_SIZE, READ | WRITE);
    parent.write(BASE + 100 * PAGE_SIZE, Uint8Array.of(1));
    child.copyFrom(parent);
    const touched = child.pages.countTouched(0, child.pages.touched.length);
    expect(touched).toBe(16);
  });

  test("can be refused by the limit, and is empty then", () => {
    parent.map(BASE, 3000 * PAGE_SIZE, READ | WRITE);
    expect(child.copyFrom(parent)).toBe(false);
    expect([child.mappings.length, child.mappedBytes]).toEqual([0, 0]);
  });

  test("leaves out what madvise(2) says, or finds zeros there", () => {
    parent.map(BASE, 3 * PAGE_SIZE, READ | WRITE);
    parent.write(BASE, new Uint8Array(3 * PAGE_SIZE).fill(1));
    parent.setOnFork(BASE, PAGE_SIZE, "absent");
    parent.setOnFork(BASE + PAGE_SIZE, PAGE_SIZE, "zeros");
    child.copyFrom(parent);
    expect(child.isMapped(BASE, PAGE_SIZE)).toBe(false);
    expect([...(child.read(BASE + PAGE_SIZE, 1) ?? [])]).toEqual([0]);
    expect([...(child.read(BASE + 2 * PAGE_SIZE, 1) ?? [])]).toEqual([1]);
  });
});

describe("the limit", () => {
  test("does not count what is reserved only, until it is made accessible", () => {
    expect(parent.map(BASE, 8 * LIMIT, 0)).toBe(true);
    expect(parent.mappedBytes).toBe(0);
    expect(parent.protect(BASE, LIMIT, READ)).toBe(true);
    expect(parent.protect(BASE + LIMIT, PAGE_SIZE, READ)).toBe(false);
    expect(parent.check(BASE + LIMIT, 1, READ)).toBe(false);
    expect(parent.protect(BASE, PAGE_SIZE, 0)).toBe(true);
    expect(parent.protect(BASE + LIMIT, PAGE_SIZE, READ)).toBe(true);
  });

  test("counts what holds something, though nobody may access it", () => {
    parent.map(BASE, LIMIT, READ | WRITE);
    parent.write(BASE, Uint8Array.of(1));
    parent.protect(BASE, LIMIT, 0);
    expect(parent.mappedBytes).toBe(16 * PAGE_SIZE);
    parent.discard(BASE, LIMIT);
    expect(parent.mappedBytes).toBe(0);
  });
});
