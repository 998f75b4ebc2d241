import type { CoveredLine } from "./contract.js";
import type { CoveredFunction } from "./source.js";

/** A tracefile of lcov's (geninfo(1), "TRACEFILE FORMAT"), which `genhtml` and editors show. */
export function lcovText(lines: readonly CoveredLine[], functions: readonly CoveredFunction[]): string {
  const files = new Map<string, CoveredLine[]>();
  for (const line of lines) {
    const mine = files.get(line.file) ?? [];
    files.set(line.file, mine);
    mine.push(line);
  }
  return [...files]
    .map(([file, mine]) => {
      const named = functions.filter(({ place }) => place?.file === file);
      return [
        "TN:",
        `SF:${file}`,
        ...named.map(({ place, name }) => `FN:${place?.line},${name}`),
        ...named.map(({ count, name }) => `FNDA:${count},${name}`),
        `FNF:${named.length}`,
        `FNH:${named.filter(({ count }) => count > 0).length}`,
        ...mine.map(({ line, count }) => `DA:${line},${count}`),
        `LF:${mine.length}`,
        `LH:${mine.filter(({ count }) => count > 0).length}`,
        "end_of_record\n",
      ].join("\n");
    })
    .join("");
}
