import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMachine } from "@qpp/emulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { peer } from "../../peers.js";

/** Where the cross toolchain keeps the riscv64 C library, as a root directory of the guest. */
const ROOT = "/usr/riscv64-linux-gnu";
const present =
  peer("riscv64-linux-gnu-gcc") &&
  peer("qemu-riscv64") &&
  existsSync(`${ROOT}/lib/ld-linux-riscv64-lp64d.so.1`);

const PROGRAM = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <sys/auxv.h>
extern char **environ;
static __thread int in_tls = 41;
__attribute__((constructor)) static void first(void) { in_tls++; }
static void last(void) { puts("last"); fflush(stdout); }
int main(int argc, char **argv) {
  atexit(last);
  printf("%d %s %s %d %.6f\\n", argc, argv[1], getenv("NAME"), in_tls, sqrt(atof("2")));
  printf("%d %d %d\\n", getauxval(AT_BASE) != 0, getauxval(AT_ENTRY) != getauxval(AT_BASE), (int)getauxval(AT_PHNUM));
  char *block = malloc(1 << 20);
  memset(block, 'x', 1 << 20);
  printf("%c\\n", block[12345]);
  return 7;
}
`;

describe.skipIf(!present)("dynamic linking (needs riscv64-linux-gnu-gcc and its libc, qemu-riscv64)", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "qpp-dynamic-"));
    writeFileSync(join(folder, "p.c"), PROGRAM);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ["position-independent, bound when called", ["-pie"]],
    ["position-independent, bound at the start", ["-pie", "-Wl,-z,now"]],
    ["with fixed addresses", ["-no-pie"]],
  ])("of a program that is %s gives what QEMU gives", (_what, flags) => {
    const path = join(folder, "p");
    const built = spawnSync("riscv64-linux-gnu-gcc", [
      "-O1",
      ...flags,
      join(folder, "p.c"),
      "-o",
      path,
      "-lm",
    ]);
    expect(built.status, String(built.stderr)).toBe(0);
    const expected = spawnSync("qemu-riscv64", ["-L", ROOT, path, "an arg"], {
      env: { ...process.env, NAME: "value" },
      encoding: "utf8",
    });
    let output = "";
    const reports: string[] = [];
    const stream = {
      read: () => 0,
      write: (bytes: Uint8Array) => {
        output += new TextDecoder().decode(bytes);
      },
    };
    const machine = createMachine({
      path,
      image: readFileSync(path),
      args: ["an arg"],
      env: { NAME: "value", LD_LIBRARY_PATH: `${ROOT}/lib` },
      readFile: (wanted) => readFileSync(ROOT + wanted),
      files: { cwd: "/", allowRead: [ROOT, "/etc/ld.so.preload", "/etc/ld.so.cache"], allowWrite: [] },
      stdio: [stream, stream, stream],
      seed: 0,
      report: (message) => reports.push(message),
    });
    const exit = machine.run();
    expect(output).toBe(expected.stdout);
    expect(exit).toEqual({ code: expected.status, signal: undefined, stopped: undefined });
    expect(reports).toEqual([]);
  });

  test("needs memory for the dynamic linker as well", () => {
    const path = join(folder, "limited");
    const built = spawnSync("riscv64-linux-gnu-gcc", ["-O1", join(folder, "p.c"), "-o", path, "-lm"]);
    expect(built.status, String(built.stderr)).toBe(0);
    const silent = { read: () => 0, write: () => {} };
    const start = (): unknown =>
      createMachine({
        path,
        image: readFileSync(path),
        args: [],
        env: {},
        readFile: (wanted) => readFileSync(ROOT + wanted),
        files: { cwd: "/", allowRead: [], allowWrite: [] },
        stdio: [silent, silent, silent],
        seed: 0,
        maxMemory: 0x1_0000,
        report: () => {},
      });
    expect(start).toThrow(
      /ld-linux-riscv64-lp64d.so.1 wants .* memory limit leaves; raise it with --max-memory/,
    );
  });
});
