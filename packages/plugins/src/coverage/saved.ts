import { readFileSync } from "node:fs";
import * as v from "valibot";
import type { CoveredBlock, CoveredEdge, CoveredObject } from "./contract.js";

const number = v.pipe(v.number(), v.minValue(0));
const schema = v.object({
  version: v.literal(1),
  objects: v.array(
    v.object({
      path: v.string(),
      buildId: v.nullable(v.string()),
      start: number,
      end: number,
      blocks: v.array(v.tuple([number, number, number, number])),
    }),
  ),
  edges: v.array(v.tuple([number, number, number])),
});

/** What a run found, to be merged into a later one's. Blocks are `[address, size, insns, count]`; edges lead from one to another
 *  of all blocks, counted through. */
export type SavedCoverage = v.InferOutput<typeof schema>;

/** What is written down of a run. */
export function savedCoverage(blocks: readonly CoveredBlock[], edges: readonly CoveredEdge[]): SavedCoverage {
  const objects = new Map<CoveredObject, CoveredBlock[]>();
  for (const block of blocks) objects.set(block.object, [...(objects.get(block.object) ?? []), block]);
  const ordered = [...objects.values()].flat();
  const place = new Map(ordered.map((block, i) => [keyOf(block), i]));
  return {
    version: 1,
    objects: [...objects].map(([{ path, buildId, start, end }, mine]) => ({
      path,
      buildId: buildId ?? null,
      start,
      end,
      blocks: mine.map(({ address, size, insns, count }) => [address, size, insns, count]),
    })),
    edges: edges.map(({ from, to, count }) => [
      place.get(keyOf(from)) ?? 0,
      place.get(keyOf(to)) ?? 0,
      count,
    ]),
  };
}

const keyOf = ({ object, address, size, insns }: Omit<CoveredBlock, "count">): string =>
  `${object.path} ${object.buildId} ${address} ${size} ${insns}`;

/** Reads what an earlier run has saved. @throws Error that says what is wrong with the file */
export function readSaved(path: string): SavedCoverage {
  const text = readFileSync(path, "utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is no coverage.json: ${error instanceof Error ? error.message : error}`);
  }
  const { success, output, issues } = v.safeParse(schema, json);
  if (!success) {
    const [{ message }] = issues;
    throw new Error(
      `${path} is no coverage.json of this plugin: ${v.getDotPath(issues[0]) ?? ""} ${message}`,
    );
  }
  return output;
}
