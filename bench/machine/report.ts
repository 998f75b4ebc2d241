import { environmentText } from "../measure.js";
import type { Table } from "../table.js";
import type { Results, Section, SectionName } from "./results.js";
import {
  analysesTable,
  crowdsTable,
  differencesTable,
  growthTable,
  longRunTable,
  peaksTable,
  speedTable,
  startUpTable,
  warmUpTable,
} from "./tables.js";
import { targetsTable } from "./targets.js";

/** One part of the report: a heading, when and on what it was taken, tables. */
export interface Part {
  readonly title: string;
  readonly taken: string | undefined;
  readonly tables: readonly Table[];
}

const TITLES: Readonly<Record<SectionName, string>> = {
  startUp: "Start-up",
  warmUp: "Warm-up",
  speed: "Programs",
  analyses: "Analyses",
  memory: "Memory",
  growth: "Growth with instructions",
  crowds: "Growth with plugins",
};

function taken({ date, runs, load: [start, end], environment }: Section<unknown>): string {
  const times = runs === 1 ? "One run" : `Medians of ${runs} runs, in turns`;
  return `${date}; ${environmentText(environment)}. ${times}. Load ${start} at the start, ${end} at the end.`;
}

/** The report of what was measured. */
export function report(results: Results): readonly Part[] {
  const part = <T>(
    name: SectionName,
    section: Section<T> | undefined,
    tables: (found: T) => (Table | undefined)[],
  ): Part[] =>
    section === undefined
      ? []
      : [
          {
            title: TITLES[name],
            taken: taken(section),
            tables: tables(section.found).filter((table) => table !== undefined),
          },
        ];
  const { startUp, warmUp, speed, analyses, memory, growth, crowds } = results;
  const targets = targetsTable(results);
  return [
    ...part("speed", speed, (found) => [speedTable(found)]),
    ...part("analyses", analyses, (found) => [analysesTable(found), differencesTable(found)]),
    ...part("startUp", startUp, (found) => [startUpTable(found)]),
    ...part("warmUp", warmUp, (found) => [warmUpTable(found)]),
    ...part("memory", memory, (found) => [peaksTable(found), longRunTable(found)]),
    ...part("growth", growth, (found) => [growthTable(found)]),
    ...part("crowds", crowds, (found) => [crowdsTable(found)]),
    ...(targets.rows.length > 0 ? [{ title: "Targets", taken: undefined, tables: [targets] }] : []),
  ];
}
