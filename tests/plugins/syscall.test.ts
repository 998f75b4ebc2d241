import { describe, expect, it } from "vitest";
import { hexdump } from "../../packages/plugins/src/syscall/hexdump.js";
import { load } from "./load.js";

const WRITE = 64;
const OPENAT = 56;
const EXIT_GROUP = 94;

describe("syscall", () => {
  it("counts calls and errors by name, the most frequent first; a call that does not return counts", async () => {
    const { fake, result, summary } = await load({ syscall: {} });
    fake.call({ number: OPENAT, result: -2 });
    fake.call({ number: WRITE, result: 5 });
    fake.call({ number: WRITE, result: -9 });
    fake.call({ number: WRITE, result: 0 });
    fake.call({ number: 9999, result: -38 });
    fake.call({ number: EXIT_GROUP });
    expect(result("syscall")).toEqual({
      calls: {
        write: { count: 3, errors: 1 },
        openat: { count: 1, errors: 1 },
        unknown_9999: { count: 1, errors: 1 },
        exit_group: { count: 1, errors: 0 },
      },
    });
    expect(summary("syscall")?.split("\n").slice(0, 2)).toEqual([
      "syscall       calls  errors",
      "write             3       1",
    ]);
  });

  it("prints calls and results, and no table then", async () => {
    const { fake, lines, summary } = await load({ syscall: { print: "on" } });
    fake.call({ number: WRITE, result: 12 });
    fake.call({ number: EXIT_GROUP });
    expect(lines).toEqual(["syscall #64", "syscall #64 returned -> 12", "syscall #94"]);
    expect(summary("syscall")).toBeUndefined();
  });

  it("dumps what is written, or says that it cannot be read", async () => {
    const { fake, lines } = await load({ syscall: { log_writes: "on" } });
    fake.memory.set(0x5000, new TextEncoder().encode("hello, world\n"));
    fake.call({ number: WRITE, args: [1, 0x5000, 5], result: 5 });
    fake.call({ number: WRITE, args: [1, 0x6000, 5], result: -14 });
    fake.call({ number: OPENAT, args: [1, 0x5000, 5], result: -2 });
    expect(lines).toEqual([
      `68 65 6c 6c 6f ${"   ".repeat(11)} | hello`,
      "Error reading memory from vaddr 24576",
    ]);
  });

  it("dumps 16 bytes a line, a dot for what cannot be seen", () => {
    const bytes = Uint8Array.from([...Array(16).keys(), 0x41, 0x20, 0x7f, 0xff]);
    expect(hexdump(bytes)).toBe(
      `00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  | ................\n41 20 7f ff ${"   ".repeat(12)} | A...`,
    );
  });
});
