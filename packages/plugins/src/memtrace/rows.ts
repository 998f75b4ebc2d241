import type { Imports, OutputTable } from "@qpp/core";
import type { AccessSite, machine } from "@qpp/emulator/contract";

/** The columns of the table `accesses`: a row for each access, in their order. */
export const COLUMNS = {
  number: ["integer", "Number of the access, from 0"],
  pid: ["integer", "The process"],
  vcpu: ["integer", "Index of the vCPU, which is the thread"],
  pc: ["address", "Address of the instruction"],
  address: ["address", "Address of the first byte that it accessed"],
  bytes: ["integer", "Bytes that it accessed"],
  store: ["boolean", "Whether it stored; else it loaded"],
} as const;

/** Adds a row for each access. */
export function recordRows(
  { process, processChanged, traces }: Imports<typeof machine>,
  table: OutputTable<typeof COLUMNS>,
): void {
  const sites: AccessSite[] = [];
  let number = 0;
  // Batches are handed over before it is told that another process runs.
  let { pid } = process();
  processChanged.register((now) => {
    pid = now.pid;
  });
  traces.batch({ access: (site) => sites.push(site) - 1 }, ({ length, vcpu, tag, address }) => {
    for (let i = 0; i < length; i++) {
      const site = sites[tag[i] ?? 0];
      if (site === undefined) continue;
      const { pc, bytes, isStore } = site;
      table.add({
        number: number++,
        pid,
        vcpu,
        pc,
        address: address[i],
        bytes,
        store: isStore,
      });
    }
  });
}
