import { describe, expect, test } from "vitest";
import { ElfError } from "../../../packages/emulator/src/elf/error.js";
import { errnoName } from "../../../packages/emulator/src/linux/errno.js";
import { StartError } from "../../../packages/emulator/src/linux/initial-stack.js";
import {
  execErrno,
  type ProgramFile,
  type ReadFile,
  resolveProgram,
} from "../../../packages/emulator/src/linux/program-file.js";
import { buildElf } from "../elf/build-elf.js";

const text = (line: string): Uint8Array => new TextEncoder().encode(line);
const linker = buildElf({ type: 3 });
const dynamic = buildElf({ type: 3, interpreter: "/lib/ld.so" });

const FILES: Readonly<Record<string, Uint8Array>> = {
  "/bin/sh": buildElf(),
  "/bin/dynamic": dynamic,
  "/lib/ld.so": linker,
  "/bin/wrapper": text("#!/bin/sh -w\n"),
  "/bin/loop": text("#!/bin/loop\n"),
  "/etc/passwd": text("root::0"),
};
const readFile: ReadFile = (path) => FILES[path] ?? (path.startsWith("/secret") ? -13 : -2);

function resolve(image: Uint8Array, ...args: readonly string[]): ProgramFile {
  return resolveProgram({ path: "/tmp/it", image, args: ["it", ...args] }, readFile);
}

/** Name of execve's error number, and the message. */
function refusal(image: Uint8Array): [string | undefined, string] {
  try {
    resolve(image);
  } catch (error) {
    if (error instanceof ElfError) return [errnoName(-execErrno(error)), error.message];
    throw error;
  }
  throw new Error("the file was accepted");
}

describe("a program file", () => {
  test("of a static program is itself", () => {
    const found = resolve(buildElf(), "x");
    expect([found.path, found.program.path, found.interpreter, found.args]).toEqual([
      "/tmp/it",
      "/tmp/it",
      undefined,
      ["it", "x"],
    ]);
  });

  test("of a dynamically linked program comes with its dynamic linker", () => {
    const found = resolve(dynamic);
    expect(found.interpreter?.path).toBe("/lib/ld.so");
    expect(found.interpreter?.elf.bytes).toBe(linker);
  });
});

describe("a script", () => {
  test.each([
    ["#!/bin/sh\necho", ["/bin/sh", "/tmp/it", "x"]],
    ["#!/bin/sh", ["/bin/sh", "/tmp/it", "x"]],
    ["#! \t /bin/sh \t \n", ["/bin/sh", "/tmp/it", "x"]],
    ["#!/bin/sh -e  -u \t\nrest", ["/bin/sh", "-e  -u", "/tmp/it", "x"]],
    [`#!/bin/sh ${"a".repeat(400)}`, ["/bin/sh", "a".repeat(245), "/tmp/it", "x"]],
    ["#!/bin/wrapper q\n", ["/bin/sh", "-w", "/bin/wrapper", "q", "/tmp/it", "x"]],
  ])("%j is interpreted with the right arguments", (script, args) => {
    const found = resolve(text(script), "x");
    expect(found.args).toEqual(args);
    expect(found.program.path).toBe("/bin/sh");
    expect(found.path).toBe("/tmp/it");
  });

  test("can name a dynamically linked program", () => {
    const found = resolve(text("#!/bin/dynamic\n"));
    expect([found.program.path, found.interpreter?.path]).toEqual(["/bin/dynamic", "/lib/ld.so"]);
  });
});

describe("execve's error", () => {
  test.each([
    ["#!\n", "ENOEXEC", /a script/],
    ["#!   ", "ENOEXEC", /a script/],
    [`#!/${"a".repeat(300)}\n`, "ENOEXEC", /a script/],
    ["#!/bin/nothing\n", "ENOENT", /^the script \/tmp\/it needs \/bin\/nothing; give the root .* --root$/],
    ["#!/secret/sh\n", "EACCES", /needs \/secret\/sh \(EACCES\)/],
    ["#!/bin/loop\n", "ELOOP", /more than 5 deep/],
    ["#!/etc/passwd\n", "ENOEXEC", /not an ELF file/],
    ["", "ENOEXEC", /empty/],
  ])("for the script %j is %s", (script, name, message) => {
    const [errno, said] = refusal(text(script));
    expect(errno).toBe(name);
    expect(said).toMatch(message);
  });

  test("for a dynamic linker that is not there, or is none", () => {
    expect(refusal(buildElf({ type: 3, interpreter: "/lib/ld-linux-riscv64-lp64d.so.1" }))).toEqual([
      "ENOENT",
      "/tmp/it needs /lib/ld-linux-riscv64-lp64d.so.1; give the root that holds it with --root",
    ]);
    const [errno, message] = refusal(buildElf({ type: 3, interpreter: "/etc/passwd" }));
    expect(errno).toBe("ELIBBAD");
    expect(message).toMatch(/^\/etc\/passwd, the dynamic linker of \/tmp\/it: this is not an ELF file/);
  });

  test("for arguments that are too long is E2BIG, and others are thrown on", () => {
    expect(execErrno(new StartError("ARGUMENTS_TOO_LONG", ""))).toBe(-7);
    expect(execErrno(new StartError("NO_MEMORY", ""))).toBe(-12);
    expect(() => execErrno(new TypeError("ours"))).toThrow(TypeError);
  });
});
