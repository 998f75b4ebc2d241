import { plugin } from "@qpp/core";
import { type Block, machine } from "@qpp/emulator/contract";

const LISTED = 8;

/**
 * Counts the executions of each block, inside the translated code, and lists the hottest: address, instructions, executions.
 * Blocks that begin at the same address and have as many instructions are one, however often they were translated.
 */
export default plugin("hot_blocks", {
  requires: { machine },
  install({ machine, report }) {
    const counts = machine.blocks.executed.countBy(keyOf);
    report(() => {
      const blocks = [...counts.entries()].map(([key, count]) => [...key.split(" ").map(Number), count]);
      return { hottest: blocks.sort(hotter).slice(0, LISTED) };
    });
  },
});

const keyOf = ({ pc, instructions }: Block): string => `${pc} ${instructions.length}`;

/** The hottest first; of equally hot ones the lower address, then the shorter. */
function hotter(a: readonly number[], b: readonly number[]): number {
  const [pcA = 0, insnsA = 0, countA = 0] = a;
  const [pcB = 0, insnsB = 0, countB = 0] = b;
  return countB - countA || pcA - pcB || insnsA - insnsB;
}
