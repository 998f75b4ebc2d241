import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { type OsProcess, osi } from "./contract.js";

/** Tells which process of the guest is running. */
export default plugin(osi, {
  description: "Which process is running: name, pid, ppid; and when that changes",
  requires: { machine },
  install({ machine, callbacks, report }) {
    let current = copy(machine.process());
    const seen = [current];
    machine.processChanged.register((now) => {
      const before = current;
      current = copy(now);
      if (!seen.some(({ pid, name }) => pid === now.pid && name === now.name)) seen.push(current);
      callbacks.processChanged.run(current, before);
    });
    machine.processEnded.register((process, { code }) => callbacks.processEnded.run(copy(process), code));
    report(() => ({ processes: seen }));
    return { process: () => current };
  },
});

/** What the machine tells is of the moment; this stays. */
function copy({ pid, ppid, name }: OsProcess): OsProcess {
  return { pid, ppid, name };
}
