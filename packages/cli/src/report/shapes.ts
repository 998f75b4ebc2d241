import type { GenericSchema } from "valibot";

/** The files of a run's folder that are JSON. */
export type JsonFileName = "run.json" | "wiring.json" | "annotate.json" | "heatmap.json" | "trace.json";

/**
 * What must be in the files for the page to show them. They are the run's own; but one may have been cut off by a full disk, or
 * be another tool's.
 */
export async function fileShapes(): Promise<Readonly<Record<JsonFileName, GenericSchema>>> {
  // Here, for it is not wanted at every start.
  const v = await import("valibot");
  const named = v.looseObject({ name: v.string() });
  const instruction = v.tuple([
    v.string(),
    v.string(),
    v.number(),
    v.nullable(v.string()),
    v.nullable(v.number()),
  ]);
  return {
    "run.json": v.looseObject({
      guest: v.looseObject({ path: v.string(), args: v.array(v.string()) }),
      machine: v.looseObject({ insns: v.number(), seconds: v.number() }),
      plugins: v.record(v.string(), v.unknown()),
    }),
    "wiring.json": v.looseObject({
      plugins: v.array(
        v.looseObject({
          name: v.string(),
          requires: v.array(v.looseObject({ plugin: v.string(), met: v.boolean() })),
          callbacks: v.array(named),
          functions: v.array(v.string()),
          attachments: v.array(v.looseObject({ to: v.string(), lane: v.string() })),
        }),
      ),
    }),
    "annotate.json": v.looseObject({
      functions: v.array(
        v.looseObject({
          name: v.string(),
          object: v.nullable(v.string()),
          insns: v.number(),
          instructions: v.array(instruction),
        }),
      ),
    }),
    "heatmap.json": v.looseObject({
      sliceAccesses: v.number(),
      slices: v.array(v.array(v.tuple([v.number(), v.number(), v.number()]))),
    }),
    "trace.json": v.array(
      v.looseObject({ ph: v.string(), name: v.string(), pid: v.number(), tid: v.number(), ts: v.number() }),
    ),
  };
}
