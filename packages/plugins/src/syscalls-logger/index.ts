import { plugin } from "@qpp/core";
import { osi } from "../osi/contract.js";
import { syscalls } from "../syscalls/contract.js";
import { syscallsLogger } from "./contract.js";

/** Prints each system call with the process that makes it. It knows two contracts, and nothing of any machine. */
export default plugin(syscallsLogger, {
  description: "Prints a line for each system call: where, which, and the process that makes it",
  requires: { osi, syscalls },
  install({ osi, syscalls, callbacks, log, report }) {
    let calls = 0;
    syscalls.entered.register(({ pc, number, name }) => {
      const process = osi.process();
      calls++;
      const line =
        `Syscall at pc ${pc.toString(16)}: number ${number} (${name}): ` +
        `Process '${process.name}', pid ${process.pid}, ppid ${process.ppid}`;
      log(line);
      callbacks.onLine.run(line);
    });
    report(() => ({ calls }));
  },
});
