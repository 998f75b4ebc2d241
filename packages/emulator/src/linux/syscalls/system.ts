import { GUEST_END, PAGE_SIZE } from "../../memory/layout.js";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { uintArgument, wordArgument } from "../registers.js";
import { load64, store64 } from "../structures.js";

/** Bytes of each name of `struct utsname` (uname(2)). */
const NAME_SIZE = 65;
/** A long-term kernel; nothing in the guest depends on which, beyond glibc's wish for 4.15 or later. */
const NAMES = ["Linux", "qpp", "6.12.0", "#1 SMP", "riscv64", "(none)"] as const;

const uname: Handler = (context, registers) => {
  const bytes = new Uint8Array(NAME_SIZE * NAMES.length);
  NAMES.forEach((name, index) => {
    bytes.set(new TextEncoder().encode(name), index * NAME_SIZE);
  });
  return context.memory.write(wordArgument(registers, 0), bytes) ? 0 : -Errno.EFAULT;
};

const SYSINFO_SIZE = 112;

/** sysinfo(2): a machine with as much memory as the guest may map, and nothing else running. */
const sysinfo: Handler = (context, registers) => {
  const { memory, clock } = context;
  const address = wordArgument(registers, 0);
  const target = memory.writable(address, SYSINFO_SIZE);
  if (!target) return -Errno.EFAULT;
  target.fill(0);
  store64(memory, address, Math.floor(clock.nanoseconds() / 1e9));
  store64(memory, address + 32, memory.limit);
  store64(memory, address + 40, memory.limit - memory.mappedBytes);
  memory.view.setUint16(address + 80, 1, true);
  memory.view.setUint32(address + 104, 1, true);
  return 0;
};

/** Keys of riscv_hwprobe and their values (Documentation/arch/riscv/hwprobe.rst). */
const PROBES: ReadonlyMap<number, number> = new Map([
  [0, 0], // MVENDORID, MARCHID, MIMPID: no vendor
  [1, 0],
  [2, 0],
  [3, 1], // BASE_BEHAVIOR: IMA
  [4, 3], // IMA_EXT_0: FD and C
  [5, 3], // CPUPERF_0: misaligned accesses are fast
  [6, 0], // ZICBOZ_BLOCK_SIZE: no Zicboz
  [7, GUEST_END - 1], // HIGHEST_VIRT_ADDRESS
]);
const PAIR_SIZE = 16;
const MOST_PAIRS: number = PAGE_SIZE;

const riscvHwprobe: Handler = (context, registers) => {
  const address = wordArgument(registers, 0);
  const count = wordArgument(registers, 1);
  if (uintArgument(registers, 4) !== 0) return -Errno.EINVAL;
  if (count > MOST_PAIRS) return -Errno.EINVAL;
  if (!context.memory.writable(address, count * PAIR_SIZE)) return -Errno.EFAULT;
  for (let at = address; at < address + count * PAIR_SIZE; at += PAIR_SIZE) answerProbe(context, at);
  return 0;
};

/** An unknown key becomes -1, as the documentation wants it. */
function answerProbe(context: Context, at: number): void {
  const value = PROBES.get(load64(context.memory, at));
  if (value === undefined) store64(context.memory, at, -1);
  store64(context.memory, at + 8, value ?? 0);
}

/** Stores to code are noticed when they happen (watched pages), so there is nothing left to flush. */
const riscvFlushIcache: Handler = (_context, registers) =>
  wordArgument(registers, 2) > 1 ? -Errno.EINVAL : 0;

const noNetwork: Handler = (context) => {
  context.reportOnce("network", "socket: the guest has no network (EACCES)");
  return -Errno.EACCES;
};

/** The machine and what it offers: uname(2), sysinfo(2), riscv_hwprobe, and the network that there is not. */
export const systemCalls: HandlerTable = {
  uname,
  sysinfo,
  riscv_hwprobe: riscvHwprobe,
  riscv_flush_icache: riscvFlushIcache,
  socket: noNetwork,
  socketpair: noNetwork,
};
