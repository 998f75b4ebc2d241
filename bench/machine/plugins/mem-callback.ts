import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";

/** Counts memory accesses by a call for each. */
export default plugin("mem_callback", {
  requires: { machine },
  install({ machine, report }) {
    let accesses = 0;
    machine.memory.accessed.register(() => void accesses++, { registers: "none" });
    report(() => ({ accesses }));
  },
});
