import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";

/** Takes a trace of all instructions: counts them, and sums up their addresses modulo 2^32. */
export default plugin("insn_trace", {
  requires: { machine },
  install({ machine, report }) {
    let insns = 0;
    let pcs = 0;
    machine.instructions.executed.batch(({ length, pc }) => {
      let sum = 0;
      for (let i = 0; i < length; i++) sum = (sum + (pc[i] ?? 0)) | 0;
      pcs = (pcs + sum) | 0;
      insns += length;
    });
    report(() => ({ insns, pcs: hex(pcs) }));
  },
});

const hex = (sum: number): string => `0x${(sum >>> 0).toString(16)}`;
