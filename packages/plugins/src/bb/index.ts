import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, takes } from "../arguments.js";
import { bb } from "./contract.js";
import { type BlockCount, countByCallback, countInline } from "./counts.js";

/** Counts blocks and the instructions in them: QEMU's `bb` plugin. */
export default plugin(bb, {
  description: "Counts executed translation blocks and the instructions in them",
  requires: { machine },
  args: takes({
    inline: flag("Count inside the translated code, not by a callback for each block", true),
    idle: flag("Tell a vCPU's counts each time it waits"),
  }),
  install({ machine, args, log, report, summary }) {
    const counts = (args.inline ? countInline : countByCallback)(machine);
    const vcpus = () =>
      Array.from({ length: machine.vcpus.count }, (_, vcpu) => ({ vcpu, ...counts.ofVcpu(vcpu) })).filter(
        ({ blocks }) => blocks > 0,
      );
    if (args.idle) {
      machine.vcpus.idled.register(({ index }) => {
        const count = counts.ofVcpu(index);
        if (count.blocks > 0) log(`Idling ${countText(`CPU${index}`, count)}`);
      });
    }
    report(() => ({ ...counts.total(), ...(vcpus().length > 1 && { vcpus: vcpus() }) }));
    summary(() =>
      [
        ...(vcpus().length > 1 ? vcpus().map((count) => countText(`CPU${count.vcpu}`, count)) : []),
        countText("Total", counts.total()),
      ].join("\n"),
    );
    return { blocks: () => counts.total().blocks, insns: () => counts.total().insns };
  },
});

function countText(whose: string, { blocks, insns }: BlockCount): string {
  return `${whose}: bb's: ${blocks}, insns: ${insns}`;
}
