import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { flag, oneOf, takes } from "../arguments.js";
import { counting } from "../counting.js";
import { table } from "../text.js";
import { mem } from "./contract.js";
import { printAccesses } from "./print-accesses.js";
import { summarizeRegions } from "./regions.js";

/** Counts memory accesses: QEMU's `mem` plugin. */
export default plugin(mem, {
  description: "Counts loads and stores; prints each of them, or sums them up by region",
  requires: { machine },
  args: v.pipe(
    takes({
      track: oneOf("Which accesses: loads (r), stores (w) or both", ["r", "w", "rw"], "rw"),
      inline: flag("Count inside the translated code; this is what is done without callback=on, too"),
      callback: flag("Count by a callback for each access"),
      "print-accesses": flag("Print each access as a line of comma-separated values"),
      "region-summary": flag(
        "Sum up by 16 KiB of address space, and see whether loads yield what was stored",
      ),
      haddr: flag("Hardware addresses: there are none in user mode, so this is refused"),
    }),
    v.check(
      ({ inline, callback }) => !(inline && callback),
      "inline=on and callback=on exclude each other; give one of them",
    ),
    v.check(
      ({ haddr }) => !haddr,
      "haddr: hardware addresses exist in system mode only; this machine runs one user-mode program",
    ),
  ),
  install({ machine, args, log, report, summary }) {
    const { track } = args;
    const accesses = machine.memory.where((site) => track === "rw" || site.isStore === (track === "w"));
    const loads = counting(accesses.where((site) => !site.isStore).accessed, !args.callback);
    const stores = counting(accesses.where((site) => site.isStore).accessed, !args.callback);
    if (args["print-accesses"]) printAccesses(accesses, log);
    const regions = args["region-summary"] ? summarizeRegions(accesses, log) : undefined;

    report(() => ({ loads: loads.value, stores: stores.value, ...(regions && { regions: regions() }) }));
    summary(() => {
      const counts = `mem accesses: ${loads.value + stores.value} (${loads.value} loads, ${stores.value} stores)`;
      if (!regions) return counts;
      const rows = regions().map(({ base, reads, writes, seenAll }) => [
        base,
        reads,
        writes,
        String(seenAll),
      ]);
      return `${counts}\n${table(["Region Base", "Reads", "Writes", "Seen all"], rows)}`;
    });
    return { loads: () => loads.value, stores: () => stores.value };
  },
});
