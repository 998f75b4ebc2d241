import type { CoveredBlock, CoveredObject } from "./contract.js";

const BLOCK_SIZE = 8;
const MOST_BYTES = 0xffff;

/**
 * Coverage as DynamoRIO's `drcov` writes it, which Lighthouse and DynamoRIO's own tools read: a table of modules, and for each
 * block where it begins in its module, its size and the module's number, in 4, 2 and 2 bytes.
 *
 * @param entryOf address of the first instruction, as in the file; 0 if unknown
 */
export function drcovFile(
  blocks: readonly CoveredBlock[],
  entryOf: (object: CoveredObject) => number,
): Uint8Array {
  const modules = [...new Set(blocks.map(({ object }) => object))];
  const rows = modules.map(
    (object, id) =>
      `${[id, hex(object.start), hex(object.end), hex(entryOf(object))].join(", ")}, ${object.path}\n`,
  );
  const head = Buffer.from(
    [
      "DRCOV VERSION: 2\n",
      "DRCOV FLAVOR: drcov-64\n",
      `Module Table: version 2, count ${modules.length}\n`,
      "Columns: id, base, end, entry, path\n",
      ...rows,
      `BB Table: ${blocks.length} bbs\n`,
    ].join(""),
  );
  const table = Buffer.alloc(blocks.length * BLOCK_SIZE);
  const ids = new Map(modules.map((object, id) => [object, id]));
  blocks.forEach(({ object, address, size }, i) => {
    table.writeUInt32LE(address - object.start, i * BLOCK_SIZE);
    table.writeUInt16LE(Math.min(size, MOST_BYTES), i * BLOCK_SIZE + 4);
    table.writeUInt16LE(ids.get(object) ?? 0, i * BLOCK_SIZE + 6);
  });
  return Buffer.concat([head, table]);
}

const hex = (address: number): string => `0x${address.toString(16)}`;
