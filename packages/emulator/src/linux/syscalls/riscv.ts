import type { OptionalExtension } from "../../isa/riscv/extensions.js";
import { GUEST_END } from "../../memory/layout.js";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { uintArgument, wordArgument } from "../registers.js";
import { load64, store64 } from "../structures.js";

// Documentation/arch/riscv/hwprobe.rst and arch/riscv/kernel/sys_hwprobe.c of Linux 6.12.

/** Keys of riscv_hwprobe. */
const Key = {
  MVENDORID: 0,
  MARCHID: 1,
  MIMPID: 2,
  BASE_BEHAVIOR: 3,
  IMA_EXT_0: 4,
  CPUPERF_0: 5,
  ZICBOZ_BLOCK_SIZE: 6,
  HIGHEST_VIRT_ADDRESS: 7,
  TIME_CSR_FREQ: 8,
  MISALIGNED_SCALAR_PERF: 9,
} as const;

/** Bits of IMA_EXT_0 for F with D, and for C. */
const FD_AND_C = 3;
const EXTENSION_BITS: Readonly<Record<OptionalExtension, number>> = {
  Zba: 2 ** 3,
  Zbb: 2 ** 4,
  Zbs: 2 ** 5,
  Zicond: 2 ** 35,
};
/** How fast misaligned accesses are: as fast as others. */
const FAST = 3;
/** Ticks a second of the `time` register. */
const TIME_FREQUENCY = 10_000_000;

/** The value of a key; undefined if there is no such key. */
function answer(key: number, { extensions }: Context): number | undefined {
  switch (key) {
    case Key.MVENDORID:
    case Key.MARCHID:
    case Key.MIMPID:
    case Key.ZICBOZ_BLOCK_SIZE:
      return 0;
    case Key.BASE_BEHAVIOR:
      return 1;
    case Key.IMA_EXT_0:
      return [...extensions].reduce((bits, extension) => bits + EXTENSION_BITS[extension], FD_AND_C);
    case Key.CPUPERF_0:
    case Key.MISALIGNED_SCALAR_PERF:
      return FAST;
    case Key.HIGHEST_VIRT_ADDRESS:
      return GUEST_END - 1;
    case Key.TIME_CSR_FREQ:
      return TIME_FREQUENCY;
    default:
      return undefined;
  }
}

/** Keys whose value is a set of bits, of which a processor may have more than it is asked for. */
const BITS: ReadonlySet<number> = new Set([Key.BASE_BEHAVIOR, Key.IMA_EXT_0, Key.CPUPERF_0]);

/** Whether all bits of `wanted` are in `present`; of 64-bit numbers, in halves. */
function contains(present: number, wanted: number): boolean {
  const high = (value: number): number => Math.floor(value / 2 ** 32);
  return (wanted & ~present) === 0 && (high(wanted) & ~high(present)) === 0;
}

const PAIR_SIZE = 16;
/** Flag: tells which processors have the given values. */
const WHICH_CPUS = 1;
/** Bytes of the kernel's own set of processors; of longer ones, these. */
const CPU_SET_SIZE = 8;

/** The set of processors at an address: what is at all in it, and whether the only one is. Undefined if it cannot be read. */
function loadCpuSet(
  { memory }: Context,
  address: number,
  size: number,
): { readonly empty: boolean; readonly hasFirst: boolean } | undefined {
  const set = memory.read(address, Math.min(size, CPU_SET_SIZE));
  if (set === undefined) return undefined;
  return { empty: set.every((byte) => byte === 0), hasFirst: ((set[0] ?? 0) & 1) === 1 };
}

function probeValues(context: Context, pairs: number, count: number, size: number, cpus: number): number {
  if (size !== 0 || cpus !== 0) {
    const set = loadCpuSet(context, cpus, size);
    if (set === undefined) return -Errno.EFAULT;
    if (!set.hasFirst) return -Errno.EINVAL;
  }
  for (let i = 0; i < count; i++) {
    const at = pairs + i * PAIR_SIZE;
    if (!context.memory.writable(at, PAIR_SIZE)) return -Errno.EFAULT;
    const value = answer(load64(context.memory, at), context);
    // An unknown key becomes -1.
    if (value === undefined) store64(context.memory, at, -1);
    store64(context.memory, at + 8, value ?? 0);
  }
  return 0;
}

function probeCpus(context: Context, pairs: number, count: number, size: number, cpus: number): number {
  const { memory } = context;
  if (size === 0 || cpus === 0) return -Errno.EINVAL;
  const set = loadCpuSet(context, cpus, size);
  if (set === undefined) return -Errno.EFAULT;
  let fits = set.empty || set.hasFirst;
  for (let i = 0; i < count; i++) {
    const at = pairs + i * PAIR_SIZE;
    if (!memory.read(at, PAIR_SIZE)) return -Errno.EFAULT;
    const key = load64(memory, at);
    const value = answer(key, context);
    if (value === undefined) {
      if (!memory.writable(at, PAIR_SIZE)) return -Errno.EFAULT;
      store64(memory, at, -1);
      store64(memory, at + 8, 0);
      fits = false;
      continue;
    }
    const wanted = load64(memory, at + 8);
    if (BITS.has(key) ? !contains(value, wanted) : value !== wanted) fits = false;
  }
  const target = memory.writable(cpus, Math.min(size, CPU_SET_SIZE));
  if (target === undefined) return -Errno.EFAULT;
  target.fill(0);
  if (fits) target[0] = 1;
  return 0;
}

const riscvHwprobe: Handler = (context, registers) => {
  const pairs = wordArgument(registers, 0);
  const count = wordArgument(registers, 1);
  const size = wordArgument(registers, 2);
  const cpus = wordArgument(registers, 3);
  const flags = uintArgument(registers, 4);
  if (flags === 0) return probeValues(context, pairs, count, size, cpus);
  return flags === WHICH_CPUS ? probeCpus(context, pairs, count, size, cpus) : -Errno.EINVAL;
};

/** Flag: what other threads of the process have stored does not matter. */
const FLUSH_LOCAL = 1;

/** Stores to code are noticed when they happen (watched pages), so there is nothing left to flush. */
const riscvFlushIcache: Handler = (_context, registers) =>
  wordArgument(registers, 2) > FLUSH_LOCAL ? -Errno.EINVAL : 0;

/** What only RISC-V has: the processor and what it can do, and its instruction cache. */
export const riscvCalls: HandlerTable = {
  riscv_hwprobe: riscvHwprobe,
  riscv_flush_icache: riscvFlushIcache,
};
