import { SystemModeOnlyError } from "../contract/errors.js";
import type { MemoryEvents } from "../contract/memory.js";

/** What QEMU's plugins can do with memory in system mode alone: each of it throws. */
export const SYSTEM_MODE_MEMORY: Pick<MemoryEvents, "translate" | "readHardware" | "writeHardware"> = {
  translate() {
    throw new SystemModeOnlyError("address translation");
  },
  readHardware() {
    throw new SystemModeOnlyError("physical memory");
  },
  writeHardware() {
    throw new SystemModeOnlyError("physical memory");
  },
};
