import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, takes } from "../arguments.js";
import { hex } from "../text.js";
import { discons } from "./contract.js";
import { createFlow } from "./flow.js";

/** Tests that discontinuities tell the right addresses: QEMU's `discons` plugin. */
export default plugin(discons, {
  description: "Tests that signals and faults tell where they came from, and where execution goes on",
  requires: { machine },
  args: takes({
    abort: flag("A wrong address is the plugin's fault; off: it is logged and counted", true),
    "trace-all": flag("Print each executed instruction"),
  }),
  install({ machine, callbacks, args, log, report, summary }) {
    const flow = createFlow((mismatch) => {
      callbacks.onMismatch.run(mismatch);
      if (args.abort) throw new Error(mismatch);
      log(mismatch);
    });
    machine.blocks.translated.register((block) => flow.translated(block));
    machine.instructions.executed.register(
      ({ index }, instruction) => {
        flow.executed(index, instruction);
        if (args["trace-all"]) log(`Exec insn at ${hex(instruction.pc)} on VCPU ${index}`);
      },
      { registers: "none" },
    );
    machine.discontinuities.register((discontinuity) => flow.broken(discontinuity));
    machine.vcpus.exited.register(({ index }) => flow.exited(index));

    report(() => flow.result());
    summary(() => {
      const { discontinuities, sources, targets, mismatches } = flow.result();
      return (
        `${discontinuities} discontinuities: checked where ${sources} came from and where ${targets} went to; ` +
        `${mismatches} mismatches`
      );
    });
    return { checked: () => flow.result() };
  },
});
