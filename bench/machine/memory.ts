import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { outputOf } from "../measure.js";
import { buildPeak } from "./build.js";
import { engines, qpp } from "./engines.js";
import type { Plan } from "./plan.js";
import { PROGRAMS } from "./programs.js";
import type { Findings, LongRun, Peak } from "./results.js";
import { lastDocument } from "./run-document.js";
import { scratch } from "./scratch.js";

/** Pages of Linux on this machine, as /proc/PID/statm counts. */
const pageBytes = (): number => Number(outputOf("getconf", ["PAGESIZE"]));

function peaks(plan: Plan): readonly Peak[] {
  const peak = buildPeak();
  const file = scratch("peak.txt");
  return plan.programs.map(({ name, args }) => {
    plan.say(`memory: ${name}`);
    const mebibytes = engines(plan).map((engine) => {
      outputOf(peak, [file, ...engine.command(name, args)]);
      return [engine.name, Number(readFileSync(file, "utf8")) / 1024] as const;
    });
    return { program: name, mebibytes: Object.fromEntries(mebibytes) };
  });
}

/** How often memory is looked at in the long run, and how often of that is kept. */
const PERIOD = 100;
const KEPT = 10;

/** `json` reads its document anew each time: it allocates, frees, calls and does floating point all along. */
async function longRun(plan: Plan): Promise<LongRun> {
  plan.say("memory: a run of 10^10 instructions");
  const json = PROGRAMS.find(({ name }) => name === "json");
  const [command, ...args] = qpp(plan.node, [], "json", [json?.args[0] ?? "", "6400"]);
  const bytes = pageBytes();
  const start = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  let code: number | null | undefined;
  child.on("exit", (status) => {
    code = status;
  });
  const samples: number[] = [];
  while (code === undefined) {
    await setTimeout(PERIOD);
    const resident = residentPages(child.pid);
    if (resident > 0) samples.push((resident * bytes) / 2 ** 20);
  }
  if (code !== 0) throw new Error(`the long run of json ended with ${code}`);
  const kept = Array.from(
    { length: KEPT },
    (_, i) => samples[Math.floor(((i + 0.5) / KEPT) * samples.length)],
  );
  return {
    program: "json",
    insns: lastDocument().machine.insns,
    seconds: (performance.now() - start) / 1000,
    mebibytes: kept.filter((sample) => sample !== undefined),
  };
}

/** Pages of the process that are in memory; 0 if it has ended. */
function residentPages(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  } catch {
    return 0;
  }
}

/** The most memory that each program has in each engine, and whether it grows in a long run. */
export async function measureMemory(plan: Plan): Promise<Findings["memory"]> {
  return { peaks: peaks(plan), longRun: await longRun(plan) };
}
