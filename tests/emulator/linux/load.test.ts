import { describe, expect, test } from "vitest";
import { MMAP_TOP, PIE_BASE } from "../../../packages/emulator/src/linux/address-space.js";
import { FIRST_PROCESS } from "../../../packages/emulator/src/linux/identity.js";
import { createInitialStack } from "../../../packages/emulator/src/linux/initial-stack.js";
import { loadProgram } from "../../../packages/emulator/src/linux/load.js";
import { resolveProgram } from "../../../packages/emulator/src/linux/program-file.js";
import { createRandom } from "../../../packages/emulator/src/linux/random.js";
import { createGuestMemory } from "../../../packages/emulator/src/memory/guest-memory.js";
import { Permission } from "../../../packages/emulator/src/memory/layout.js";
import { buildElf } from "../elf/build-elf.js";
import { createTestGuest, emptyMemory } from "./test-guest.js";

const linker = buildElf({ type: 3 });
const dynamic = buildElf({ type: 3, interpreter: "/lib/ld.so" });

describe("a dynamically linked program", () => {
  const guest = (image: Uint8Array): ReturnType<typeof createTestGuest> =>
    createTestGuest({ image, args: ["prog"], readFile: () => linker });

  test("starts in its dynamic linker, which is mapped as high as there is room", () => {
    const { memory, task } = guest(dynamic);
    const { program } = task.mm;
    const base = program.interpreter?.base ?? 0;
    const linkerPages = memory.mappings.filter((mapping) => mapping.name === "/lib/ld.so");
    expect(linkerPages.map(({ start, prot }) => [start - base, prot])).toEqual([
      [0x1_1000, 5],
      [0x1_2000, 3],
    ]);
    expect(base + 0x1_5000).toBe(MMAP_TOP);
    expect(task.vcpu.pc).toBe(base + 0x1_1000);
    expect(program.ownEntry).toBe(PIE_BASE);
    expect(program.bias).toBe(PIE_BASE - 0x1_1000);
  });

  test("finds AT_BASE, AT_ENTRY and AT_PHDR in its auxiliary vector", () => {
    const { memory, task, stackPointer } = guest(dynamic);
    const word = (at: number): number => Number(memory.view.getBigUint64(at, true));
    const auxiliary = new Map<number, number>();
    for (let at = stackPointer + 32; word(at) !== 0; at += 16) auxiliary.set(word(at), word(at + 8));
    const { program } = task.mm;
    expect(auxiliary.get(7)).toBe(program.interpreter?.base);
    expect(auxiliary.get(9)).toBe(program.ownEntry);
    expect(auxiliary.get(5)).toBe(3);
  });

  test("may have a linker with a fixed place, unless it is the program's own", () => {
    const memory = emptyMemory();
    const request = { path: "/p", image: dynamic, args: [] };
    const program = loadProgram(
      memory,
      resolveProgram(request, () => buildElf()),
    );
    expect([program.entry, program.interpreter?.base]).toEqual([0x1_1000, 0]);
    const both = resolveProgram({ ...request, image: buildElf({ interpreter: "/lib/ld.so" }) }, () =>
      buildElf(),
    );
    expect(() => loadProgram(emptyMemory(), both)).toThrow(/wants addresses that the program has/);
  });

  test("that passes the memory limit is refused with a way out", () => {
    const file = resolveProgram({ path: "/p", image: dynamic, args: [] }, () => linker);
    for (const pages of [0, 3, 4, 5, 7]) {
      const memory = createGuestMemory({ limit: pages * 4096 });
      expect(() => loadProgram(memory, file)).toThrow(/memory limit leaves; raise it with --max-memory/);
    }
  });
});

test("a segment replaces an earlier one in the page that both are in (found by mutated files)", () => {
  const memory = emptyMemory();
  const image = buildElf({
    segments: [
      { address: 0x1_1000, flags: 5, bytes: Uint8Array.of(1, 2, 3, 4) },
      { address: 0x1_1f00, flags: 6, bytes: Uint8Array.of(5) },
    ],
  });
  const program = loadProgram(
    memory,
    resolveProgram({ path: "/p", image, args: [] }, () => -2),
  );
  expect(memory.check(program.entry, 1, Permission.EXEC)).toBe(false);
  expect(memory.read(0x1_1f00, 1)).toEqual(Uint8Array.of(5));
});

describe("the trampoline of signals", () => {
  test("is `li a7, 139; ecall` in a page that can be executed and not written", () => {
    const { memory, task } = createTestGuest();
    const at = task.mm.program.sigreturnAddress;
    expect([memory.view.getUint32(at, true), memory.view.getUint32(at + 4, true)]).toEqual([
      0x08b0_0893, 0x0000_0073,
    ]);
    expect(memory.check(at, 8, Permission.READ | Permission.EXEC)).toBe(true);
    expect(memory.check(at, 1, Permission.WRITE)).toBe(false);
    expect(memory.mappingAt(at)?.name).toBe("[vdso]");
  });
});

test("arguments and environment can be bytes that are no text", () => {
  const memory = emptyMemory();
  const request = { path: "/p", image: buildElf(), args: [Uint8Array.of(0xff, 0x41)] };
  const program = loadProgram(
    memory,
    resolveProgram(request, () => -2),
  );
  const env = [Uint8Array.of(0x58, 0x3d, 0xfe)];
  const sp = createInitialStack(memory, { env, program, identity: FIRST_PROCESS, random: createRandom(1) });
  const string = (at: number): number[] => {
    const found = memory.readCString(Number(memory.view.getBigUint64(at, true)), 100);
    return found instanceof Uint8Array ? [...found] : [];
  };
  expect(string(sp + 8)).toEqual([0xff, 0x41]);
  expect(string(sp + 24)).toEqual([0x58, 0x3d, 0xfe]);
});
