import { table } from "../text.js";
import type { CoveredBlock, CoveredLine, CoveredObject } from "./contract.js";
import type { CoveredFunction } from "./source.js";

/** How much of an object was executed. */
export interface ObjectSummary {
  readonly path: string;
  /** Blocks that were executed. */
  readonly blocks: number;
  /** Bytes of code that were executed. */
  readonly bytes: number;
  /** Functions that were entered. */
  readonly functions: number;
  /** Functions that there are. */
  readonly allFunctions: number;
}

/** Sums up by object, in their order. */
export function byObject(
  blocks: readonly CoveredBlock[],
  functions: readonly CoveredFunction[],
): readonly ObjectSummary[] {
  const objects = new Set<CoveredObject>(blocks.map(({ object }) => object));
  return [...objects].map((object) => {
    const mine = blocks.filter((block) => block.object === object);
    const known = functions.filter((each) => each.object === object);
    return {
      path: object.path,
      blocks: mine.length,
      bytes: bytesOf(mine),
      functions: known.filter(({ count }) => count > 0).length,
      allFunctions: known.length,
    };
  });
}

/** Bytes that are in any of the blocks, which are in order. */
function bytesOf(blocks: readonly CoveredBlock[]): number {
  let bytes = 0;
  let reached = 0;
  for (const { address, size } of blocks) {
    bytes += Math.max(0, address + size - Math.max(address, reached));
    reached = Math.max(reached, address + size);
  }
  return bytes;
}

/** How much of a source file was executed. */
export interface FileSummary {
  readonly file: string;
  /** Lines that were executed. */
  readonly lines: number;
  /** Lines that have code. */
  readonly allLines: number;
}

/** Sums up by source file, in their order. */
export function byFile(lines: readonly CoveredLine[]): readonly FileSummary[] {
  const files = new Map<string, { lines: number; allLines: number }>();
  for (const { file, count } of lines) {
    const mine = files.get(file) ?? { lines: 0, allLines: 0 };
    files.set(file, mine);
    mine.allLines++;
    if (count > 0) mine.lines++;
  }
  return [...files].map(([file, counts]) => ({ file, ...counts }));
}

/** A table of objects, and one of files if there is debug information. */
export function coverageText(objects: readonly ObjectSummary[], files: readonly FileSummary[]): string {
  const share = (part: number, all: number): string =>
    all === 0 ? "" : `${part} of ${all} (${((100 * part) / all).toFixed(1)} %)`;
  const tables = [
    table(
      ["blocks", "bytes", "functions", "object"],
      objects.map(({ blocks, bytes, functions, allFunctions, path }) => [
        blocks,
        bytes,
        share(functions, allFunctions),
        path,
      ]),
    ),
  ];
  if (files.length > 0) {
    const rows = files.map(({ lines, allLines, file }) => [share(lines, allLines), file]);
    tables.push(table(["lines", "file"], rows));
  }
  return tables.join("\n\n");
}
