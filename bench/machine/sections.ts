import { environment, hasPeer, load } from "../measure.js";
import { measureAnalyses } from "./analyses.js";
import { debianMissing, measureDebian } from "./debian.js";
import { hasQemu } from "./engines.js";
import { measureCrowds, measureGrowth } from "./growth.js";
import { measureMemory } from "./memory.js";
import type { Plan } from "./plan.js";
import type { Findings, Results, Section, SectionName } from "./results.js";
import { measureSpeed, measureStartUp, measureWarmUp } from "./speed.js";

const MEASURES: { readonly [name in SectionName]: (plan: Plan) => Findings[name] | Promise<Findings[name]> } =
  {
    startUp: measureStartUp,
    warmUp: measureWarmUp,
    speed: measureSpeed,
    analyses: measureAnalyses,
    debian: measureDebian,
    memory: measureMemory,
    growth: measureGrowth,
    crowds: measureCrowds,
  };

/** All sections, in the order of the report. */
export const SECTIONS: readonly SectionName[] = Object.keys(MEASURES) as SectionName[];

/** What a section cannot do without and is not here; undefined if all is. */
export function missing(name: SectionName): string | undefined {
  if (name === "analyses" && !hasQemu()) return "no qemu-riscv64";
  if ((name === "analyses" || name === "memory") && !hasPeer("gcc")) return "no gcc";
  return name === "debian" ? debianMissing() : undefined;
}

/** Short runs, of which there are to be more. */
const SHORT: readonly SectionName[] = ["startUp", "warmUp"];
const LEAST_SHORT_RUNS = 5;

/** Measures one section. */
export async function measureSection(name: SectionName, asked: Plan): Promise<Results> {
  const plan = SHORT.includes(name) ? { ...asked, runs: Math.max(asked.runs, LEAST_SHORT_RUNS) } : asked;
  const measured = async <T>(measure: (plan: Plan) => T | Promise<T>): Promise<Section<T>> => {
    const start = load();
    const found = await measure(plan);
    return {
      date: new Date().toISOString().slice(0, 10),
      environment: environment(plan.node),
      load: [start, load()],
      runs: plan.runs,
      found,
    };
  };
  return { [name]: await measured<Findings[SectionName]>(MEASURES[name]) };
}
