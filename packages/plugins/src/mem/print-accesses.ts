import type { MemoryEvents } from "@qpp/emulator/contract";
import { hex } from "../text.js";

/**
 * Prints each access as QEMU's plugin does: address and symbol of the instruction, address of the memory, twice (the
 * hardware's is 0 in user mode), size in bits, kind, value.
 */
export function printAccesses(accesses: MemoryEvents, log: (line: string) => void): void {
  log("insn_vaddr,insn_symbol,mem_vaddr,mem_hwaddr,access_size,access_type,mem_value");
  accesses.accessed.batch((batch) => {
    for (let i = 0; i < batch.length; i++) {
      const { instruction, bytes, isStore } = batch.site(i);
      const low = (batch.valueLow[i] ?? 0).toString(16);
      const high = (batch.valueHigh[i] ?? 0).toString(16);
      const value = bytes === 8 ? high.padStart(8, "0") + low.padStart(8, "0") : low.padStart(2 * bytes, "0");
      log(
        `${hex(instruction.pc)},${instruction.symbol ?? ""},${hex(batch.address[i] ?? 0)},0x0,${8 * bytes},` +
          `${isStore ? "store" : "load"},0x${value}`,
      );
    }
  });
}
