import type { GuestMemory } from "../memory/guest-memory.js";
import { PAGE_SIZE } from "../memory/layout.js";
import { MMAP_TOP } from "./address-space.js";
import { Protection } from "./protection.js";

/**
 * Where signal handlers return to: `li a7, 139; ecall`, which is `rt_sigreturn`. Unwinders know a signal's frame by
 * just these two instructions (libgcc/config/riscv/linux-unwind.h). The address is the same in every process.
 */
export const SIGRETURN_ADDRESS: number = MMAP_TOP + PAGE_SIZE;

const TRAMPOLINE = Uint32Array.of(0x08b0_0893, 0x0000_0073);

/**
 * Maps the page with code of the kernel's that Linux has in each process as `[vdso]`. It is no ELF image and is not
 * announced (AT_SYSINFO_EHDR), so clocks are read by system calls.
 *
 * @returns false if the guest's memory limit leaves no room.
 */
export function mapVdso(memory: GuestMemory): boolean {
  const backing = { name: "[vdso]", file: false, offset: 0, shared: false };
  if (!memory.map(SIGRETURN_ADDRESS, PAGE_SIZE, Protection.READ | Protection.EXEC, backing)) return false;
  return memory.poke(SIGRETURN_ADDRESS, new Uint8Array(TRAMPOLINE.buffer));
}
