import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, takes } from "../arguments.js";
import { symbols } from "../symbols/contract.js";
import { table } from "../text.js";
import { regions } from "./contract.js";
import { createRegionCounts } from "./counts.js";
import { watchNewStacks } from "./new-stacks.js";
import { createKnownRegions, createProcessRegions, type ProcessRegions } from "./process-regions.js";

/** Tells what memory is for, and how much each part of it is used. */
export default plugin(regions, {
  description: "What an address belongs to: file, heap, stack of a thread; loads and stores of each",
  requires: { machine, symbols },
  args: takes({ count: flag("Count loads and stores by region", true) }),
  install({ machine, symbols, args, report, summary }) {
    const known = createKnownRegions();
    const processes = new Map<number, ProcessRegions>();
    let running = ofProcess(machine.process().pid);
    function ofProcess(pid: number): ProcessRegions {
      const made =
        processes.get(pid) ??
        createProcessRegions(known, machine.mappings, (address) => symbols.objectAt(address)?.path);
      processes.set(pid, made);
      return made;
    }
    machine.processChanged.register(({ pid }, before) => {
      running = ofProcess(pid);
      // Another program, with other mappings.
      if (pid === before.pid) running.changed(0, 2 ** 32);
    });
    machine.processEnded.register(({ pid }) => processes.delete(pid));
    machine.mapped.register((_process, { start, end }) => running.changed(start, end));
    machine.unmapped.register((_process, start, end) => running.changed(start, end));
    const newStack = watchNewStacks(machine);
    machine.vcpus.initialized.register(({ index }) => {
      const stack = newStack();
      if (stack !== undefined) running.threadStack(index, stack);
    });

    const counts = createRegionCounts();
    if (args.count) machine.memory.accessed.batch((batch) => counts.take(batch, running.numberAt));
    report(() => ({ regions: counts.of(known.all) }));
    summary(() => {
      if (!args.count) return undefined;
      const rows = counts
        .of(known.all)
        .map(({ kind, loads, stores, permissions, name }) => [kind, loads, stores, permissions, name]);
      return table(["kind", "loads", "stores", "", "name"], rows);
    });
    return { at: (address) => running.at(address), list: () => running.list() };
  },
});
