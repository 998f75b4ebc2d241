import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { createChecks } from "../checks.js";
import { type ResetPhase, reset } from "./contract.js";
import { listen } from "./listen.js";

/** Tests that listeners can be taken back and made anew while the guest runs: QEMU's `reset` plugin. */
export default plugin(reset, {
  description: "Tests that a plugin can take its listeners back, and listen anew, while the guest runs",
  requires: { machine },
  install({ machine, callbacks, log, report, summary }) {
    const checks = createChecks();
    let phase: ResetPhase = "installed";
    const enter = (from: ResetPhase, to: ResetPhase): void => {
      checks.expect(`phase before "${to}"`, phase, from);
      phase = to;
      log(`${to} done`);
      callbacks.onPhase.run(to);
    };

    listen(machine, checks, () => {
      enter("installed", "reset");
      listen(machine, checks, () => enter("reset", "uninstall"));
    });
    machine.exited.register(() => {
      checks.expect("phase at the end", phase, "uninstall");
      log("plugin exit");
    });
    report(() => ({ phase, checks: checks.counts() }));
    summary(() => `${phase}; ${Object.keys(checks.counts()).length} kinds of checks, all of which held`);
    return { phase: () => phase };
  },
});
