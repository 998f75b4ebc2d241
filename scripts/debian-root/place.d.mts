/** The folder that keeps the root and what is needed to make it. */
export function cacheFolder(): string;
/** Debian's root file system for riscv64, once it is made. */
export function rootFolder(): string;
