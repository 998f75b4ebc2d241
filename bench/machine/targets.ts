import { round } from "../measure.js";
import { median } from "../statistics.js";
import type { Table } from "../table.js";
import { growthExponent } from "./linear.js";
import { meanAnalysisRatio, meanOverhead, meanRatio, ratio } from "./ratios.js";
import type {
  AnalysisSpeed,
  DebianSpeed,
  Findings,
  Growth,
  Results,
  Speed,
  Times,
  WarmUp,
} from "./results.js";

/** What is wanted of a figure. */
interface Target {
  readonly text: string;
  readonly measured: number | undefined;
  readonly digits?: number;
  readonly least?: number;
  readonly most?: number;
}

const speedTargets = (speeds: readonly Speed[]): Target[] => {
  const slowest = speeds.map((speed) => ratio(speed, "qemu")).filter((each) => each !== undefined);
  return [
    { text: "no plugins: 2.5 times as fast as QEMU", measured: meanRatio(speeds, "qemu"), least: 2.5 },
    { text: "recursion: 2 times", measured: meanRatio(speeds, "qemu", "recursion"), least: 2 },
    { text: "floating point: 5 times", measured: meanRatio(speeds, "qemu", "floating point"), least: 5 },
    {
      text: "no program below 0.8 times",
      measured: slowest.length > 0 ? Math.min(...slowest) : undefined,
      least: 0.8,
    },
  ];
};

const analysisTargets = (all: readonly AnalysisSpeed[]): Target[] => {
  const faster = (text: string, analysis: string, least: number): Target => ({
    text: `${text}: ${least} times as fast as QEMU`,
    measured: meanAnalysisRatio(all, analysis),
    least,
  });
  return [
    {
      text: "instruction count, inline: at most 1.05 of no plugin",
      measured: meanOverhead(all, "instructions, inline count", "qpp"),
      most: 1.05,
    },
    faster("instruction count, inline", "instructions, inline count", 2),
    faster("memory trace with values", "memory, batched trace with values", 5),
    faster("instruction trace", "instructions, batched trace", 5),
    faster("direct callback for each instruction", "instructions, direct callback", 0.6),
    faster("cache simulation", "cache simulation", 5),
  ];
};

const debianTargets = (speeds: readonly DebianSpeed[]): Target[] =>
  speeds.map(({ program, steady, times: { qpp = [], qemu = [] } }) => ({
    text: `${program}: ${steady ? "1.5 times as fast as QEMU" : "at least half as fast as QEMU"}`,
    measured: median(qemu) / median(qpp),
    least: steady ? 1.5 : 0.5,
  }));

const startUpTargets = ({ qpp = [] }: Times): Target[] => [
  { text: "`hello`: at most 0.15 s", measured: median(qpp), digits: 3, most: 0.15 },
];

const warmUpTargets = ({ qpp, interpreter }: WarmUp): Target[] => [
  {
    text: "first million instructions: at most 1.5 of the interpreter's time",
    measured: qpp && interpreter && median(qpp) / median(interpreter),
    most: 1.5,
  },
];

const memoryTargets = ({ peaks, longRun: { mebibytes } }: Findings["memory"]): Target[] => {
  const above = peaks.flatMap(({ mebibytes: { qpp, native } }) =>
    qpp === undefined || native === undefined ? [] : [qpp - native],
  );
  const [first, last] = [mebibytes[1], mebibytes.at(-1)];
  return [
    {
      text: "memory: at most 200 MiB above the native program's",
      measured: Math.max(...above),
      digits: 0,
      most: 200,
    },
    {
      text: "memory over a run of 10^10 instructions: flat, at the end at most 1.1 of that after 15 %",
      measured: first === undefined || last === undefined ? undefined : last / first,
      most: 1.1,
    },
  ];
};

const growthTargets = (growth: Growth): Target[] => [
  {
    text: "time grows linearly with instructions: to a power of at most 1.05",
    measured: growthExponent(growth),
    digits: 3,
    most: 1.05,
  },
];

/** What was wanted of the machine, and what came of it, as far as it was measured. */
export function targetsTable({ speed, analyses, debian, startUp, warmUp, memory, growth }: Results): Table {
  const targets = [
    ...(speed ? speedTargets(speed.found) : []),
    ...(analyses ? analysisTargets(analyses.found) : []),
    ...(debian ? debianTargets(debian.found) : []),
    ...(startUp ? startUpTargets(startUp.found) : []),
    ...(warmUp ? warmUpTargets(warmUp.found) : []),
    ...(memory ? memoryTargets(memory.found) : []),
    ...(growth ? growthTargets(growth.found) : []),
  ];
  return {
    head: ["target", "measured", ""],
    rows: targets.flatMap(({ text, measured, digits = 2, least, most }) => {
      if (measured === undefined || Number.isNaN(measured)) return [];
      const met = (least === undefined || measured >= least) && (most === undefined || measured <= most);
      return [[text, round(measured, digits), met ? "met" : "not met"]];
    }),
  };
}
