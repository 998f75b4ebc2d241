import { beforeEach, describe, expect, test } from "vitest";
import {
  type Extensions,
  OPTIONAL_EXTENSIONS,
  RV64GC,
} from "../../../packages/emulator/src/isa/riscv/extensions.js";
import { textOf } from "./files/file-guest.js";
import { createTestGuest, type TestGuest } from "./test-guest.js";

const WHICH_CPUS = 1;
const IMA_EXT_0 = 4;

let guest: TestGuest;
let pairs = 0;
let cpus = 0;

function start(extensions: Extensions): void {
  guest = createTestGuest({ extensions });
  pairs = guest.scratch;
  cpus = guest.scratch + 0x1000;
}
beforeEach(() => start(RV64GC));

const u64 = (address: number): bigint => guest.memory.view.getBigUint64(address, true);

/** Puts pairs of key and value there. */
function write(...given: readonly (readonly [key: number, value: number | bigint])[]): void {
  given.forEach(([key, value], i) => {
    guest.memory.view.setBigInt64(pairs + 16 * i, BigInt(key), true);
    guest.memory.view.setBigUint64(pairs + 16 * i + 8, BigInt(value), true);
  });
}

describe("riscv_hwprobe", () => {
  test.each([
    [[], 3n],
    [["Zba"], 3n + (1n << 3n)],
    [["Zbb"], 3n + (1n << 4n)],
    [["Zbs"], 3n + (1n << 5n)],
    [["Zicond"], 3n + (1n << 35n)],
    [OPTIONAL_EXTENSIONS, 3n + (7n << 3n) + (1n << 35n)],
  ] as const)("tells of %j", (extensions, bits) => {
    start(new Set(extensions));
    write([IMA_EXT_0, 99]);
    expect(guest.call("riscv_hwprobe", pairs, 1, 0, 0, 0)).toBe(0);
    expect([u64(pairs), u64(pairs + 8)]).toEqual([4n, bits]);
  });

  test("all keys of Linux 6.12; others become -1 and 0", () => {
    const keys = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -7];
    write(...keys.map((key) => [key, 99] as const));
    expect(guest.call("riscv_hwprobe", pairs, keys.length, 0, 0, 0)).toBe(0);
    const found = keys.map((_, i) => [BigInt.asIntN(64, u64(pairs + 16 * i)), u64(pairs + 16 * i + 8)]);
    expect(found.map(([key]) => key)).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, -1n, -1n]);
    expect(found.map(([, value]) => value)).toEqual([
      0n,
      0n,
      0n,
      1n,
      3n,
      3n,
      0n,
      expect.any(BigInt),
      10_000_000n,
      3n,
      0n,
      0n,
    ]);
  });

  test("asks for a processor that there is", () => {
    write([IMA_EXT_0, 0]);
    guest.memory.view.setUint32(cpus, 3, true);
    expect(guest.call("riscv_hwprobe", pairs, 1, 128, cpus, 0)).toBe(0);
    guest.memory.view.setUint32(cpus, 2, true);
    expect(guest.errorOf("riscv_hwprobe", pairs, 1, 8, cpus, 0)).toBe("EINVAL");
    expect(guest.errorOf("riscv_hwprobe", pairs, 1, 0, cpus, 0)).toBe("EINVAL");
    expect(guest.errorOf("riscv_hwprobe", pairs, 1, 8, 0, 0)).toBe("EFAULT");
    expect(guest.errorOf("riscv_hwprobe", pairs, 1, 0, 0, 2)).toBe("EINVAL");
    expect(guest.errorOf("riscv_hwprobe", 8, 1, 0, 0, 0)).toBe("EFAULT");
    expect(guest.call("riscv_hwprobe", 8, 0, 0, 0, 0)).toBe(0);
    expect(guest.errorOf("riscv_hwprobe", pairs, 2 ** 50, 0, 0, 0)).toBe("EFAULT");
  });

  test.each([
    ["less than there is", [[IMA_EXT_0, 1n]], 1n],
    ["all that there is", [[IMA_EXT_0, 3n + (1n << 35n)]], 1n],
    ["more than there is", [[IMA_EXT_0, 7n]], 0n],
    ["more in the upper half", [[IMA_EXT_0, 3n << 35n]], 0n],
    ["the same value", [[8, 10_000_000n]], 1n],
    ["another value", [[8, 1n]], 0n],
    ["a key that there is not", [[99, 0n]], 0n],
    [
      "one that fits and one that does not",
      [
        [IMA_EXT_0, 1n],
        [8, 1n],
      ],
      0n,
    ],
  ] as const)("which processors have %s", (_, wanted, expected) => {
    start(new Set(["Zicond"]));
    for (const before of [0, 1]) {
      write(...wanted);
      guest.memory.view.setBigUint64(cpus, BigInt(before), true);
      expect(guest.call("riscv_hwprobe", pairs, wanted.length, 8, cpus, WHICH_CPUS)).toBe(0);
      expect(u64(cpus)).toBe(expected);
    }
  });

  test("which of no processor that there is: none", () => {
    write([IMA_EXT_0, 1]);
    guest.memory.view.setUint32(cpus, 6, true);
    expect(guest.call("riscv_hwprobe", pairs, 1, 8, cpus, WHICH_CPUS)).toBe(0);
    expect(u64(cpus)).toBe(0n);
    expect(guest.errorOf("riscv_hwprobe", pairs, 1, 0, cpus, WHICH_CPUS)).toBe("EINVAL");
    expect(guest.errorOf("riscv_hwprobe", pairs, 1, 8, 0, WHICH_CPUS)).toBe("EINVAL");
    expect(guest.errorOf("riscv_hwprobe", pairs, 1, 8, 8, WHICH_CPUS)).toBe("EFAULT");
    expect(guest.errorOf("riscv_hwprobe", 8, 1, 8, cpus, WHICH_CPUS)).toBe("EFAULT");
  });
});

test.each([
  [[], "rv64imafdc_zicntr_zicsr_zifencei"],
  [["Zbs", "Zba"], "rv64imafdc_zicntr_zicsr_zifencei_zba_zbs"],
  [OPTIONAL_EXTENSIONS, "rv64imafdc_zicntr_zicond_zicsr_zifencei_zba_zbb_zbs"],
] as const)("/proc/cpuinfo tells of %j", (extensions, isa) => {
  start(new Set(extensions));
  expect(textOf(guest, "/proc/cpuinfo")).toContain(`isa\t\t: ${isa}\n`);
});

test("riscv_flush_icache takes its one flag", () => {
  expect(guest.call("riscv_flush_icache", 0, 0, 0)).toBe(0);
  expect(guest.call("riscv_flush_icache", 0, 0, 1)).toBe(0);
  expect(guest.errorOf("riscv_flush_icache", 0, 0, 2)).toBe("EINVAL");
});
