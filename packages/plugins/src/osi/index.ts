import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { type OsProcess, osi } from "./contract.js";

/** The system calls after which a process may be another one, or have another name. */
const CHANGING: ReadonlySet<string> = new Set(["prctl", "execve", "execveat"]);

/** Tells which process of the guest is running. */
export default plugin(osi, {
  description: "Which process is running: name, pid, ppid; and when that changes",
  requires: { machine },
  install({ machine, callbacks, report }) {
    let current = copy(machine.process());
    const seen = [current];
    machine.syscalls
      .where((call) => CHANGING.has(call.name))
      .returned.register(() => {
        const before = current;
        const now = copy(machine.process());
        if (now.pid === before.pid && now.ppid === before.ppid && now.name === before.name) return;
        current = now;
        seen.push(current);
        callbacks.processChanged.run(current, before);
      });
    report(() => ({ processes: seen }));
    return { process: () => current };
  },
});

/** What the machine tells is of the moment; this stays. */
function copy({ pid, ppid, name }: OsProcess): OsProcess {
  return { pid, ppid, name };
}
