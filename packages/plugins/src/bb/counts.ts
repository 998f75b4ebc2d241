import type { Imports } from "@qpp/core";
import type { machine } from "@qpp/emulator/contract";

type Machine = Imports<typeof machine>;

/** Blocks executed, and the instructions in them. */
export interface BlockCounts {
  readonly blocks: number;
  readonly insns: number;
}

/** Counts of all vCPUs, kept inside the translated code: executions by length of block tell both numbers. */
export function countInline(source: Machine): BlockCounts {
  const byLength = source.blocks.executed.countBy((block) => block.instructions.length);
  const sum = (worth: (length: number) => number): number => {
    let total = 0;
    for (const [length, count] of byLength.entries()) total += count * worth(length);
    return total;
  };
  return {
    get blocks() {
      return sum(() => 1);
    },
    get insns() {
      return sum((length) => length);
    },
  };
}

/** Counts of each vCPU, by a callback for each block. */
export function countByCallback(source: Machine): BlockCounts & { readonly vcpus: readonly BlockCounts[] } {
  const vcpus: { blocks: number; insns: number }[] = [];
  source.blocks.executed.register(
    (cpu, block) => {
      let counts = vcpus[cpu.index];
      if (counts === undefined) {
        counts = { blocks: 0, insns: 0 };
        vcpus[cpu.index] = counts;
      }
      counts.blocks++;
      counts.insns += block.instructions.length;
    },
    { registers: "none" },
  );
  return {
    vcpus,
    get blocks() {
      return vcpus.reduce((sum, counts) => sum + counts.blocks, 0);
    },
    get insns() {
      return vcpus.reduce((sum, counts) => sum + counts.insns, 0);
    },
  };
}
