import { fileURLToPath } from "node:url";
import { outputOf, timed } from "../measure.js";
import { guest, qpp } from "./engines.js";
import { inTurns } from "./in-turns.js";
import type { Plan } from "./plan.js";
import type { Crowd, Growth } from "./results.js";

const POWERS = [6, 7, 8, 9, 10];

/** The time of the first so many instructions of one program. */
export function measureGrowth(plan: Plan): Growth {
  const measures = POWERS.map((power) => {
    const measure = (): number => {
      plan.say(`growth: 10^${power} instructions`);
      return timed(qpp(plan.node, ["--max-insns", String(10 ** power)], "bytecode", ["10000000"])).seconds;
    };
    return [`${10 ** power}`, measure] as const;
  });
  const times = inTurns(plan.runs, new Map(measures));
  const points = [...times].map(([insns, seconds]) => ({ insns: Number(insns), seconds }));
  return { program: "bytecode", points };
}

const LANES = ["inline", "batch", "direct"];
const CROWDS = [0, 1, 2, 4, 8, 16];
const watch = fileURLToPath(new URL("watch.mjs", import.meta.url));

/** The time of `sieve` under several plugins that all watch the same events on the same lane. */
export function measureCrowds(plan: Plan): readonly Crowd[] {
  const all = LANES.flatMap((lane) => CROWDS.map((plugins) => ({ lane, plugins })));
  const measures = all.map(({ lane, plugins }) => {
    const measure = (): number => {
      plan.say(`plugins: ${plugins} on the ${lane} lane`);
      const printed = outputOf(plan.node, [watch, lane, String(plugins), guest("sieve"), "10000000"]);
      return Number(printed);
    };
    return [`${lane} ${plugins}`, measure] as const;
  });
  const times = inTurns(plan.runs, new Map(measures));
  return all.map((crowd) => ({ ...crowd, seconds: times.get(`${crowd.lane} ${crowd.plugins}`) ?? [] }));
}
