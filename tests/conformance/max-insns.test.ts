import { plugin } from "@qpp/core";
import { type Cpu, machine as machineContract } from "@qpp/emulator/contract";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildImage } from "./program/image.js";
import { sequences } from "./program/sequence.js";
import { guest } from "./witness/guests.js";
import { attach, createRecorded, type Guest } from "./witness/machine.js";

/** All registers, by name. */
type Snapshot = Readonly<Record<string, bigint>>;

function snapshot({ registers }: Cpu): Snapshot {
  return Object.fromEntries(registers.list.map(({ name }) => [name, registers.read(name)]));
}

/** Stops after `maxInsns` instructions and looks at the registers then. */
async function stopAt(program: Guest, maxInsns: number): Promise<{ executed: number; registers: Snapshot }> {
  const recorded = createRecorded({ ...program, maxInsns });
  let registers: Snapshot = {};
  const looking = plugin("looking", {
    requires: { machine: machineContract },
    install({ machine }) {
      machine.vcpus.exited.register((cpu) => {
        registers = snapshot(cpu);
      });
    },
  });
  await attach(recorded, looking);
  const { stopped } = recorded.machine.run();
  expect(stopped).toBe("max-insns");
  return { executed: recorded.machine.executed, registers };
}

/** Walks through the whole program, instruction by instruction, and looks at the registers before these. */
async function walk(program: Guest, at: ReadonlySet<number>): Promise<ReadonlyMap<number, Snapshot>> {
  const recorded = createRecorded(program);
  const seen = new Map<number, Snapshot>();
  let before = 0;
  const walking = plugin("walking", {
    requires: { machine: machineContract },
    install({ machine }) {
      machine.instructions.executed.register((cpu) => {
        if (at.has(before)) seen.set(before, snapshot(cpu));
        before++;
      });
    },
  });
  await attach(recorded, walking);
  recorded.machine.run();
  return seen;
}

const [random] = fc.sample(
  sequences(60).map((sequence) => buildImage([sequence]).elf),
  { seed: 3, numRuns: 1 },
);

describe.each<[string, Guest]>([
  ["count-loop", guest("count-loop")],
  ["count-calls", guest("count-calls")],
  ["bytecode", guest("bytecode", ["20"])],
  ["a random program", { path: "random", image: random ?? new Uint8Array() }],
])("the end after exactly n instructions: %s", (_name, program) => {
  test("registers are those of walking there", async () => {
    const { machine } = createRecorded(program);
    machine.run();
    const counts = fc.array(fc.nat(machine.executed - 1), { minLength: 8, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(counts, async (drawn) => {
        const walked = await walk(program, new Set(drawn));
        for (const n of drawn) {
          expect(await stopAt(program, n)).toEqual({ executed: n, registers: walked.get(n) });
        }
      }),
      { numRuns: 2 },
    );
  });
});
