import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, list, takes } from "../arguments.js";
import { symbols } from "../symbols/contract.js";
import { createBlocks, type KnownBlock } from "./blocks.js";
import { type CoveredBlock, type CoveredEdge, type CoveredObject, coverage } from "./contract.js";
import { drcovFile } from "./drcov-file.js";
import { createEdges } from "./edges.js";
import { lcovText } from "./lcov.js";
import { readSaved, savedCoverage } from "./saved.js";
import { sourceCoverage } from "./source.js";
import { byFile, byObject, coverageText } from "./summary.js";

/** Tells what was executed: blocks, edges, functions and source lines. */
export default plugin(coverage, {
  description: "What was executed: blocks, edges, functions, source lines; for drcov's and lcov's readers",
  requires: { machine, symbols },
  args: takes({
    edges: flag("Count which block followed which, too"),
    merge: list("coverage.json of an earlier run, which is added to this one; repeatable"),
  }),
  install({ machine, symbols, args, report, save, saveTable, summary }) {
    const known = createBlocks(symbols.objectAt);
    const earlier = new Map<KnownBlock, number>();
    const earlierEdges: CoveredEdge[] = [];
    for (const path of args.merge) {
      const { objects, edges } = readSaved(path);
      const blocks = objects.flatMap(({ blocks: mine, buildId, ...object }) =>
        mine.map(([address, size, insns, count]) => {
          const block = known.add({ ...object, buildId: buildId ?? undefined }, address, size, insns);
          earlier.set(block, (earlier.get(block) ?? 0) + count);
          return block;
        }),
      );
      for (const [a, b, count] of edges) {
        const [from, to] = [blocks[a], blocks[b]];
        if (from !== undefined && to !== undefined) earlierEdges.push({ from, to, count });
      }
    }

    const counts = machine.blocks.executed.countBy((block) => known.known(block));
    /** What a tag stands for; the first is all code that is in no file. */
    const tags: (KnownBlock | undefined)[] = [undefined];
    const edges = createEdges();
    if (args.edges) {
      machine.traces.batch(
        {
          block(block) {
            const found = known.known(block);
            return found === undefined ? 0 : tags.push(found) - 1;
          },
        },
        edges.take,
      );
      machine.vcpus.initialized.register(({ index }) => edges.cut(index));
    }

    function covered(): readonly CoveredBlock[] {
      const all = new Map(earlier);
      for (const [block, count] of counts.entries()) {
        if (block !== undefined && count > 0) all.set(block, (all.get(block) ?? 0) + count);
      }
      return [...all].map(([block, count]) => ({ ...block, count })).sort(byPlace);
    }
    function coveredEdges(): readonly CoveredEdge[] {
      const all = new Map<KnownBlock, Map<KnownBlock, number>>();
      const add = (from: KnownBlock, to: KnownBlock, count: number): void => {
        const mine = all.get(from) ?? new Map<KnownBlock, number>();
        all.set(from, mine);
        mine.set(to, (mine.get(to) ?? 0) + count);
      };
      for (const { from, to, count } of earlierEdges) add(from, to, count);
      for (const [a, b, count] of edges.counts()) {
        const [from, to] = [tags[a], tags[b]];
        if (from !== undefined && to !== undefined) add(from, to, count);
      }
      return [...all].flatMap(([from, mine]) => [...mine].map(([to, count]) => ({ from, to, count })));
    }

    const entryOf = (object: CoveredObject): number => {
      const loaded = known.loaded.get(object);
      const entry = machine.program.entry - (loaded?.base ?? 0);
      return loaded?.path === machine.program.path && entry >= object.start && entry < object.end ? entry : 0;
    };
    const inSource = () => sourceCoverage(covered(), known.loaded, symbols);

    report(() => {
      const blocks = covered();
      const { lines, functions } = sourceCoverage(blocks, known.loaded, symbols);
      return {
        objects: byObject(blocks, functions),
        files: byFile(lines),
        edges: args.edges ? coveredEdges().length : null,
      };
    });
    summary(() => {
      const blocks = covered();
      const { lines, functions } = sourceCoverage(blocks, known.loaded, symbols);
      return coverageText(byObject(blocks, functions), byFile(lines));
    });
    save("coverage.json", () => JSON.stringify(savedCoverage(covered(), coveredEdges())));
    save("coverage.drcov", () => drcovFile(covered(), entryOf));
    save("coverage.lcov", () => {
      const { lines, functions } = inSource();
      return lcovText(lines, functions);
    });
    saveTable(
      "coverage_blocks",
      {
        object: ["text", "Path of the file, as the guest names it"],
        address: ["address", "Address of the block's first instruction, as in the file"],
        bytes: ["integer", "Bytes of the block"],
        instructions: ["integer", "Instructions of the block"],
        executions: ["integer", "How often it was executed, earlier runs included that were merged"],
      },
      () =>
        covered().map(({ object, address, size, insns, count }) => ({
          object: object.path,
          address,
          bytes: size,
          instructions: insns,
          executions: count,
        })),
    );
    saveTable(
      "coverage_edges",
      {
        from_object: ["text", "Path of the file of the block that was executed first"],
        from_address: ["address", "Address of that block, as in the file"],
        to_object: ["text", "Path of the file of the block that was executed right after it"],
        to_address: ["address", "Address of that block, as in the file"],
        executions: ["integer", "How often one followed the other in one thread"],
      },
      () =>
        coveredEdges().map(({ from, to, count }) => ({
          from_object: from.object.path,
          from_address: from.address,
          to_object: to.object.path,
          to_address: to.address,
          executions: count,
        })),
    );
    saveTable(
      "coverage_lines",
      {
        file: ["text", "Path of the source file, as the compiler had it"],
        line: ["integer", "Number of the line, from 1"],
        executions: ["integer", "Executions of its statement that was executed most often; 0 if none was"],
      },
      () => inSource().lines.map(({ file, line, count }) => ({ file, line, executions: count })),
    );
    return {
      blocks: covered,
      edges: coveredEdges,
      lines: () => inSource().lines,
      drcov: () => drcovFile(covered(), entryOf),
    };
  },
});

const byPlace = (a: CoveredBlock, b: CoveredBlock): number =>
  compare(a.object.path, b.object.path) || a.address - b.address || a.size - b.size;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
