import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import * as v from "valibot";
import { flag, oneOf, takes, wholeNumber } from "../arguments.js";
import { hex, table } from "../text.js";
import { hotpages } from "./contract.js";
import { createPageCounter } from "./counts.js";
import { sorted, sumPages } from "./pages.js";

/** Finds the pages that are accessed most often: QEMU's `hotpages` plugin. */
export default plugin(hotpages, {
  description: "Lists the pages accessed most often, and which vCPUs read and wrote them",
  requires: { machine },
  args: v.pipe(
    takes({
      sortby: oneOf(
        "What to sort by: both kinds of accesses, one of them, or the address",
        ["accesses", "reads", "writes", "address"],
        "accesses",
      ),
      io: flag("Accesses to devices: there are none in user mode, so this is refused"),
      pagesize: wholeNumber("Bytes of a page, a power of two", { least: 64, most: 2 ** 31, initial: 4096 }),
      limit: wholeNumber("How many pages to list, 0 for all of them", {
        least: 0,
        most: 1_000_000_000,
        initial: 50,
      }),
    }),
    v.check(
      ({ io }) => !io,
      "io: there are devices in system mode only; this machine runs one user-mode program",
    ),
    v.check(({ pagesize }) => Number.isInteger(Math.log2(pagesize)), "pagesize must be a power of two"),
  ),
  install({ machine, args, report, summary, saveTable }) {
    const reads = createPageCounter(Math.log2(args.pagesize));
    const writes = createPageCounter(Math.log2(args.pagesize));
    // Batches are handed over before it is told that another process runs.
    let { pid } = machine.process();
    machine.processChanged.register((now) => {
      pid = now.pid;
    });
    // Two kinds of batches: then what kind an access is need not be found out for each.
    for (const [counter, isStore] of [[reads, false] as const, [writes, true] as const]) {
      machine.memory
        .where((site) => site.isStore === isStore)
        .accessed.batch(({ address, length, vcpu }) => counter.take(address, length, vcpu, pid), {
          capacity: 1 << 13,
        });
    }

    const pages = () => sorted(sumPages(reads.pages(), writes.pages()), args.sortby);
    const listed = () => pages().slice(0, args.limit === 0 ? undefined : args.limit);
    report(() => ({
      pageSize: args.pagesize,
      pages: listed().map((page) => ({ ...page, address: hex(page.address) })),
    }));
    summary(() => {
      const rows = listed().map((page) => [
        `0x${page.address.toString(16).padStart(16, "0")}`,
        maskText(page.readers),
        page.reads,
        maskText(page.writers),
        page.writes,
        page.pid,
      ]);
      return table(["Addr", "RCPUs", "Reads", "WCPUs", "Writes", "pid"], rows);
    });
    saveTable(
      "memory_pages",
      {
        pid: ["integer", "The process"],
        address: ["address", "Address of the page's first byte"],
        bytes: ["integer", "Bytes of the page"],
        reads: ["integer", "Loads that began in it"],
        writes: ["integer", "Stores that began in it"],
      },
      () =>
        pages().map(({ pid, address, reads: loads, writes: stores }) => ({
          pid,
          address,
          bytes: args.pagesize,
          reads: loads,
          writes: stores,
        })),
    );
    return { pages, pageSize: () => args.pagesize };
  },
});

/** vCPUs as a number with a bit for each, as QEMU's plugin prints them. */
function maskText(vcpus: readonly number[]): string {
  const mask = vcpus.reduce((bits, vcpu) => bits | (1n << BigInt(vcpu)), 0n);
  return `0x${mask.toString(16).padStart(4, "0")}`;
}
