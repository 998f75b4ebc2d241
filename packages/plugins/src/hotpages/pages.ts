import type { PageCount } from "./contract.js";
import type { VcpuPage } from "./counts.js";

/** What the most accessed pages are told by. */
export type SortBy = "accesses" | "reads" | "writes" | "address";

type Sum = { -readonly [K in keyof PageCount]: PageCount[K] extends number ? number : number[] };

/** Sums up over the vCPUs of each process. */
export function sumPages(reads: Iterable<VcpuPage>, writes: Iterable<VcpuPage>): PageCount[] {
  const sums = new Map<string, Sum>();
  const sumOf = ({ pid, address }: VcpuPage): Sum => {
    const key = `${pid} ${address}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      sum = { pid, address, reads: 0, readers: [], writes: 0, writers: [] };
      sums.set(key, sum);
    }
    return sum;
  };
  for (const page of reads) {
    const sum = sumOf(page);
    sum.reads += page.count;
    sum.readers.push(page.vcpu);
  }
  for (const page of writes) {
    const sum = sumOf(page);
    sum.writes += page.count;
    sum.writers.push(page.vcpu);
  }
  for (const { readers, writers } of sums.values())
    for (const vcpus of [readers, writers]) vcpus.sort((a, b) => a - b);
  return [...sums.values()];
}

const ORDER: Readonly<Record<SortBy, (page: PageCount) => number>> = {
  accesses: ({ reads, writes }) => reads + writes,
  reads: ({ reads }) => reads,
  writes: ({ writes }) => writes,
  address: ({ address }) => address,
};

/** The most accessed pages first, or, as in QEMU's plugin, the highest address; equal ones by address, then by process. */
export function sorted(pages: readonly PageCount[], by: SortBy): PageCount[] {
  const order = ORDER[by];
  return [...pages].sort((a, b) => order(b) - order(a) || a.address - b.address || a.pid - b.pid);
}
