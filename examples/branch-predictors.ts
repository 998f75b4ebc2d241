import { plugin } from "@qpp/core";
import { type Block, machine } from "@qpp/emulator/contract";
import { table } from "@qpp/plugins/text";

const ENTRIES = 4096;

/** Misprediction rates of a bimodal predictor and of gshare, two-bit counters in both (McFarling, WRL TN-36). */
export default plugin("branch_predictors", {
  requires: { machine },
  install({ machine, report, summary }) {
    const blocks: Block[] = [];
    const misses = { taken: 0, bimodal: 0, gshare: 0 };
    const counters = { bimodal: new Uint8Array(ENTRIES).fill(2), gshare: new Uint8Array(ENTRIES).fill(2) };
    let [branches, history] = [0, 0];
    let before: Block | undefined;

    /** Whether the counter said otherwise; and trains it. */
    function isMissed(table: Uint8Array, at: number, taken: number): number {
      const counter = table[at] ?? 0;
      table[at] = taken ? Math.min(3, counter + 1) : Math.max(0, counter - 1);
      return counter >= 2 === (taken === 1) ? 0 : 1;
    }
    machine.traces.batch({ block: (block) => blocks.push(block) - 1 }, ({ length, tag }) => {
      for (let i = 0; i < length; i++) {
        const block = blocks[tag[i] ?? 0];
        const last = before?.instructions.at(-1);
        before = block;
        if (last === undefined || block === undefined || !last.isBranch) continue;
        const taken = block.pc === last.pc + last.size ? 0 : 1;
        const site = last.pc >>> 1;
        misses.taken += 1 - taken;
        misses.bimodal += isMissed(counters.bimodal, site % ENTRIES, taken);
        misses.gshare += isMissed(counters.gshare, (site ^ history) % ENTRIES, taken);
        history = ((history << 1) | taken) % ENTRIES;
        branches++;
      }
    });
    report(() => ({ branches, misses }));
    summary(() =>
      table(
        ["predictor", "missed", "of"],
        Object.entries(misses).map(([name, missed]) => [
          name,
          `${((100 * missed) / branches).toFixed(2)} %`,
          branches,
        ]),
      ),
    );
  },
});
