import { expect, test } from "vitest";
import type { AnalysisSpeed, Growth, Speed } from "../../bench/machine/results.js";
import { analysesTable, differencesTable, growthTable, speedTable } from "../../bench/machine/tables.js";
import { targetsTable } from "../../bench/machine/targets.js";
import { section } from "./results.js";

const speed = (
  program: string,
  kind: Speed["kind"],
  qpp: number[],
  qemu: number[],
  native: number[],
): Speed => ({
  program,
  kind,
  insns: 2_000_000,
  times: { qpp, qemu, native },
});
const speeds = [
  speed("fib", "recursion", [1, 9, 2], [8, 4, 1], [0.5]),
  speed("sieve", undefined, [1], [0.5], [2]),
];

const analysis = (
  name: string,
  qpp: number,
  qemu: number,
  differences: AnalysisSpeed["differences"],
): AnalysisSpeed => ({ analysis: name, program: "fib", qpp: [qpp], qemu: [qemu], differences });
const analyses = [analysis("none", 2, 2, []), analysis("instructions, inline count", 4, 12, [])];

test("speed: ratios are those of medians, means are geometric", () => {
  expect(speedTable(speeds)).toEqual({
    head: ["program", "million insns", "QPP, s", "QEMU, s", "native, s", "QEMU / QPP", "QPP / native"],
    rows: [
      ["fib", "2", "2.00", "4.00", "0.50", "2.00", "4.00"],
      ["sieve", "2", "1.00", "0.50", "2.00", "0.50", "0.50"],
      ["geometric mean", "", "", "", "", "1.00", "1.41"],
      ["… recursion", "", "", "", "", "2.00", "4.00"],
    ],
  });
});

test("speed: without peers there are no ratios", () => {
  const { rows } = speedTable([{ ...speeds[0], times: { qpp: [1] } } as Speed]);
  expect(rows[0]).toEqual(["fib", "2", "1.00", "-", "-"]);
});

test("analyses: beside QEMU, and over no analysis", () => {
  expect(analysesTable(analyses).rows).toEqual([
    ["none", "1.00", "1.00", "1.00", "1.00"],
    ["instructions, inline count", "3.00", "3.00", "2.00", "6.00"],
  ]);
});

test("differences: counts first; sums where counts are the same", () => {
  expect(differencesTable(analyses)).toBeUndefined();
  const count = { figure: "insns", qpp: 12, qemu: 2 };
  const sum = { figure: "pcs", qpp: "0x1", qemu: "0x2" };
  expect(differencesTable([analysis("a", 1, 1, [count, sum])])?.rows).toEqual([["insns", "+10"]]);
  expect(differencesTable([analysis("a", 1, 1, [sum])])?.rows).toEqual([["pcs", "another"]]);
});

test("growth: start-up is taken off", () => {
  const growth: Growth = {
    program: "fib",
    points: [1, 10, 100].map((millions) => ({
      insns: millions * 1e6,
      seconds: [0.1 + (millions - 1) * 0.01],
    })),
  };
  expect(growthTable(growth)).toEqual({
    head: ["instructions of `fib`", "seconds", "ns for each since the row above"],
    rows: [
      ["1,000,000", "0.100", "-"],
      ["10,000,000", "0.190", "10.000"],
      ["100,000,000", "1.090", "10.000"],
    ],
    notes: ["Time grows with instructions to the power of 1.000."],
  });
});

test("targets: only of what was measured, met or not", () => {
  expect(targetsTable({}).rows).toEqual([]);
  expect(targetsTable({ speed: section(speeds), analyses: section(analyses) }).rows).toEqual([
    ["no plugins: 2.5 times as fast as QEMU", "1.00", "not met"],
    ["recursion: 2 times", "2.00", "met"],
    ["no program below 0.8 times", "0.50", "not met"],
    ["instruction count, inline: at most 1.05 of no plugin", "2.00", "not met"],
    ["instruction count, inline: 2 times as fast as QEMU", "3.00", "met"],
  ]);
});
