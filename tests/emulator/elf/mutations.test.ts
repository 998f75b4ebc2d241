import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ElfError } from "../../../packages/emulator/src/elf/error.js";
import { pageFloor } from "../../../packages/emulator/src/linux/address-space.js";
import { loadProgram } from "../../../packages/emulator/src/linux/load.js";
import { resolveProgram } from "../../../packages/emulator/src/linux/program-file.js";
import { emptyMemory } from "../linux/test-guest.js";
import { buildElf } from "./build-elf.js";

const guests = new URL("../../../guests/bin/", import.meta.url);
/** Small files only: the headers are what is mutated, and a copy of each is made. */
const seeds: readonly Uint8Array[] = [
  buildElf(),
  buildElf({ type: 3 }),
  buildElf({ type: 3, interpreter: "/lib/ld.so" }),
  ...readdirSync(guests)
    .map((name) => new Uint8Array(readFileSync(new URL(name, guests))))
    .filter((bytes) => bytes.length < 20_000),
];

/** What mutated programs find as their dynamic linker. */
const interpreter = buildElf({ type: 3 });

const interesting = fc.constantFrom(
  0n,
  1n,
  0xfffn,
  0x1000n,
  0x7fff_ffffn,
  0xffff_ffffn,
  1n << 52n,
  1n << 63n,
  ~0n,
);
/** A place in the file as a part of its length. */
const share = fc.nat(9999).map((n) => n / 10_000);
const mutation = fc.oneof(
  fc.record({ kind: fc.constant("byte" as const), at: fc.nat(63 + 10 * 56), value: fc.nat(255) }),
  fc.record({
    kind: fc.constant("word" as const),
    at: fc.nat(20 + 10 * 7).map((n) => n * 8),
    value: fc.oneof(interesting, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })),
  }),
  fc.record({
    kind: fc.constant("anywhere" as const),
    at: share,
    value: fc.nat(255),
  }),
  fc.record({ kind: fc.constant("cut" as const), at: share }),
);

function mutate(
  seed: Uint8Array,
  mutations: readonly (typeof mutation extends fc.Arbitrary<infer T> ? T : never)[],
): Uint8Array {
  let file = seed.slice();
  for (const change of mutations) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    if (change.kind === "cut") file = file.slice(0, Math.floor(change.at * file.length));
    else if (change.kind === "anywhere") file[Math.floor(change.at * file.length)] = change.value;
    else if (change.kind === "byte") file[change.at % (file.length + 1)] = change.value;
    else if (change.at + 8 <= file.length)
      view.setBigUint64(change.at, BigInt.asUintN(64, change.value), true);
  }
  return file;
}

/** Loads a file; whether it was taken. Anything but success and an ElfError comes out. */
function load(file: Uint8Array): boolean {
  try {
    const memory = emptyMemory();
    const found = resolveProgram({ path: "mutated", image: file, args: [] }, () => interpreter);
    const program = loadProgram(memory, found);
    const entryPage = pageFloor(program.entry);
    const replaced = found.program.elf.segments.some(
      ({ address, executable }) => !executable && pageFloor(address + program.bias) === entryPage,
    );
    expect(memory.check(program.entry, 1, 4) || replaced).toBe(true);
    program.symbols.symbolAt(program.entry);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ElfError);
    return false;
  }
}

describe("mutated ELF files", () => {
  test("are loaded or refused with an ElfError, in bounded time and memory", () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(fc.noBias(mutation), { minLength: 1, maxLength: 3 }),
        (seed, mutations) => {
          if (load(mutate(seed, mutations))) taken += 1;
          else refused += 1;
        },
      ),
      { numRuns: 3000, interruptAfterTimeLimit: 50_000, markInterruptAsFailure: true },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(200);
  });

  test("a bss of nearly the whole address space costs no memory until the guest touches it", () => {
    const before = process.memoryUsage().rss;
    const file = buildElf({
      segments: [
        { address: 0x1_1000, flags: 5, bytes: new Uint8Array(16) },
        { address: 0x1_3000, flags: 6, bytes: new Uint8Array(16), memorySize: 0x7000_0000 },
      ],
    });
    for (let round = 0; round < 10; round += 1) expect(load(file)).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(256 << 20);
  });
});
