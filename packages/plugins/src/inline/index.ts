import { plugin } from "@qpp/core";
import { type Block, type Instruction, type MemoryAccess, machine } from "@qpp/emulator/contract";
import { createChecks } from "../checks.js";
import { table } from "../text.js";
import { inline } from "./contract.js";
import { type Probe, probe } from "./probe.js";

/** Tests inline operations, conditional callbacks and scoreboards against callbacks: QEMU's `inline` plugin. */
export default plugin(inline, {
  description: "Tests that counting inline, by condition, in batches and by callbacks yields the same",
  requires: { machine },
  install({ machine, report, summary }) {
    const { blocks, instructions, memory, scoreboards } = machine;
    const checks = createChecks();
    const tb = probe("tb", scoreboards, checks, {
      events: (chosen) => blocks.where(chosen).executed,
      siteOf: (block: Block) => block,
      pcOf: ({ pc }) => pc,
    });
    const insn = probe("insn", scoreboards, checks, {
      events: (chosen) => instructions.where(chosen).executed,
      siteOf: (instruction: Instruction) => instruction,
      pcOf: ({ pc }) => pc,
    });
    const mem = probe("mem", scoreboards, checks, {
      events: (chosen) => memory.where(chosen).accessed,
      siteOf: ({ site }: MemoryAccess) => site,
      pcOf: ({ pc }) => pc,
    });
    const probes: readonly Probe[] = [tb, insn, mem];
    const counts = () => ({ tb: tb.total(), insn: insn.total(), mem: mem.total() });
    machine.exited.register(() => {
      for (const each of probes) each.compare(machine.vcpus.count);
    });

    report(() => ({
      counts: counts(),
      vcpus: Array.from({ length: machine.vcpus.count }, (_, vcpu) =>
        Object.fromEntries(probes.map(({ name, ofVcpu }) => [name, ofVcpu(vcpu)])),
      ),
      checks: checks.counts(),
    }));
    summary(() => {
      const rows = probes.map(({ name, total }) => [name, total()]);
      const kinds = Object.keys(checks.counts()).length;
      return `${table(["event", "count"], rows)}\n${kinds} kinds of checks, all of which held`;
    });
    return { counts };
  },
});
