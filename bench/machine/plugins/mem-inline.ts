import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";

/** Counts memory accesses, inside the translated code. */
export default plugin("mem_inline", {
  requires: { machine },
  install({ machine, report }) {
    const accesses = machine.memory.accessed.count();
    report(() => ({ accesses: accesses.value }));
  },
});
