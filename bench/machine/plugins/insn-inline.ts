import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";

/** Counts executed instructions, inside the translated code. */
export default plugin("insn_inline", {
  requires: { machine },
  install({ machine, report }) {
    const insns = machine.instructions.executed.count();
    report(() => ({ insns: insns.value }));
  },
});
