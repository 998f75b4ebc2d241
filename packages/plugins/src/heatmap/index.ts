import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, takes, wholeNumber } from "../arguments.js";
import { hex, table } from "../text.js";
import { type HeatCell, heatmap } from "./contract.js";
import { createSlices } from "./slices.js";

/** Accesses of a slice to begin with. */
const FIRST_SLICE = 1024;
const HOTTEST = 10;

/** Shows which pages are accessed when: memory over time. */
export default plugin(heatmap, {
  description: "Accesses by page and time: a heat map of memory, and the working set",
  requires: { machine },
  args: takes({
    slices: wholeNumber("Most slices of time, each two of which become one; an odd number is one less", {
      least: 2,
      most: 4096,
      initial: 256,
    }),
    stores: flag("Only stores"),
  }),
  install({ machine, args, report, summary, save, saveTable }) {
    const slices = createSlices(args.slices & ~1, FIRST_SLICE, machine.process().pid);
    machine.memory
      .where((site) => site.isStore || !args.stores)
      .accessed.batch(({ address, length }) => slices.take(address, length), { capacity: 1 << 14 });
    machine.processChanged.register(({ pid }) => slices.enter(pid));

    const result = () => {
      const cells = slices.cells();
      const pages = sumByPage(cells);
      const hottest = [...pages].sort((a, b) => b.accesses - a.accesses).slice(0, HOTTEST);
      return {
        sliceAccesses: slices.accesses,
        pages: pages.length,
        workingSet: cells.map((slice) => slice.length),
        hottest: hottest.map(({ pid, page, accesses }) => ({ pid, page: hex(page), accesses })),
      };
    };
    report(result);
    summary(() => {
      const { sliceAccesses, pages, workingSet, hottest } = result();
      const most = Math.max(0, ...workingSet);
      const head = `${pages} pages accessed, at most ${most} of them in one of ${workingSet.length} slices of ${sliceAccesses} accesses`;
      const rows = hottest.map(({ pid, page, accesses }) => [page, pid, accesses]);
      return `${head}\n${table(["page", "pid", "accesses"], rows)}`;
    });
    save("heatmap.json", () =>
      JSON.stringify({
        sliceAccesses: slices.accesses,
        slices: slices
          .cells()
          .map((slice) => slice.map(({ pid, page, accesses }) => [pid, page, accesses] as const)),
      }),
    );
    saveTable(
      "memory_slices",
      {
        slice: ["integer", "Number of the slice of time, from 0"],
        slice_accesses: ["integer", "Accesses that each slice has; the last may have fewer"],
        pid: ["integer", "The process"],
        address: ["address", "Address of the page's first byte; a page has 4096"],
        accesses: ["integer", "Loads and stores in that page, within the slice; stores alone with stores=on"],
      },
      function* () {
        for (const [slice, cells] of slices.cells().entries()) {
          for (const { pid, page, accesses } of cells)
            yield { slice, slice_accesses: slices.accesses, pid, address: page, accesses };
        }
      },
    );
    return { slices: slices.cells, sliceAccesses: () => slices.accesses };
  },
});

function sumByPage(slices: readonly (readonly HeatCell[])[]): readonly HeatCell[] {
  const sums = new Map<string, { pid: number; page: number; accesses: number }>();
  for (const { pid, page, accesses } of slices.flat()) {
    const key = `${pid} ${page}`;
    const sum = sums.get(key);
    if (sum) sum.accesses += accesses;
    else sums.set(key, { pid, page, accesses });
  }
  return [...sums.values()];
}
