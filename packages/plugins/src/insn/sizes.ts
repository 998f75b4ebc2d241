import type { Imports } from "@qpp/core";
import type { machine } from "@qpp/emulator/contract";

/** Number of instructions by size in bytes, each counted every time it is translated, smallest first. */
export function countSizes(source: Imports<typeof machine>): ReadonlyMap<number, number> {
  const sizes = new Map([
    [2, 0],
    [4, 0],
  ]);
  source.blocks.translated.register((block) => {
    for (const { size } of block.instructions) sizes.set(size, (sizes.get(size) ?? 0) + 1);
  });
  return sizes;
}
