import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { createChecks } from "../checks.js";
import { checkRegisters } from "./check.js";
import { registers } from "./contract.js";

/** Tests that registers can be read and written when a vCPU starts: QEMU's `registers` plugin. */
export default plugin(registers, {
  description: "Tests that every register of a starting vCPU can be read, and written unless it is read-only",
  requires: { machine },
  install({ machine, report, summary }) {
    const checks = createChecks();
    let vcpus = 0;
    machine.vcpus.initialized.register(
      (cpu) => {
        checkRegisters(cpu.registers, checks);
        vcpus++;
      },
      { registers: "write" },
    );
    report(() => ({ vcpus, checks: checks.counts() }));
    summary(() => {
      const total = Object.values(checks.counts()).reduce((sum, count) => sum + count, 0);
      return `${total} checks of the registers of ${vcpus} vCPUs, all of which held`;
    });
    return { vcpus: () => vcpus, checks: checks.counts };
  },
});
