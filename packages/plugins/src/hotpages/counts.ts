/** How often one vCPU, of one process, accessed one page. */
export interface VcpuPage {
  readonly pid: number;
  readonly vcpu: number;
  /** Address of the page's first byte. */
  readonly address: number;
  readonly count: number;
}

/** Counts accesses of one kind, by page and vCPU. */
export interface PageCounter {
  /** Takes the first `length` addresses, all of one vCPU of the process with that pid. */
  take(addresses: Uint32Array, length: number, vcpu: number, pid: number): void;
  /** What was counted so far: pages that were accessed, by vCPU. */
  pages(): Generator<VcpuPage>;
}

/** What a vCPU has accessed for one process: count by page. Of two threads the later may get the other's vCPU when that has ended. */
interface VcpuCounts {
  readonly pid: number;
  readonly vcpu: number;
  readonly counts: Map<number, number>;
}

/** As many accesses of one page can be counted in a number of 32 bits. */
const MOST = 2 ** 32 - 1;

/** @param shift log2 of a page's bytes */
export function createPageCounter(shift: number): PageCounter {
  /** What the vCPU that ran last did since the others ran: a number for each page there can be. */
  const recent = new Uint32Array(2 ** (32 - shift));
  /** Pages whose number is not 0. */
  const touched: number[] = [];
  let accesses = 0;
  let current: VcpuCounts | undefined;
  const known: VcpuCounts[] = [];

  function settle(): void {
    if (current === undefined) return;
    for (const page of touched) {
      current.counts.set(page, (current.counts.get(page) ?? 0) + (recent[page] ?? 0));
      recent[page] = 0;
    }
    touched.length = 0;
    accesses = 0;
  }

  function select(vcpu: number, pid: number): void {
    if (current?.vcpu === vcpu && current.pid === pid) return;
    settle();
    current = known.find((each) => each.vcpu === vcpu && each.pid === pid);
    if (current === undefined) {
      current = { pid, vcpu, counts: new Map() };
      known.push(current);
    }
  }

  return {
    take(addresses, length, vcpu, pid) {
      select(vcpu, pid);
      if (accesses + length > MOST) settle();
      accesses += length;
      for (let i = 0; i < length; i++) {
        const page = (addresses[i] ?? 0) >>> shift;
        const count = recent[page] ?? 0;
        if (count === 0) touched.push(page);
        recent[page] = count + 1;
      }
    },
    *pages() {
      settle();
      for (const { pid, vcpu, counts } of known) {
        for (const [page, count] of counts) yield { pid, vcpu, address: page * 2 ** shift, count };
      }
    },
  };
}
