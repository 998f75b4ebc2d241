import type { ProfiledPath } from "./contract.js";

/** A function's name where semicolons stand between names. */
export function inPath(name: string): string {
  return name.replaceAll(/[;\n]/g, ":");
}

/** Folded stacks, as flamegraph.pl, inferno and speedscope read them: `outer;inner COUNT`. */
export function folded(paths: readonly ProfiledPath[]): string {
  return paths
    .map(({ path, insns }) => `${path.map(inPath).join(";")} ${insns}\n`)
    .sort()
    .join("");
}

/** A sampled profile of speedscope's file format (https://www.speedscope.app/file-format-schema.json). */
export function speedscope(name: string, paths: readonly ProfiledPath[]): string {
  const ids = new Map<string, number>();
  const idOf = (frame: string): number => {
    const id = ids.get(frame) ?? ids.size;
    ids.set(frame, id);
    return id;
  };
  const samples = paths.map(({ path }) => path.map(idOf));
  const weights = paths.map(({ insns }) => insns);
  const endValue = weights.reduce((sum, weight) => sum + weight, 0);
  return JSON.stringify({
    $schema: "https://www.speedscope.app/file-format-schema.json",
    name,
    exporter: "qpp",
    shared: { frames: [...ids.keys()].map((frame) => ({ name: frame })) },
    profiles: [
      { type: "sampled", name: "instructions", unit: "none", startValue: 0, endValue, samples, weights },
    ],
  });
}
