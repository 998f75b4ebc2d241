import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { codeOf, Failure, fileProblem, messageOf } from "../failure.js";
import { readChromeTrace } from "./chrome-trace.js";
import type { Coverage, Listing, ReportData } from "./data.js";
import { readFolded } from "./folded.js";
import { readLcov } from "./lcov.js";
import { fileShapes, type JsonFileName } from "./shapes.js";

/**
 * Gathers what `qpp run --out` left in a folder. A file that is not there is left out of the report.
 *
 * @param sources folders in which the source files may be found that coverage and listing name; only they are looked into, for
 *   what a program's debugging information names is not to be trusted
 * @throws Failure if there was no run, or a file is not what its name says
 */
export async function collectReport(folder: string, sources: readonly string[]): Promise<ReportData> {
  const { is } = await import("valibot");
  const shapes = await fileShapes();
  const readText = <T>(name: string, parse: (text: string) => T): T | undefined => {
    const file = join(folder, name);
    const text = textOf(file);
    if (text === undefined) return undefined;
    try {
      return parse(text);
    } catch (error) {
      throw new Failure(
        `${file}: it is not what \`qpp run --out\` writes under that name: ${messageOf(error)}`,
      );
    }
  };
  const readJson = <T>(name: JsonFileName): T | undefined =>
    readText(name, (text) => {
      const value: unknown = JSON.parse(text);
      if (!is(shapes[name], value)) throw new Error("it has another shape");
      return value as T;
    });

  const run = readJson<ReportData["run"]>("run.json");
  if (run === undefined)
    throw new Failure(`${folder}: there is no run.json; fill the folder with \`qpp run --out ${folder} …\``);
  const wiring = readJson<NonNullable<ReportData["wiring"]>>("wiring.json");
  const listing = readJson<Listing>("annotate.json");
  const heat = readJson<NonNullable<ReportData["heat"]>>("heatmap.json");
  const trace = readJson<Parameters<typeof readChromeTrace>[0]>("trace.json");
  const profile = readText("profile.folded", readFolded);
  const coverage = readText("coverage.lcov", readLcov);
  const named = [...namedSources(listing, coverage)].map((file) => [file, linesOf(file, sources)] as const);
  return {
    run,
    ...(wiring && { wiring }),
    ...(profile && { profile }),
    ...(listing && { listing }),
    ...(heat && { heat }),
    ...(trace && { timeline: readChromeTrace(trace) }),
    ...(coverage && { coverage }),
    sources: Object.fromEntries(named.flatMap(([file, lines]) => (lines ? [[file, lines]] : []))),
  };
}

function namedSources(listing: Listing | undefined, coverage: Coverage | undefined): ReadonlySet<string> {
  const listed =
    listing?.functions.flatMap(({ instructions }) => instructions.map(([, , , file]) => file)) ?? [];
  const covered = coverage?.files.map(({ file }) => file) ?? [];
  return new Set([...listed, ...covered].filter((file) => file !== null));
}

/** A file of that name in one of the folders themselves. */
function linesOf(file: string, folders: readonly string[]): readonly string[] | undefined {
  for (const folder of folders) {
    const text = textOf(join(folder, basename(file)));
    if (text !== undefined) return text.split("\n");
  }
  return undefined;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new Failure(`${file}: it cannot be read: ${fileProblem(error)}`);
  }
}
