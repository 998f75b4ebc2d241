import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ElfError } from "../../../packages/emulator/src/elf/error.js";
import { machineName } from "../../../packages/emulator/src/elf/machines.js";
import { parseElf } from "../../../packages/emulator/src/elf/parse.js";
import { peer } from "../../peers.js";
import { type BuildOptions, buildElf, setWord } from "./build-elf.js";

const guests = new URL("../../../guests/bin/", import.meta.url);
const text = (address: number, size = 8): { address: number; flags: number; bytes: Uint8Array } => ({
  address,
  flags: 5,
  bytes: new Uint8Array(size),
});

/** Code and message of the error that a file gives. */
function failure(file: Uint8Array): { code: string; message: string } {
  try {
    parseElf(file);
  } catch (error) {
    if (error instanceof ElfError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("the file was accepted");
}

/** The built program with a 16, 32 or 64-bit field changed. */
function edited(edit: (view: DataView) => void, options: BuildOptions = {}): Uint8Array {
  const file = buildElf(options);
  edit(new DataView(file.buffer));
  return file;
}

describe("parseElf", () => {
  test("reads a good program", () => {
    const elf = parseElf(buildElf());
    expect(elf).toMatchObject({
      type: "executable",
      entry: 0x1_1000,
      programHeaders: { count: 2, entrySize: 56 },
    });
    expect(elf.segments).toEqual([
      {
        address: 0x1_1000,
        memorySize: 12,
        offset: 0x1000,
        fileSize: 12,
        readable: true,
        writable: false,
        executable: true,
      },
      {
        address: 0x1_2f00,
        memorySize: 0x2000,
        offset: 0x2f00,
        fileSize: 4,
        readable: true,
        writable: true,
        executable: false,
      },
    ]);
  });

  test("takes a position-independent program from address 0 on", () => {
    expect(parseElf(buildElf({ type: 3, segments: [text(0x1000)] })).type).toBe("position-independent");
  });

  const bad: readonly (readonly [what: string, file: Uint8Array, code: string, message: RegExp])[] = [
    ["an empty file", new Uint8Array(), "ELF_EMPTY", /empty/],
    ["one byte", Uint8Array.of(0x7f), "ELF_NOT_ELF", /not an ELF file/],
    ["text", new TextEncoder().encode("hello world"), "ELF_NOT_ELF", /not an ELF file/],
    ["a script", new TextEncoder().encode("#!/bin/sh\n"), "ELF_NOT_ELF", /a script/],
    [
      "a cut header",
      buildElf().subarray(0, 50),
      "ELF_TRUNCATED",
      /header has 64 bytes, but the file only 50/,
    ],
    [
      "an x86-64 program",
      buildElf({ machine: 62 }),
      "ELF_WRONG_MACHINE",
      /^x86-64 program; this machine runs riscv64/,
    ],
    ["a 32-bit ARM program", buildElf({ machine: 40, elfClass: 1 }), "ELF_WRONG_MACHINE", /^ARM program/],
    ["an unknown machine", buildElf({ machine: 9999 }), "ELF_WRONG_MACHINE", /^machine 9999 program/],
    ["a big-endian machine", buildElf({ machine: 22, data: 2 }), "ELF_WRONG_MACHINE", /^s390 program/],
    ["big-endian RISC-V", buildElf({ data: 2 }), "ELF_WRONG_BYTE_ORDER", /^big-endian RISC-V program/],
    ["no byte order", buildElf({ data: 7 }), "ELF_WRONG_BYTE_ORDER", /byte order 7/],
    [
      "a 32-bit RISC-V program",
      buildElf({ elfClass: 1 }),
      "ELF_WRONG_CLASS",
      /^32-bit RISC-V program; .*riscv64/,
    ],
    ["no class", buildElf({ elfClass: 9 }), "ELF_WRONG_CLASS", /class 9/],
    ["RV64E", edited((v) => v.setUint32(48, 8, true)), "ELF_WRONG_MACHINE", /RV64E/],
    ["a version of the future", edited((v) => v.setUint32(20, 2, true)), "ELF_MALFORMED", /version 2/],
    ["an object file", buildElf({ type: 1 }), "ELF_WRONG_TYPE", /object file/],
    ["a core dump", buildElf({ type: 4 }), "ELF_WRONG_TYPE", /core dump/],
    ["another type", buildElf({ type: 77 }), "ELF_WRONG_TYPE", /type 77/],
    [
      "a shared library",
      buildElf({ type: 3, entry: 0, segments: [text(0)] }),
      "ELF_WRONG_TYPE",
      /shared library/,
    ],
    ["no program headers", buildElf({ segments: [] }), "ELF_MALFORMED", /no program headers/],
    ["odd program headers", edited((v) => v.setUint16(54, 32, true)), "ELF_MALFORMED", /of 32 bytes/],
    [
      "60,000 program headers",
      edited((v) => v.setUint16(56, 60_000, true)),
      "ELF_TOO_BIG",
      /60000 program headers/,
    ],
    [
      "program headers past the end",
      edited((v) => setWord(v, 32, 2 ** 40)),
      "ELF_TRUNCATED",
      /program headers end/,
    ],
    [
      "nothing to load",
      edited((v) => v.setUint32(64, 4, true), { segments: [text(0x1_1000)] }),
      "ELF_MALFORMED",
      /nothing to load/,
    ],
    [
      "a cut segment",
      buildElf().subarray(0, 0x2f02),
      "ELF_TRUNCATED",
      /ends at offset 0x2f04, but the file has only 0x2f02/,
    ],
    [
      "a segment bigger in the file",
      edited((v) => setWord(v, 64 + 40, 4)),
      "ELF_MALFORMED",
      /bigger in the file/,
    ],
    [
      "overlapping segments",
      buildElf({ segments: [text(0x1_1000, 0x800), text(0x1_1400)] }),
      "ELF_OVERLAP",
      /overlaps or precedes/,
    ],
    [
      "segments out of order",
      buildElf({ segments: [text(0x1_2000), text(0x1_1000)] }),
      "ELF_OVERLAP",
      /overlaps or precedes/,
    ],
    [
      "a segment in the null page",
      buildElf({ segments: [text(0x1000)] }),
      "ELF_OUT_OF_RANGE",
      /wants addresses 0x1000/,
    ],
    [
      "a segment past the guest",
      buildElf({ segments: [text(0xbfff_fffc)] }),
      "ELF_OUT_OF_RANGE",
      /wants addresses/,
    ],
    ["an absurd size", edited((v) => setWord(v, 64 + 40, 2 ** 62)), "ELF_OUT_OF_RANGE", /wants addresses/],
    [
      "an absurd address",
      edited((v) => v.setBigUint64(64 + 16, 2n ** 64n - 4096n, true)),
      "ELF_OUT_OF_RANGE",
      /wants/,
    ],
    [
      "a segment off its page",
      edited((v) => setWord(v, 64 + 16, 0x1_1004)),
      "ELF_MALFORMED",
      /differ within a page/,
    ],
    [
      "an interpreter's path past the end",
      edited((v) => setWord(v, 64 + 8, 2 ** 40), { interpreter: "/lib/ld.so" }),
      "ELF_TRUNCATED",
      /the interpreter's path ends at offset 0x1000000000b/,
    ],
    [
      "an interpreter's path without its NUL",
      edited((v) => setWord(v, 64 + 32, 10), { interpreter: "/lib/ld.so" }),
      "ELF_MALFORMED",
      /not 1 to 4095 bytes and a NUL/,
    ],
    [
      "no path of an interpreter",
      buildElf({ interpreter: "" }),
      "ELF_MALFORMED",
      /not 1 to 4095 bytes and a NUL/,
    ],
    [
      "an interpreter's path that is no text",
      edited((v) => v.setUint8(Number(v.getBigUint64(64 + 8, true)), 0xff), { interpreter: "/lib/ld.so" }),
      "ELF_MALFORMED",
      /not UTF-8/,
    ],
    ["an entry in data", buildElf({ entry: 0x1_2f00 }), "ELF_BAD_ENTRY", /in no executable segment/],
    ["an entry nowhere", buildElf({ entry: 2 ** 50 }), "ELF_BAD_ENTRY", /in no executable segment/],
    ["an odd entry", buildElf({ entry: 0x1_1001 }), "ELF_BAD_ENTRY", /is odd/],
  ];
  test.each(bad)("refuses %s", (_what, file, code, message) => {
    const found = failure(file);
    expect(found.code).toBe(code);
    expect(found.message).toMatch(message);
  });

  test("gives the path of the dynamic linker", () => {
    expect(parseElf(buildElf({ type: 3, interpreter: "/lib/ld.so" })).interpreter).toBe("/lib/ld.so");
    expect(parseElf(buildElf()).interpreter).toBeUndefined();
  });

  test("knows machines by name", () => {
    expect([62, 183, 243, 4711].map(machineName)).toEqual(["x86-64", "AArch64", "RISC-V", "machine 4711"]);
  });
});

describe.skipIf(!peer("riscv64-linux-gnu-readelf"))(
  "against readelf (needs riscv64-linux-gnu-readelf)",
  () => {
    test.each(readdirSync(guests))("guests/bin/%s has the segments that readelf shows", (name) => {
      const path = fileURLToPath(new URL(name, guests));
      const shown = spawnSync("riscv64-linux-gnu-readelf", ["-hlW", path], { encoding: "utf8" }).stdout;
      const expected = [...shown.matchAll(/^ +LOAD +(\S+) (\S+) \S+ (\S+) (\S+) ([R ])([W ])([E ])/gm)].map(
        ([, offset, address, fileSize, memorySize, r, w, x]) => ({
          offset: Number(offset),
          address: Number(address),
          fileSize: Number(fileSize),
          memorySize: Number(memorySize),
          readable: r === "R",
          writable: w === "W",
          executable: x === "E",
        }),
      );
      const elf = parseElf(readFileSync(path));
      expect(elf.segments).toEqual(expected);
      expect(expected.length).toBeGreaterThan(0);
      expect(elf.entry).toBe(Number(/Entry point address: +(\S+)/.exec(shown)?.[1]));
    });
  },
);
