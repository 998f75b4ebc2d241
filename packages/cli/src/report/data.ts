import type { WiringDescription } from "@qpp/core";
import type { RunDocument } from "../run/document.js";

/** All that a report shows: the run, and whatever the plugins left in its folder. It is embedded into the page as JSON. */
export interface ReportData {
  readonly run: RunDocument;
  readonly wiring?: WiringDescription;
  readonly profile?: Profile;
  readonly listing?: Listing;
  readonly heat?: HeatMap;
  readonly timeline?: Timeline;
  readonly coverage?: Coverage;
  /** Lines of the source files that listing and coverage name, by the names that they have there. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** Instructions by call path, as `profile.folded` has them. */
export interface Profile {
  /** Names of functions. */
  readonly frames: readonly string[];
  /** Call paths, outermost function first, and the instructions executed at the end of each. */
  readonly stacks: readonly (readonly [path: readonly number[], insns: number])[];
}

/** How often each instruction was executed, as `annotate.json` has it. */
export interface Listing {
  /** The most executed function first. */
  readonly functions: readonly ListedFunction[];
}

/** One function of a {@link Listing}. */
export interface ListedFunction {
  readonly name: string;
  /** Path of the program or library that has it; null if that is not known. */
  readonly object: string | null;
  /** Instructions executed in it. */
  readonly insns: number;
  readonly instructions: readonly ListedInstruction[];
}

/** One instruction that was executed; `file` and `line` are null where nothing tells them. */
export type ListedInstruction = readonly [
  pc: string,
  text: string,
  count: number,
  file: string | null,
  line: number | null,
];

/** Accesses by page and slice of time, as `heatmap.json` has them. */
export interface HeatMap {
  readonly sliceAccesses: number;
  readonly slices: readonly (readonly (readonly [pid: number, page: number, accesses: number])[])[];
}

/** What happened when, as `trace.json` has it. */
export interface Timeline {
  readonly events: readonly TimelineEvent[];
}

/** One event of a {@link Timeline}; times are microseconds of the guest's clock. */
export interface TimelineEvent {
  readonly name: string;
  readonly category: string;
  readonly thread: string;
  readonly start: number;
  readonly duration: number;
  readonly detail: string;
}

/** Which lines were executed, as an lcov file has it. */
export interface Coverage {
  readonly files: readonly CoveredFile[];
}

/** One source file of a {@link Coverage}. */
export interface CoveredFile {
  readonly file: string;
  /** Lines with code, and how often each was executed. */
  readonly lines: readonly (readonly [line: number, count: number])[];
}
