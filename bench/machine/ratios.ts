import { geometricMean, median } from "../statistics.js";
import { NO_ANALYSIS } from "./analyses.js";
import type { EngineName } from "./engines.js";
import type { Kind } from "./programs.js";
import type { AnalysisSpeed, Speed } from "./results.js";

/** Median seconds of a program in an engine; undefined if it was not run in it. */
export function secondsIn({ times }: Speed, engine: EngineName): number | undefined {
  const runs = times[engine];
  return runs && median(runs);
}

/** How many times as long as QPP another engine takes, by medians; undefined if it was not run. */
export function ratio(speed: Speed, engine: EngineName): number | undefined {
  const [ours, theirs] = [secondsIn(speed, "qpp"), secondsIn(speed, engine)];
  return ours === undefined || theirs === undefined ? undefined : theirs / ours;
}

/** The geometric mean of {@link ratio}, of programs of one kind or of all; undefined if none was run in both. */
export function meanRatio(speeds: readonly Speed[], engine: EngineName, kind?: Kind): number | undefined {
  const ratios = speeds
    .filter((speed) => kind === undefined || speed.kind === kind)
    .map((speed) => ratio(speed, engine))
    .filter((each) => each !== undefined);
  return ratios.length > 0 ? geometricMean(ratios) : undefined;
}

/** How many times as long as QPP the same analysis takes in QEMU, by medians. */
export const analysisRatio = ({ qpp, qemu }: AnalysisSpeed): number => median(qemu) / median(qpp);

/** The geometric mean over the programs of {@link analysisRatio}. */
export function meanAnalysisRatio(all: readonly AnalysisSpeed[], analysis: string): number {
  return geometricMean(all.filter((each) => each.analysis === analysis).map(analysisRatio));
}

/** How many times as long as without a plugin the runs of an analysis take: geometric mean over the programs. */
export function meanOverhead(all: readonly AnalysisSpeed[], analysis: string, side: "qpp" | "qemu"): number {
  const plain = new Map(
    all.filter((each) => each.analysis === NO_ANALYSIS).map((each) => [each.program, median(each[side])]),
  );
  return geometricMean(
    all
      .filter((each) => each.analysis === analysis)
      .map((each) => median(each[side]) / (plain.get(each.program) ?? Number.NaN)),
  );
}
