import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { faultReport } from "../../../packages/emulator/src/linux/fault-report.js";
import { createTestGuest } from "./test-guest.js";

test("a fault is told with instruction, address, symbol and registers", () => {
  const image = readFileSync(new URL("../../../guests/bin/hello", import.meta.url));
  const { memory, task, stackPointer } = createTestGuest({ image });
  const { symbols } = task.mm.program;
  const main = symbols.find("main");
  if (!main) throw new Error("hello has no main");
  const registers = { u32: new Uint32Array(64), i32: new Int32Array(64) };
  registers.u32[4] = 0xbfff_fd90;
  registers.u32[63] = 0xdead_beef;
  const details = {
    signal: 11,
    registers,
    memory,
    symbols,
    disassemble: () => "sd a0,0(zero)",
  };
  const text = faultReport({ ...details, pc: main.address + 4, address: 0 }) ?? "";
  const lines = text.split("\n");
  expect(lines.slice(0, 3)).toEqual([
    `SIGSEGV at pc 0x${(main.address + 4).toString(16)} (main+0x4): sd a0,0(zero)`,
    "  faulting address 0x0: not mapped",
    "  zero 0000000000000000    ra 0000000000000000    sp 00000000bffffd90    gp 0000000000000000",
  ]);
  expect(lines).toHaveLength(10);
  expect(lines[9]).toContain("t6 deadbeef00000000");
  const jump = faultReport({ ...details, pc: 8, address: stackPointer });
  expect(jump).toContain("SIGSEGV at pc 0x8: no instruction can be fetched");
  expect(jump).toContain("mapped rw-, [stack]");

  const child = { pid: 102, name: "cat" };
  expect(faultReport({ ...details, process: child, pc: main.address + 4, address: 0 })).toBe(
    `cat (pid 102): ${text}`,
  );
  const instruction = { ...details, pc: main.address + 4 };
  for (const signal of [4, 5, 7, 8, 11]) {
    expect(faultReport({ ...instruction, signal })?.split("\n")).toHaveLength(9);
  }
  expect(faultReport({ ...instruction, signal: 6 })).toBe(
    `SIGABRT at pc 0x${(main.address + 4).toString(16)} (main+0x4): sd a0,0(zero)`,
  );
  // Sent by somebody: SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGUSR1, SIGPIPE, SIGALRM, SIGTERM, SIGXFSZ.
  for (const signal of [1, 2, 3, 9, 10, 13, 14, 15, 25]) {
    expect(faultReport({ ...instruction, signal })).toBeUndefined();
  }
});
