import { posix } from "node:path";
import type { Imports } from "@qpp/core";
import type { LoadedObject, symbols } from "../symbols/contract.js";
import type { CoveredBlock, CoveredLine, CoveredObject } from "./contract.js";
import { createLineCounts, executionsIn } from "./lines.js";

/** A function, executed or not. */
export interface CoveredFunction {
  readonly object: CoveredObject;
  readonly name: string;
  /** Executions of its first instruction. */
  readonly count: number;
  /** Where it begins; undefined without debug information. */
  readonly place: { readonly file: string; readonly line: number } | undefined;
}

/** The functions and lines of the objects that this run has loaded, with their counts. */
export function sourceCoverage(
  blocks: readonly CoveredBlock[],
  loaded: ReadonlyMap<CoveredObject, LoadedObject>,
  names: Imports<typeof symbols>,
): { readonly lines: readonly CoveredLine[]; readonly functions: readonly CoveredFunction[] } {
  const lines = createLineCounts();
  const functions: CoveredFunction[] = [];
  for (const [object, where] of loaded) {
    const executions = executionsIn(blocks.filter((block) => block.object === object));
    for (const row of names.lineTable(where)) {
      if (row.isStatement) lines.add(row, executions(row.start - where.base));
    }
    for (const { name, start, file, line } of names.functionsOf(where)) {
      functions.push({
        object,
        name,
        count: executions(start - where.base),
        place: file === undefined || line === undefined ? undefined : { file: posix.normalize(file), line },
      });
    }
  }
  return { lines: lines.all(), functions };
}
