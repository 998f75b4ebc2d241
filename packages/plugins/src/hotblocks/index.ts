import { plugin } from "@qpp/core";
import { type Block, machine } from "@qpp/emulator/contract";
import { flag, takes, wholeNumber } from "../arguments.js";
import { hex, table } from "../text.js";
import { type HotBlock, hotblocks } from "./contract.js";
import { type BlockRecord, countByCallback, countInline } from "./counts.js";

/** Finds the blocks that are executed most often: QEMU's `hotblocks` plugin. */
export default plugin(hotblocks, {
  description: "Lists the blocks executed most often",
  requires: { machine },
  args: takes({
    inline: flag("Count inside the translated code, not by a callback for each block", true),
    limit: wholeNumber("How many blocks to list, 0 for all of them", {
      least: 0,
      most: 1_000_000_000,
      initial: 20,
    }),
  }),
  install({ machine, args, report, summary, saveTable }) {
    const records = new Map<string, BlockRecord>();
    const recordOf = ({ pc, instructions, symbol }: Block): BlockRecord => {
      const key = `${pc} ${instructions.length}`;
      let record = records.get(key);
      if (record === undefined) {
        record = { pc, insns: instructions.length, symbol, translations: 0 };
        records.set(key, record);
      }
      return record;
    };
    machine.blocks.translated.register((block) => void recordOf(block).translations++);
    const countOf = (args.inline ? countInline : countByCallback)(machine, recordOf);

    const hottest = (limit = records.size): HotBlock[] =>
      [...records.values()]
        .map((record) => ({ ...record, count: countOf(record) }))
        .sort((a, b) => b.count - a.count || a.pc - b.pc || a.insns - b.insns)
        .slice(0, limit);
    const limit = args.limit === 0 ? undefined : args.limit;
    report(() => ({
      blocks: hottest(limit).map(({ pc, symbol, ...rest }) => ({
        pc: hex(pc),
        ...rest,
        symbol: symbol ?? null,
      })),
    }));
    summary(() => {
      const rows = hottest(limit).map((b) => [
        `0x${b.pc.toString(16).padStart(16, "0")}`,
        b.translations,
        b.insns,
        b.count,
        b.symbol ?? "",
      ]);
      return `collected ${records.size} entries\n${table(["pc", "tcount", "icount", "ecount", "symbol"], rows)}`;
    });
    saveTable(
      "blocks",
      {
        pc: ["address", "Address of the block's first instruction"],
        insns: ["integer", "Number of its instructions"],
        translations: ["integer", "How often it was translated"],
        count: ["integer", "How often it was executed"],
        symbol: ["text", "Function of the program that holds it; null if its symbol table does not tell"],
      },
      () => hottest(),
    );
    return { hottest };
  },
});
