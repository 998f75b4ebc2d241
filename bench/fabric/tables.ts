// The fabric beside its peers. Each figure is taken in a process of its own, in turns; the least of all runs counts.
import { fileURLToPath } from "node:url";
import { outputOf, round } from "../measure.js";
import type { Table } from "../table.js";
import { compileMacros } from "./macros.js";

const PEERS = ["RxJS Subject", "EventEmitter", "mitt", "@most/core"];
const KINDS = ["distinct", "one line"];
const COUNTS = [0, 1, 4, 16, 64, 256];
const PERIODS = [0, 1, 16, 256, 4096];
const PLUGINS = [10, 100, 1000, 10_000];
const MACROS = "macros in C";

const measured = (script: string, ...args: (string | number)[]): number =>
  Number(
    outputOf(process.execPath, [
      fileURLToPath(new URL(`${script}.mjs`, import.meta.url)),
      ...args.map(String),
    ]),
  );
const times = (peer: number, ours: number): string =>
  Number.isNaN(peer) ? "missing: no gcc" : `x ${round(peer / ours, 1)}`;

/** What a figure is of, and what takes it. */
type Cell = readonly [key: string, measure: () => number];

/** The least figure of each cell, all cells in turns. */
function leasts(cells: readonly Cell[], runs: number): (...key: (string | number)[]) => number {
  const least = new Map<string, number>();
  for (let i = 0; i < runs; i++) {
    for (const [key, measure] of cells) {
      least.set(key, Math.min(least.get(key) ?? Number.POSITIVE_INFINITY, measure()));
    }
  }
  return (...key) => least.get(key.join()) ?? Number.NaN;
}

function dispatch(runs: number): Table[] {
  const macros = compileMacros();
  const cells: Cell[] = [];
  for (const count of COUNTS) {
    if (macros) cells.push([`${MACROS},${count}`, () => macros(count)]);
    for (const name of ["QPP", ...PEERS]) {
      for (const kind of count === 0 ? ["distinct"] : KINDS) {
        cells.push([[name, kind, count].join(), () => measured("dispatch", name, kind, count)]);
      }
    }
  }
  const of = leasts(cells, runs);
  return KINDS.map((kind) => {
    const rows = [];
    for (const count of kind === "distinct" ? COUNTS : COUNTS.slice(1)) {
      const ours = of("QPP", kind, count);
      rows.push([
        count,
        round(ours),
        round(ours / Math.max(count, 1)),
        times(of(MACROS, count), ours),
        ...PEERS.map((peer) => times(of(peer, kind, count), ours)),
      ]);
    }
    return { head: [`listeners, ${kind}`, "QPP ns/event", "ns/listener", MACROS, ...PEERS], rows };
  });
}

function churn(runs: number): Table[] {
  const of = leasts(
    PERIODS.flatMap((period) =>
      ["QPP", ...PEERS].map((name): Cell => [[name, period].join(), () => measured("churn", name, period)]),
    ),
    runs,
  );
  const rows = PERIODS.map((period) => {
    const ours = of("QPP", period);
    const change = ((ours - of("QPP", 0)) * period) / 1000;
    return [
      period === 0 ? "never" : `every ${period} events`,
      round(ours, 0),
      period === 0 ? "-" : round(change, 1),
      ...PEERS.map((peer) => times(of(peer, period), ours)),
    ];
  });
  return [{ head: ["256 listeners, one changes", "QPP ns/event", "us/change", ...PEERS], rows }];
}

function pipeline(runs: number): Table[] {
  const of = leasts(
    ["QPP", "RxJS Subject"].map((lane): Cell => [lane, () => measured("pipeline", lane)]),
    runs,
  );
  const [ours, subject] = [of("QPP"), of("RxJS Subject")];
  return [
    {
      head: ["through filter, map, scan", "ns/event", "QPP/Subject"],
      rows: [
        ["QPP", round(ours, 1), round(ours / subject)],
        ["RxJS Subject of tuples", round(subject, 1), ""],
      ],
    },
  ];
}

function allocation(): Table[] {
  return [
    {
      head: ["direct listeners", "bytes/event"],
      rows: COUNTS.map((count) => [count, measured("allocation", count)]),
    },
  ];
}

function loading(runs: number): Table[] {
  const of = leasts(
    PLUGINS.map((count): Cell => [String(count), () => measured("loading", count)]),
    runs,
  );
  return [
    {
      head: ["plugins loaded", "ms", "us/plugin"],
      rows: PLUGINS.map((count) => [count, round(of(count), 1), round((of(count) * 1000) / count, 1)]),
    },
  ];
}

/** The tables, one after the other. */
export function* fabricTables(runs: number): Generator<Table> {
  for (const section of [dispatch, churn, pipeline, allocation, loading]) yield* section(runs);
}
