import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { empty } from "./contract.js";

/** Listens to translations and does nothing, to measure what listening costs: QEMU's `empty` plugin. */
export default plugin(empty, {
  description: "Does nothing with each translated block: what a plugin costs that instruments nothing",
  requires: { machine },
  install({ machine }) {
    machine.blocks.translated.register(() => {});
  },
});
