import { environmentText } from "../measure.js";
import type { Table } from "../table.js";
import type { Findings, Results, Section, SectionName } from "./results.js";
import {
  analysesTable,
  crowdsTable,
  debianTable,
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
  /** What it was taken on, where that is not what the part before was taken on. */
  readonly environment?: string;
  readonly taken?: string;
  readonly tables: readonly Table[];
}

const TITLES: Readonly<Record<SectionName, string>> = {
  startUp: "Start-up",
  warmUp: "Warm-up",
  speed: "Programs",
  analyses: "Analyses",
  debian: "Programs of Debian",
  memory: "Memory",
  growth: "Growth with instructions",
  crowds: "Growth with plugins",
};

function taken({ date, runs, load: [start, end] }: Section<unknown>): string {
  const times = runs === 1 ? "one run" : `medians of ${runs} runs, in turns`;
  return `${date}, ${times}; load ${start} at the start, ${end} at the end.`;
}

type Tables<T> = (found: T) => readonly (Table | undefined)[];

function part<T>(title: string, section: Section<T> | undefined, tables: Tables<T>): readonly Part[] {
  if (section === undefined) return [];
  const environment = environmentText(section.environment);
  return [
    {
      title,
      environment,
      taken: taken(section),
      tables: tables(section.found).filter((table) => table !== undefined),
    },
  ];
}

function sections(results: Results, suffix = ""): readonly Part[] {
  const of = <Name extends SectionName>(name: Name, tables: Tables<Findings[Name]>): readonly Part[] =>
    part(`${TITLES[name]}${suffix}`, results[name] as Section<Findings[Name]> | undefined, tables);
  return [
    ...of("speed", (found) => [speedTable(found)]),
    ...of("analyses", (found) => [analysesTable(found), differencesTable(found)]),
    ...of("debian", (found) => [debianTable(found)]),
    ...of("startUp", (found) => [startUpTable(found)]),
    ...of("warmUp", (found) => [warmUpTable(found)]),
    ...of("memory", (found) => [peaksTable(found), longRunTable(found)]),
    ...of("growth", (found) => [growthTable(found)]),
    ...of("crowds", (found) => [crowdsTable(found)]),
  ];
}

/**
 * The report of what was measured.
 * @param otherNode what was measured with another Node than usual
 */
export function report(results: Results, otherNode: Results = {}): readonly Part[] {
  const targets: Table = targetsTable(results);
  const others: Table = targetsTable(otherNode);
  const rows = [
    ...targets.rows,
    ...others.rows.map(([text, ...rest]) => [`${text}, with another Node`, ...rest]),
  ];
  const measured = [...sections(results), ...sections(otherNode, ", with another Node")];
  return [
    ...measured.map(({ environment, ...part }, i) =>
      environment === undefined || environment === measured[i - 1]?.environment
        ? part
        : { ...part, environment },
    ),
    ...(rows.length > 0 ? [{ title: "Targets", tables: [{ ...targets, rows }] }] : []),
  ];
}
