import type { Coverage } from "./data.js";

/** Reads an lcov tracefile (geninfo(1), "TRACEFILE FORMAT") as far as lines go; a file that occurs again adds up. */
export function readLcov(text: string): Coverage {
  const files = new Map<string, Map<number, number>>();
  let lines = new Map<number, number>();
  for (const record of text.split("\n")) {
    const source = /^SF:(.*)$/.exec(record);
    const line = /^DA:(\d+),(\d+)/.exec(record);
    if (source) {
      const [, file = ""] = source;
      lines = files.get(file) ?? new Map();
      files.set(file, lines);
    } else if (line) {
      const number = Number(line[1]);
      lines.set(number, (lines.get(number) ?? 0) + Number(line[2]));
    }
  }
  return {
    files: [...files].map(([file, counts]) => ({ file, lines: [...counts].sort(([a], [b]) => a - b) })),
  };
}
