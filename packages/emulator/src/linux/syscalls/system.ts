import type { Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { wordArgument } from "../registers.js";
import { store64 } from "../structures.js";

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

/** The machine and what it offers: uname(2), sysinfo(2). */
export const systemCalls: HandlerTable = {
  uname,
  sysinfo,
};
