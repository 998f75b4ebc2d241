import type { OptionalExtension } from "../../../packages/emulator/src/isa/riscv/extensions.js";

/** RV64GC and no more: by default QEMU's processor knows further extensions. */
export const BASE_CPU = "rv64,zba=false,zbb=false,zbc=false,zbs=false,h=false";

/** Optional extensions that the witness knows too: QEMU 7.2 is older than Zicond. */
export const WITNESSED: readonly OptionalExtension[] = ["Zba", "Zbb", "Zbs"];

/** RV64GC with these, and no more. */
export const EXTENDED_CPU = "rv64,zba=true,zbb=true,zbc=false,zbs=true,h=false";
