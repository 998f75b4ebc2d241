import type { Imports } from "@qpp/core";
import type { Block, machine } from "@qpp/emulator/contract";

/** What is known of a block, apart from its count. */
export interface BlockRecord {
  readonly pc: number;
  readonly insns: number;
  readonly symbol: string | undefined;
  translations: number;
}

type CountOf = (record: BlockRecord) => number;

/** Counts executions inside the translated code. */
export function countInline(
  source: Imports<typeof machine>,
  recordOf: (block: Block) => BlockRecord,
): CountOf {
  const counts = source.blocks.executed.countBy(recordOf);
  return (record) => counts.get(record);
}

/** Counts executions by a callback for each. */
export function countByCallback(
  source: Imports<typeof machine>,
  recordOf: (block: Block) => BlockRecord,
): CountOf {
  const counts = new Map<BlockRecord, number>();
  source.blocks.executed.register(
    (_cpu, block) => {
      const record = recordOf(block);
      counts.set(record, (counts.get(record) ?? 0) + 1);
    },
    { registers: "none" },
  );
  return (record) => counts.get(record) ?? 0;
}
