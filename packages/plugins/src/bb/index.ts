import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, takes } from "../arguments.js";
import { bb } from "./contract.js";
import { countByCallback, countInline } from "./counts.js";

/** Counts blocks and the instructions in them: QEMU's `bb` plugin. */
export default plugin(bb, {
  description: "Counts executed translation blocks and the instructions in them",
  requires: { machine },
  args: takes({
    inline: flag(
      "Count inside the translated code, not by a callback for each block (which idle=on needs)",
      true,
    ),
    idle: flag("Tell a vCPU's counts each time it waits"),
  }),
  install({ machine, args, log, report, summary }) {
    const perVcpu = args.idle || !args.inline ? countByCallback(machine) : undefined;
    const total = perVcpu ?? countInline(machine);
    if (args.idle) {
      machine.vcpus.idled.register((cpu) => {
        const counts = perVcpu?.vcpus[cpu.index];
        if (counts) log(`Idling CPU${cpu.index}: bb's: ${counts.blocks}, insns: ${counts.insns}`);
      });
    }
    report(() => ({ blocks: total.blocks, insns: total.insns }));
    summary(() => `Total: bb's: ${total.blocks}, insns: ${total.insns}`);
    return { blocks: () => total.blocks, insns: () => total.insns };
  },
});
