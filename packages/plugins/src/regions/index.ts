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
  install({ machine, symbols, args, report, saveTable, summary }) {
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
    if (args.count)
      saveTable(
        "region_accesses",
        {
          kind: ["text", "What the region is: heap, stack, code, data and so on"],
          name: ["text", "The mapping's name, such as a path; empty for one without"],
          permissions: ["text", "As /proc/self/maps writes them"],
          loads: ["integer", "Loads that began in it, of all processes"],
          stores: ["integer", "Stores that began in it, of all processes"],
        },
        () => counts.of(known.all).map((count) => ({ ...count })),
      );
    return { at: (address) => running.at(address), list: () => running.list() };
  },
});
