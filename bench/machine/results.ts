import type { Environment } from "../measure.js";
import type { EngineName } from "./engines.js";
import type { Kind } from "./programs.js";

/** Seconds of each run, by what was run. */
export type Times<Name extends string = string> = { readonly [name in Name]?: readonly number[] };

/** A program, in each engine. */
export interface Speed {
  readonly program: string;
  readonly kind: Kind | undefined;
  readonly insns: number;
  readonly times: Times<EngineName>;
}

/** An analysis of a program by a plugin of QPP, and by one of QEMU that does no more. */
export interface AnalysisSpeed {
  readonly analysis: string;
  readonly program: string;
  readonly qpp: readonly number[];
  readonly qemu: readonly number[];
  /** What is not the same in both results, the larger difference first; empty if all is. */
  readonly differences: readonly Difference[];
}

/** A figure that both sides tell: a count, or a sum as text. */
export interface Difference {
  readonly figure: string;
  readonly qpp: number | string;
  readonly qemu: number | string;
}

/** The most memory that a program's process had, in MiB. */
export interface Peak {
  readonly program: string;
  readonly mebibytes: Readonly<Partial<Record<EngineName, number>>>;
}

/** Memory of one long run. */
export interface LongRun {
  readonly program: string;
  readonly insns: number;
  readonly seconds: number;
  /** MiB, ten times during the run, evenly. */
  readonly mebibytes: readonly number[];
}

/** The time that so many instructions of one program take. */
export interface Growth {
  readonly program: string;
  readonly points: readonly { readonly insns: number; readonly seconds: readonly number[] }[];
}

/** The time of a run under several plugins that all watch the same. */
export interface Crowd {
  readonly lane: string;
  readonly plugins: number;
  readonly seconds: readonly number[];
}

/** The time of the first million instructions of a program that has not run before. */
export type WarmUp = Times<"qpp" | "interpreter">;

/** A program of Debian, here and in QEMU. */
export interface DebianSpeed {
  readonly program: string;
  /** Whether it runs for so long that its start does not count. */
  readonly steady: boolean;
  readonly insns: number;
  readonly times: Times<"qpp" | "qemu">;
}

/** What each section of the benchmark finds. */
export interface Findings {
  readonly startUp: Times<EngineName>;
  readonly warmUp: WarmUp;
  readonly speed: readonly Speed[];
  readonly analyses: readonly AnalysisSpeed[];
  readonly debian: readonly DebianSpeed[];
  readonly memory: { readonly peaks: readonly Peak[]; readonly longRun: LongRun };
  readonly growth: Growth;
  readonly crowds: readonly Crowd[];
}

/** A section's name. */
export type SectionName = keyof Findings;

/** What was found, and when. */
export interface Section<T> {
  readonly date: string;
  readonly environment: Environment;
  /** Load averages at the start and at the end. */
  readonly load: readonly [start: string, end: string];
  readonly runs: number;
  readonly found: T;
}

/** Figures of the benchmark: of each section the latest. */
export type Results = { readonly [name in SectionName]?: Section<Findings[name]> };
