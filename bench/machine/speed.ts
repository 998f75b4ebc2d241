import { timed } from "../measure.js";
import { type EngineName, engines, qpp } from "./engines.js";
import { inTurns } from "./in-turns.js";
import type { Plan } from "./plan.js";
import type { Program } from "./programs.js";
import type { Speed, Times, WarmUp } from "./results.js";
import { lastDocument } from "./run-document.js";

/** Whether the engine gives the output of the others: natively, sums of floating point are contracted otherwise. */
const comparable = (engine: EngineName, { kind }: Program): boolean =>
  engine !== "native" || kind !== "floating point";

function speedOf(program: Program, plan: Plan): Speed {
  plan.say(`speed: ${program.name}`);
  let output: string | undefined;
  let insns = 0;
  const measures = engines(plan).map(({ name, command }) => {
    const measure = (): number => {
      const { seconds, stdout } = timed(command(program.name, program.args));
      if (name === "qpp") insns = lastDocument().machine.insns;
      if (comparable(name, program)) {
        output ??= stdout;
        if (stdout !== output) throw new Error(`${program.name} printed something else in ${name}`);
      }
      return seconds;
    };
    return [name, measure] as const;
  });
  const times = Object.fromEntries(inTurns(plan.runs, new Map(measures)));
  return { program: program.name, kind: program.kind, insns, times };
}

/** Each program in each engine, whole processes; their outputs must be the same. @throws Error if they are not */
export const measureSpeed = (plan: Plan): readonly Speed[] =>
  plan.programs.map((program) => speedOf(program, plan));

/** What each engine takes for a program that does next to nothing. */
export function measureStartUp(plan: Plan): Times<EngineName> {
  plan.say("start-up");
  const measures = engines(plan).map(
    ({ name, command }) => [name, () => timed(command("hello", [])).seconds] as const,
  );
  return Object.fromEntries(inTurns(plan.runs, new Map(measures)));
}

/** What the first million instructions of a program take, with translation and without, whole processes. */
export function measureWarmUp(plan: Plan): WarmUp {
  plan.say("warm-up");
  const first = (...options: string[]): number =>
    timed(qpp(plan.node, ["--max-insns", "1000000", ...options], "qsort", [])).seconds;
  const measures = new Map<keyof WarmUp, () => number>([["qpp", () => first()]]);
  if (plan.interpreter) measures.set("interpreter", () => first("--no-translate"));
  return Object.fromEntries(inTurns(plan.runs, measures));
}
