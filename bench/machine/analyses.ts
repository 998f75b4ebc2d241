import { readFileSync } from "node:fs";
import { timed } from "../measure.js";
import { buildPeer, buildPlugins, builtPlugin } from "./build.js";
import { differences } from "./differences.js";
import { qemu, qpp } from "./engines.js";
import { inTurns } from "./in-turns.js";
import type { Plan } from "./plan.js";
import { ANALYSED } from "./programs.js";
import type { AnalysisSpeed } from "./results.js";
import { lastDocument } from "./run-document.js";
import { scratch } from "./scratch.js";

/** The same analysis on both sides. */
export interface Analysis {
  readonly name: string;
  /** File in `machine/plugins`, without its ending. */
  readonly plugin: string;
  /** File in `peers`, without its ending. */
  readonly peer: string;
}

/** What is compared. QEMU 7.2 tells plugins neither values nor many events at once: its traces are the callbacks. */
export const ANALYSES: readonly Analysis[] = [
  { name: "instructions, inline count", plugin: "insn-inline", peer: "insn-inline" },
  { name: "instructions, direct callback", plugin: "insn-callback", peer: "insn-callback" },
  { name: "instructions, batched trace", plugin: "insn-trace", peer: "insn-callback" },
  { name: "blocks, inline count", plugin: "block-inline", peer: "block-inline" },
  { name: "hot blocks", plugin: "hot-blocks", peer: "hot-blocks" },
  { name: "memory, inline count", plugin: "mem-inline", peer: "mem-inline" },
  { name: "memory, direct callback", plugin: "mem-callback", peer: "mem-callback" },
  { name: "memory, batched trace with values", plugin: "mem-trace", peer: "mem-callback" },
  { name: "cache simulation", plugin: "cache", peer: "cache" },
];

/** The run without a plugin, which the others are compared with. */
export const NO_ANALYSIS = "none";

/** What a plugin found, and how long the whole run took. */
export interface Analysed {
  readonly seconds: number;
  readonly found: unknown;
}

/** Runs a program under a plugin of QPP from `machine/plugins`, which must have been built. */
export function analyseHere(
  node: string,
  plugin: string,
  program: string,
  args: readonly string[],
): Analysed {
  const { seconds } = timed(qpp(node, ["-p", builtPlugin(plugin)], program, args));
  return { seconds, found: Object.values(lastDocument().plugins)[0] };
}

/** Runs a program under a plugin of QEMU's. @param object from {@link buildPeer} */
export function analyseThere(object: string, program: string, args: readonly string[]): Analysed {
  const out = scratch("peer.json");
  const { seconds } = timed(qemu(["-plugin", `${object},out=${out}`], program, args));
  return { seconds, found: JSON.parse(readFileSync(out, "utf8")) };
}

/** Each analysis of each program that is analysed, in turns with its peer. */
export function measureAnalyses(plan: Plan): readonly AnalysisSpeed[] {
  buildPlugins();
  const programs = plan.programs.filter(({ name }) => ANALYSED.includes(name));
  return programs.flatMap(({ name: program, shorter: args = [] }) => {
    const speed = (analysis: string, here: () => Analysed, there: () => Analysed): AnalysisSpeed => {
      plan.say(`analyses: ${program}, ${analysis}`);
      const found: { qpp?: unknown; qemu?: unknown } = {};
      const keep = (side: "qpp" | "qemu", analyse: () => Analysed) => (): number => {
        const analysed = analyse();
        found[side] = analysed.found;
        return analysed.seconds;
      };
      const times = inTurns(
        plan.runs,
        new Map([["qpp", keep("qpp", here)] as const, ["qemu", keep("qemu", there)] as const]),
      );
      return {
        analysis,
        program,
        qpp: times.get("qpp") ?? [],
        qemu: times.get("qemu") ?? [],
        differences: differences(found.qpp, found.qemu),
      };
    };
    const plain = (run: () => { seconds: number }) => (): Analysed => ({ seconds: run().seconds, found: {} });
    return [
      speed(
        NO_ANALYSIS,
        plain(() => timed(qpp(plan.node, [], program, args))),
        plain(() => timed(qemu([], program, args))),
      ),
      ...ANALYSES.map(({ name, plugin, peer }) => {
        const object = buildPeer(peer);
        return speed(
          name,
          () => analyseHere(plan.node, plugin, program, args),
          () => analyseThere(object, program, args),
        );
      }),
    ];
  });
}
