// The fabric beside its peers. Each figure is taken in a process of its own, in turns; the least of all runs counts.
import { fileURLToPath } from "node:url";
import { outputOf, round, table } from "../measure.mjs";
import { compileMacros } from "./macros.mjs";

const PEERS = ["RxJS Subject", "EventEmitter", "mitt", "@most/core"];
const KINDS = ["distinct", "one line"];
const COUNTS = [0, 1, 4, 16, 64, 256];
const PERIODS = [0, 1, 16, 256, 4096];
const PLUGINS = [10, 100, 1000, 10_000];
const MACROS = "macros in C";

const measured = (script, ...args) =>
  Number(
    outputOf(process.execPath, [
      fileURLToPath(new URL(`${script}.mjs`, import.meta.url)),
      ...args.map(String),
    ]),
  );
const times = (peer, ours) => (peer === undefined ? "missing: no gcc" : `x ${round(peer / ours, 1)}`);

/** The least figure of each cell, all cells in turns. */
function leasts(cells, runs) {
  const least = new Map();
  for (let i = 0; i < runs; i++) {
    for (const [key, measure] of cells) {
      least.set(key, Math.min(least.get(key) ?? Number.POSITIVE_INFINITY, measure()));
    }
  }
  return (...key) => least.get(key.join());
}

function dispatch(runs) {
  const macros = compileMacros();
  const cells = [];
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
    return table([`listeners, ${kind}`, "QPP ns/event", "ns/listener", MACROS, ...PEERS], rows);
  });
}

function churn(runs) {
  const of = leasts(
    PERIODS.flatMap((period) =>
      ["QPP", ...PEERS].map((name) => [[name, period].join(), () => measured("churn", name, period)]),
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
  return [table(["256 listeners, one changes", "QPP ns/event", "us/change", ...PEERS], rows)];
}

function pipeline(runs) {
  const of = leasts(
    ["QPP", "RxJS Subject"].map((lane) => [lane, () => measured("pipeline", lane)]),
    runs,
  );
  const [ours, subject] = [of("QPP"), of("RxJS Subject")];
  return [
    table(
      ["through filter, map, scan", "ns/event", "QPP/Subject"],
      [
        ["QPP", round(ours, 1), round(ours / subject)],
        ["RxJS Subject of tuples", round(subject, 1), ""],
      ],
    ),
  ];
}

function allocation() {
  return [
    table(
      ["direct listeners", "bytes/event"],
      COUNTS.map((count) => [count, measured("allocation", count)]),
    ),
  ];
}

function loading(runs) {
  const of = leasts(
    PLUGINS.map((count) => [String(count), () => measured("loading", count)]),
    runs,
  );
  return [
    table(
      ["plugins loaded", "ms", "us/plugin"],
      PLUGINS.map((count) => [count, round(of(count), 1), round((of(count) * 1000) / count, 1)]),
    ),
  ];
}

/** The tables, one after the other. */
export function* fabricTables(runs) {
  for (const section of [dispatch, churn, pipeline, allocation, loading]) yield* section(runs);
}
