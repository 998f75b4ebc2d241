import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { type DecodedSyscall, syscalls } from "./contract.js";
import { decode, type ReadString } from "./decode.js";
import { COLUMNS, recordCalls } from "./rows.js";

/** Decodes system calls for other plugins. Without listeners it does next to nothing. */
export default plugin(syscalls, {
  description: "System calls with decoded names and arguments, on entry and return",
  requires: { machine },
  install({ machine, callbacks, report, openTable }) {
    const { entered, returned } = machine.syscalls;
    const readString: ReadString = (address, limit) => machine.memory.readString(address, limit);
    /** By vCPU: the call it is in. */
    const pending: (DecodedSyscall | undefined)[] = [];
    const calls = entered.count();
    entered.register((entry) => {
      if (callbacks.entered.size === 0 && callbacks.returned.size === 0) {
        pending[entry.cpu.index] = undefined;
        return;
      }
      const call = decode(entry, readString);
      pending[call.vcpu] = call;
      callbacks.entered.run(call);
    });
    returned.register((entry) => {
      const call = pending[entry.cpu.index];
      if (call !== undefined) callbacks.returned.run(call, entry.result, entry.error);
    });
    const table = openTable("syscalls", COLUMNS);
    if (table !== undefined) {
      const end = recordCalls(table, callbacks.entered, callbacks.returned, {
        pid: () => machine.process().pid,
        nanoseconds: () => Math.round(machine.clock.nanoseconds),
        executed: machine.executed,
      });
      machine.exited.register(end);
    }
    report(() => ({ calls: calls.value }));
  },
});
