import { existsSync } from "node:fs";
import { join } from "node:path";
import { rootFolder } from "../../scripts/debian-root/place.mjs";
import { type Command, pathOf, timed } from "../measure.js";
import { hasQemu, QPP } from "./engines.js";
import { inTurns } from "./in-turns.js";
import type { Plan } from "./plan.js";
import type { DebianSpeed } from "./results.js";
import { lastDocument, withDocument } from "./run-document.js";

/** Programs of Debian; those that go on for long are measured for their steady state. */
const PROGRAMS = [
  { name: "python3: start", argv: ["usr/bin/python3.13", "-c", "0"], steady: false },
  {
    name: "python3: sum of 10⁶ squares",
    argv: ["usr/bin/python3.13", "-c", "print(sum(i*i for i in range(10**6)))"],
    steady: false,
  },
  {
    name: "python3: sum of 10⁷ squares",
    argv: ["usr/bin/python3.13", "-c", "print(sum(i*i for i in range(10**7)))"],
    steady: true,
  },
  {
    name: "bash: a loop of 300,000",
    argv: ["usr/bin/bash", "-c", "for ((i = 0; i < 300000; i++)); do ((s += i)); done; echo $s"],
    steady: true,
  },
] as const;

/** Why they cannot be measured here; undefined if they can. */
export function debianMissing(): string | undefined {
  if (!hasQemu()) return "no qemu-riscv64";
  return existsSync(rootFolder()) ? undefined : "no root of Debian (npm run debian-root)";
}

/** Programs of Debian here and in QEMU, whole processes; their outputs must be the same. @throws Error if they are not */
export function measureDebian({ node, runs, say }: Plan): readonly DebianSpeed[] {
  const root = rootFolder();
  return PROGRAMS.map(({ name, argv: [program, ...args], steady }) => {
    say(`Debian: ${name}`);
    const path = join(root, program);
    let output: string | undefined;
    const seconds = (command: Command): number => {
      const run = timed(command);
      output ??= run.stdout;
      if (run.stdout !== output) throw new Error(`${name}: QPP and QEMU printed different things`);
      return run.seconds;
    };
    const ours: Command = [node, QPP, "run", "--quiet", ...withDocument(), "--root", root, path, ...args];
    const times = inTurns(
      runs,
      new Map([
        ["qpp", () => seconds(ours)],
        ["qemu", () => seconds([pathOf("qemu-riscv64"), "-L", root, path, ...args])],
      ] as const),
    );
    return { program: name, steady, insns: lastDocument().machine.insns, times: Object.fromEntries(times) };
  });
}
