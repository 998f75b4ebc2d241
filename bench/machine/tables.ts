import { round } from "../measure.js";
import { median } from "../statistics.js";
import type { Table } from "../table.js";
import type { EngineName } from "./engines.js";
import { growthExponent, growthNanoseconds } from "./linear.js";
import { KINDS } from "./programs.js";
import { analysisRatio, meanAnalysisRatio, meanOverhead, meanRatio, ratio, secondsIn } from "./ratios.js";
import type {
  AnalysisSpeed,
  Crowd,
  DebianSpeed,
  Difference,
  Findings,
  Growth,
  Speed,
  Times,
  WarmUp,
} from "./results.js";

const TITLES: Readonly<Record<EngineName, string>> = {
  qpp: "QPP",
  interpreter: "QPP, not translated",
  qemu: "QEMU",
  native: "native",
};
const ENGINES = Object.keys(TITLES) as EngineName[];

const figure = (value: number | undefined, digits = 2): string =>
  value === undefined ? "-" : round(value, digits);
const million = (insns: number): string => round(insns / 1e6, 0);

/** What each engine takes for a program that does next to nothing. */
export function startUpTable(times: Times<EngineName>): Table {
  const rows = ENGINES.flatMap((engine) => {
    const runs = times[engine];
    return runs ? [[TITLES[engine], round(median(runs), 3)]] : [];
  });
  return { head: ["`hello`, whole process", "seconds"], rows };
}

/** Programs of Debian, here and in QEMU. */
export function debianTable(speeds: readonly DebianSpeed[]): Table {
  const rows = speeds.map(({ program, insns, times: { qpp = [], qemu = [] } }) => [
    program,
    million(insns),
    round(median(qpp), 2),
    round(median(qemu), 2),
    round(median(qemu) / median(qpp), 2),
  ]);
  return { head: ["whole process", "million instructions", "QPP", "QEMU", "times as fast"], rows };
}

/** What the first million instructions of a program take. */
export function warmUpTable(times: WarmUp): Table {
  const rows = (["qpp", "interpreter"] as const).flatMap((engine) => {
    const runs = times[engine];
    return runs ? [[TITLES[engine], round(median(runs), 3)]] : [];
  });
  return { head: ["first million instructions of `qsort`, whole process", "seconds"], rows };
}

/** Each program in each engine, and the means. */
export function speedTable(speeds: readonly Speed[]): Table {
  const engines = ENGINES.filter((engine) => speeds.some(({ times }) => times[engine]));
  const inverse = (value: number | undefined): number | undefined => value && 1 / value;
  const mean = (name: string, kind?: Speed["kind"]): (string | number)[] => [
    name,
    "",
    ...engines.map(() => ""),
    figure(meanRatio(speeds, "qemu", kind)),
    figure(inverse(meanRatio(speeds, "native", kind))),
  ];
  const kinds = KINDS.filter((kind) => speeds.some((speed) => speed.kind === kind));
  return {
    head: [
      "program",
      "million insns",
      ...engines.map((e) => `${TITLES[e]}, s`),
      "QEMU / QPP",
      "QPP / native",
    ],
    rows: [
      ...speeds.map((speed) => [
        speed.program,
        million(speed.insns),
        ...engines.map((engine) => figure(secondsIn(speed, engine))),
        figure(ratio(speed, "qemu")),
        figure(inverse(ratio(speed, "native"))),
      ]),
      mean("geometric mean"),
      ...kinds.map((kind) => mean(`… ${kind}`, kind)),
    ],
  };
}

/** Each analysis beside its peer in C. */
export function analysesTable(all: readonly AnalysisSpeed[]): Table {
  const programs = [...new Set(all.map(({ program }) => program))];
  const analyses = [...new Set(all.map(({ analysis }) => analysis))];
  const of = (analysis: string, program: string): AnalysisSpeed | undefined =>
    all.find((each) => each.analysis === analysis && each.program === program);
  return {
    head: ["QEMU with a plugin in C / QPP", ...programs, "geometric mean", "QPP over none", "QEMU over none"],
    rows: analyses.map((analysis) => [
      analysis,
      ...programs.map((program) => {
        const speed = of(analysis, program);
        return figure(speed && analysisRatio(speed));
      }),
      figure(meanAnalysisRatio(all, analysis)),
      figure(meanOverhead(all, analysis, "qpp")),
      figure(meanOverhead(all, analysis, "qemu")),
    ]),
  };
}

/** How much more QPP counts; of a sum, which has no size, that it is another. */
const apart = ({ qpp, qemu }: Difference): string =>
  typeof qpp === "number" && typeof qemu === "number" ? `${qpp > qemu ? "+" : ""}${qpp - qemu}` : "another";

/** What both sides of analyses count otherwise; undefined if nothing. Where a count is another, sums are not looked at. */
export function differencesTable(all: readonly AnalysisSpeed[]): Table | undefined {
  const programs = [...new Set(all.map(({ program }) => program))];
  const rows = new Map<string, Map<string, string>>();
  for (const { program, differences } of all) {
    const counts = differences.filter(({ qpp }) => typeof qpp === "number");
    for (const difference of counts.length > 0 ? counts : differences) {
      const row = rows.get(difference.figure) ?? new Map<string, string>();
      rows.set(difference.figure, row.set(program, apart(difference)));
    }
  }
  if (rows.size === 0) return undefined;
  return {
    head: ["QPP counts more than QEMU", ...programs],
    rows: [...rows].map(([figure, row]) => [figure, ...programs.map((program) => row.get(program) ?? "0")]),
  };
}

/** The most memory that each program's process has. */
export function peaksTable({ peaks }: Findings["memory"]): Table {
  const engines = ENGINES.filter((engine) => peaks.some(({ mebibytes }) => mebibytes[engine] !== undefined));
  return {
    head: ["peak of the process, MiB", ...engines.map((engine) => TITLES[engine]), "QPP above native"],
    rows: peaks.map(({ program, mebibytes }) => [
      program,
      ...engines.map((engine) => figure(mebibytes[engine], 1)),
      figure(
        mebibytes.qpp !== undefined && mebibytes.native !== undefined
          ? mebibytes.qpp - mebibytes.native
          : undefined,
        0,
      ),
    ]),
  };
}

/** Memory over a long run. */
export function longRunTable({ longRun }: Findings["memory"]): Table {
  const { program, insns, seconds, mebibytes } = longRun;
  const share = (i: number): string => `${Math.round(((i + 0.5) / mebibytes.length) * 100)} %`;
  return {
    head: [`\`${program}\`, ${million(insns)} million insns, ${round(seconds, 0)} s: after`, "MiB"],
    rows: mebibytes.map((each, i) => [share(i), round(each, 0)]),
  };
}

/** Time by instructions. */
export function growthTable(growth: Growth): Table {
  const nanoseconds = growthNanoseconds(growth);
  return {
    head: [`instructions of \`${growth.program}\``, "seconds", "ns for each since the row above"],
    rows: growth.points.map(({ insns, seconds }, i) => [
      insns.toLocaleString("en"),
      round(median(seconds), 3),
      figure(nanoseconds[i], 3),
    ]),
    notes: [`Time grows with instructions to the power of ${round(growthExponent(growth), 3)}.`],
  };
}

/** Time by plugins. */
export function crowdsTable(crowds: readonly Crowd[]): Table {
  const lanes = [...new Set(crowds.map(({ lane }) => lane))];
  const counts = [...new Set(crowds.map(({ plugins }) => plugins))];
  const secondsOf = (lane: string, plugins: number): number | undefined => {
    const crowd = crowds.find((each) => each.lane === lane && each.plugins === plugins);
    return crowd && median(crowd.seconds);
  };
  return {
    head: ["plugins that watch `sieve`", ...lanes.map((lane) => `${lane}, s`)],
    rows: counts.map((plugins) => [plugins, ...lanes.map((lane) => figure(secondsOf(lane, plugins), 3))]),
  };
}
