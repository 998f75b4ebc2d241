import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, takes } from "../arguments.js";
import { table } from "../text.js";
import { syscall } from "./contract.js";
import { hexdump } from "./hexdump.js";

/** Counts system calls and their errors: QEMU's `syscall` plugin. */
export default plugin(syscall, {
  description: "Counts system calls and their errors by name; prints them, or what is written",
  requires: { machine },
  args: takes({
    print: flag("Print each call and what it returned, instead of a table at the end"),
    log_writes: flag("Print what the guest writes, in hexadecimal and as text"),
  }),
  install({ machine, args, log, report, summary }) {
    const { entered, returned } = machine.syscalls;
    const counts = entered.countBy((call) => call.name);
    const errors = new Map<string, number>();
    returned.register(({ name, result }) => {
      if (result < 0) errors.set(name, (errors.get(name) ?? 0) + 1);
    });
    if (args.print) {
      entered.register(({ number }) => log(`syscall #${number}`));
      returned.register(({ number, result }) => log(`syscall #${number} returned -> ${result}`));
    }
    if (args.log_writes) {
      machine.syscalls
        .where((call) => call.name === "write")
        .entered.register(({ args: [, address = 0, length = 0] }) => {
          const bytes = machine.memory.read(address, length);
          log(bytes ? hexdump(bytes) : `Error reading memory from vaddr ${address}`);
        });
    }

    const rows = (): { name: string; count: number; errors: number }[] =>
      [...counts.entries()]
        .map(([name, count]) => ({ name, count, errors: errors.get(name) ?? 0 }))
        .sort((a, b) => b.count - a.count);
    report(() => ({
      calls: Object.fromEntries(rows().map(({ name, count, errors }) => [name, { count, errors }])),
    }));
    summary(() =>
      args.print
        ? undefined
        : table(
            ["syscall", "calls", "errors"],
            rows().map(({ name, count, errors }) => [name, count, errors]),
          ),
    );
    return { calls: (name) => counts.get(name) };
  },
});
