import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";

/** Counts executed instructions by a call for each, and sums up their addresses modulo 2^32. */
export default plugin("insn_callback", {
  requires: { machine },
  install({ machine, report }) {
    let insns = 0;
    let pcs = 0;
    machine.instructions.executed.register(
      (_cpu, instruction) => {
        insns++;
        pcs = (pcs + instruction.pc) | 0;
      },
      { registers: "none" },
    );
    report(() => ({ insns, pcs: hex(pcs) }));
  },
});

const hex = (sum: number): string => `0x${(sum >>> 0).toString(16)}`;
