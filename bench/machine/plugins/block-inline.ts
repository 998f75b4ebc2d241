import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";

/** Counts executed blocks, inside the translated code. */
export default plugin("block_inline", {
  requires: { machine },
  install({ machine, report }) {
    const blocks = machine.blocks.executed.count();
    report(() => ({ blocks: blocks.value }));
  },
});
