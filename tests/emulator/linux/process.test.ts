import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createTestGuest, emptyMemory } from "./test-guest.js";

const guests = new URL("../../../guests/bin/", import.meta.url);

describe("a new process", () => {
  test("has argc, argv, envp and the auxiliary vector on its stack, as Linux lays them out", () => {
    const { memory, task, stackPointer, text } = createTestGuest({
      args: ["prog", "an arg"],
      env: { HOME: "/h", E: "" },
    });
    const word = (at: number): number => Number(memory.view.getBigUint64(at, true));
    const string = (at: number): string => {
      const bytes = memory.readCString(at, 4096);
      return bytes instanceof Uint8Array ? text(at, bytes.length) : "?";
    };
    const sp = stackPointer;
    expect(sp % 16).toBe(0);
    expect(word(sp)).toBe(2);
    expect([8, 16].map((at) => string(word(sp + at)))).toEqual(["prog", "an arg"]);
    expect(word(sp + 24)).toBe(0);
    expect([32, 40].map((at) => string(word(sp + at)))).toEqual(["HOME=/h", "E="]);
    expect(word(sp + 48)).toBe(0);
    const auxiliary = new Map<number, number>();
    for (let at = sp + 56; word(at) !== 0; at += 16) auxiliary.set(word(at), word(at + 8));
    expect(Object.fromEntries(auxiliary)).toMatchObject({
      4: 56,
      5: 2,
      6: 4096,
      7: 0,
      8: 0,
      9: task.vcpu.pc,
      11: 1000,
      12: 1000,
      13: 1000,
      14: 1000,
      16: 0x112d,
      17: 100,
      23: 0,
    });
    expect(string(auxiliary.get(31) ?? 0)).toBe("/guest/program");
    expect(memory.read(auxiliary.get(25) ?? 0, 16)?.some((byte) => byte !== 0)).toBe(true);
  });

  test("has its segments in memory with their permissions, and zeros behind them", () => {
    const { memory, task } = createTestGuest();
    expect(task.vcpu.pc).toBe(0x1_1000);
    expect(memory.mappings.slice(0, 3).map(({ start, end, prot }) => [start, end, prot])).toEqual([
      [0x1_1000, 0x1_2000, 5],
      [0x1_2000, 0x1_3000, 3],
      [0x1_3000, 0x1_5000, 3],
    ]);
    expect([...(memory.read(0x1_2f00, 6) ?? [])]).toEqual([1, 2, 3, 4, 0, 0]);
    expect([task.mm.program.startCode, task.mm.program.endCode]).toEqual([0x1_1000, 0x1_100c]);
  });

  test.each(readdirSync(guests))("can be made of guests/bin/%s", (name) => {
    const image = readFileSync(new URL(name, guests));
    const { task, memory } = createTestGuest({ image, path: `/${name}` });
    const { program } = task.mm;
    expect(memory.check(task.vcpu.pc, 2, 4)).toBe(true);
    expect(program.symbols.symbolAt(task.vcpu.pc)).toEqual({ name: "_start", offset: 0 });
    expect(task.name).toBe(name);
  });

  test("refuses arguments that no Linux program could get", () => {
    expect(() => createTestGuest({ args: ["a\0b"] })).toThrow(/NUL/);
    expect(() => createTestGuest({ args: ["x".repeat(200_000)] })).toThrow(/at most 131072 bytes/);
    expect(() => createTestGuest({ args: new Array(30).fill("x".repeat(100_000)) })).toThrow(
      /at most 2097152/,
    );
  });

  test("says so when the memory limit leaves no room", () => {
    expect(() => createTestGuest({ limit: 0x1000 })).toThrow(/limit/);
    expect(() => createTestGuest({ limit: 0x10_0000 })).toThrow(/stack/);
  });

  test("is the same each time", () => {
    const snapshot = (): Uint8Array | undefined => {
      const { memory, stackPointer } = createTestGuest({ args: ["a", "b"], env: { X: "1" } });
      return memory.peek(stackPointer, 512)?.slice();
    };
    expect(snapshot()).toEqual(snapshot());
    expect(emptyMemory().mappings).toEqual([]);
  });
});

describe("system calls", () => {
  test("write goes to the stream, and exit ends the process with eight bits", () => {
    const guest = createTestGuest();
    expect(guest.call("write", 1, "hello", 5)).toBe(5);
    expect(guest.output()).toBe("hello");
    guest.call("exit_group", 0x1ff);
    expect(guest.task.process.exitStatus).toEqual({ kind: "exit", code: 0xff });
  });

  test("one that is unknown is ENOSYS, reported once by name", () => {
    const guest = createTestGuest();
    expect(guest.errorOf("io_setup")).toBe("ENOSYS");
    expect(guest.errorOf("io_setup")).toBe("ENOSYS");
    expect(guest.reports).toEqual(["system call io_setup (0) is not supported; the guest gets ENOSYS"]);
  });
});
