import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { HANDLERS } from "../../../packages/emulator/src/linux/dispatch.js";
import { Errno, errnoName, hostErrno } from "../../../packages/emulator/src/linux/errno.js";
import { defaultAction, Signal, signalName } from "../../../packages/emulator/src/linux/signals/numbers.js";
import { SYSCALLS, syscallName, syscallSignature } from "../../../packages/emulator/src/linux/table.js";
import { peer } from "../../peers.js";

const COMPILER = "riscv64-linux-gnu-gcc";

/** The values that the target's own headers give to macros whose name starts with `prefix`. */
function macros(headers: readonly string[], prefix: string): Map<string, number> {
  const includes = headers.map((header) => `#include <${header}>\n`).join("");
  const listed = spawnSync(COMPILER, ["-E", "-dM", "-"], { input: includes, encoding: "utf8" }).stdout;
  const names = [...listed.matchAll(new RegExp(`^#define (${prefix}[A-Za-z0-9_]+) `, "gm"))].map(
    (m) => m[1] ?? "",
  );
  const source = `${includes}${names.map((name) => `"${name}" ${name}\n`).join("")}`;
  const expanded = spawnSync(COMPILER, ["-E", "-P", "-"], { input: source, encoding: "utf8" }).stdout;
  const values = new Map<string, number>();
  for (const [, name, value] of expanded.matchAll(/"(\w+)" (.+)/g)) {
    const number = /^[\d+() ]+$/.test(value ?? "") ? sum(value ?? "") : Number.NaN;
    if (Number.isInteger(number)) values.set(name ?? "", number);
  }
  return values;
}

const sum = (text: string): number =>
  text
    .replace(/[()]/g, "")
    .split("+")
    .reduce((total, part) => total + Number(part), 0);

describe.skipIf(!peer(COMPILER))(`against the target's headers (needs ${COMPILER})`, () => {
  test("every system call of the headers has its number in the table", () => {
    const numbers = macros(["asm/unistd.h"], "__NR_");
    numbers.delete("__NR_syscalls");
    numbers.delete("__NR_arch_specific_syscall");
    expect(numbers.size).toBeGreaterThan(300);
    for (const [name, number] of numbers) {
      const plain = name.replace("__NR_", "");
      if (plain === "sync_file_range2") continue; // another name of sync_file_range on other machines
      expect([number, syscallName(number)]).toEqual([number, plain]);
    }
  });

  test("error numbers are those of errno.h", () => {
    const numbers = macros(["errno.h"], "E");
    for (const [name, number] of Object.entries(Errno))
      expect([name, numbers.get(name)]).toEqual([name, number]);
  });

  test("signal numbers are those of signal.h", () => {
    const numbers = macros(["signal.h"], "SIG");
    for (const [name, number] of Object.entries(Signal))
      expect([name, numbers.get(name)]).toEqual([name, number]);
  });
});

describe("the table of system calls", () => {
  test("has each number and name once, and at most six arguments each", () => {
    expect(new Set(SYSCALLS.map((call) => call.number)).size).toBe(SYSCALLS.length);
    expect(new Set(SYSCALLS.map((call) => call.name)).size).toBe(SYSCALLS.length);
    expect(SYSCALLS.every((call) => call.arguments.length <= 6)).toBe(true);
    expect(SYSCALLS.map((call) => call.number)).toEqual(
      SYSCALLS.map((call) => call.number).sort((a, b) => a - b),
    );
  });

  test("decodes calls by number", () => {
    expect(syscallSignature(56)).toEqual({
      number: 56,
      name: "openat",
      arguments: [
        { name: "dirfd", kind: "dirfd" },
        { name: "pathname", kind: "path" },
        { name: "flags", kind: "flags" },
        { name: "mode", kind: "mode" },
      ],
    });
    expect([syscallName(93), syscallName(244), syscallName(9999)]).toEqual([
      "exit",
      "unknown_244",
      "unknown_9999",
    ]);
    expect(syscallSignature(244)).toBeUndefined();
  });

  test("what is carried out stands in it", () => {
    expect(HANDLERS.filter((handler) => handler !== undefined).length).toBeGreaterThan(90);
  });
});

describe("names", () => {
  test("of errors and signals", () => {
    expect([errnoName(2), errnoName(9999)]).toEqual(["ENOENT", undefined]);
    expect([11, 34, 99].map(signalName)).toEqual(["SIGSEGV", "SIGRTMIN+2", "signal 99"]);
    expect([11, 15, 17, 18, 19, 40].map(defaultAction)).toEqual([
      "core",
      "terminate",
      "ignore",
      "continue",
      "stop",
      "terminate",
    ]);
  });

  test("host errors become the guest's, unknown ones EIO", () => {
    expect(hostErrno(Object.assign(new Error(), { code: "ENOSPC" }))).toBe(-Errno.ENOSPC);
    expect(hostErrno(Object.assign(new Error(), { code: "ERR_OUT_OF_RANGE" }))).toBe(-Errno.EIO);
    expect(hostErrno("text")).toBe(-Errno.EIO);
  });
});
