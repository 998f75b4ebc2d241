import type { Imports } from "@qpp/core";
import type { machine } from "@qpp/emulator/contract";

type Machine = Imports<typeof machine>;

/** Blocks executed, and the instructions in them. */
export interface BlockCount {
  readonly blocks: number;
  readonly insns: number;
}

/** Counts of all vCPUs, and of each. */
export interface BlockCounts {
  total(): BlockCount;
  ofVcpu(index: number): BlockCount;
}

/** Counts inside the translated code: executions by length of block tell both numbers. */
export function countInline(source: Machine): BlockCounts {
  const byLength = source.blocks.executed.countBy((block) => block.instructions.length);
  const sum = (countOf: (length: number, total: number) => number): BlockCount => {
    let blocks = 0;
    let insns = 0;
    for (const [length, total] of byLength.entries()) {
      const count = countOf(length, total);
      blocks += count;
      insns += count * length;
    }
    return { blocks, insns };
  };
  return {
    total: () => sum((_length, total) => total),
    ofVcpu: (index) => sum((length) => byLength.ofVcpu(length, index)),
  };
}

/** Counts by a callback for each block. */
export function countByCallback(source: Machine): BlockCounts {
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
    total: () =>
      vcpus.reduce((sum, { blocks, insns }) => ({ blocks: sum.blocks + blocks, insns: sum.insns + insns }), {
        blocks: 0,
        insns: 0,
      }),
    ofVcpu: (index) => vcpus[index] ?? { blocks: 0, insns: 0 },
  };
}
