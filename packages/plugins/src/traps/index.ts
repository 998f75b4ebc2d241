import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { table } from "../text.js";
import { type TrapCounts, traps } from "./contract.js";

/** Counts interrupts, exceptions and host calls: QEMU's `traps` plugin. */
export default plugin(traps, {
  description: "Counts signals from outside, faults of instructions, and host calls, by vCPU",
  requires: { machine },
  install({ machine, report, summary }) {
    const counted = {
      interrupt: new Map(),
      exception: new Map(),
      hostcall: new Map(),
    } as const satisfies Record<string, Map<number, number>>;
    machine.discontinuities.register(({ cpu, kind }) => {
      const counts: Map<number, number> = counted[kind];
      counts.set(cpu.index, (counts.get(cpu.index) ?? 0) + 1);
    });
    const counts = (): TrapCounts[] =>
      Array.from({ length: machine.vcpus.count }, (_, vcpu) => ({
        vcpu,
        interrupts: counted.interrupt.get(vcpu) ?? 0,
        exceptions: counted.exception.get(vcpu) ?? 0,
        hostcalls: counted.hostcall.get(vcpu) ?? 0,
      }));
    report(() => ({ vcpus: counts() }));
    summary(() =>
      table(
        ["VCPU", "interrupts", "exceptions", "hostcalls"],
        counts().map((each) => [each.vcpu, each.interrupts, each.exceptions, each.hostcalls]),
      ),
    );
    return { counts };
  },
});
