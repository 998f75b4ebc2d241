/** `PROT_*` of mmap(2); the same bits as in a permission byte of guest memory. */
export const Protection = { NONE: 0, READ: 1, WRITE: 2, EXEC: 4 } as const;

/**
 * What the hardware grants for `prot`: RISC-V has no write-only pages, and Linux makes them readable
 * (privileged manual, "Sv39", reserved encodings; arch/riscv/mm/init.c, protection_map).
 */
export function effectiveProtection(prot: number): number {
  return prot & Protection.WRITE ? prot | Protection.READ : prot;
}
