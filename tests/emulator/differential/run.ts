import type { GuestExit } from "@qpp/emulator";
import { type Cpu, machine as machineContract } from "@qpp/emulator/contract";
import { attach, createRecorded, type Recorded } from "../../conformance/witness/machine.js";
import type { Built } from "../programs/build.js";
import {
  BUFFER_ADDRESS,
  BUFFER_SIZE,
  CODE_ADDRESS,
  DATA_ADDRESS,
  DATA_SIZE,
  STACK_FILL,
  STACK_SIZE,
  STACK_TOP,
} from "../programs/layout.js";
import type { Consumers } from "./consumers.js";
import type { Mode } from "./mode.js";

/** What a program left behind, and what was seen of it. */
export interface Outcome {
  readonly exit: GuestExit;
  readonly executed: number;
  readonly stdout: Uint8Array;
  readonly reports: readonly string[];
  /** All registers, by name. */
  readonly registers: ReadonlyMap<string, bigint>;
  /** Each page by its address; undefined if the program may not read it. */
  readonly pages: ReadonlyMap<number, Uint8Array | undefined>;
  /** What consumers saw, one list each. */
  readonly seen: readonly (readonly number[])[];
  /** Instructions executed when each slice was over. */
  readonly stops: readonly number[];
}

/** Programs that have not ended by then are stopped. */
export const MOST_INSNS = 1_000_000;

const PAGE = 4096;

function* pagesOf({ code }: Built): Iterable<number> {
  const ranges = [
    [CODE_ADDRESS, code.length],
    [BUFFER_ADDRESS, BUFFER_SIZE],
    [DATA_ADDRESS, DATA_SIZE + PAGE],
    [STACK_TOP - STACK_SIZE, STACK_SIZE + STACK_FILL],
  ] as const;
  for (const [start, size] of ranges) for (let at = start; at < start + size; at += PAGE) yield at;
}

function registersOf({ registers }: Cpu): ReadonlyMap<string, bigint> {
  return new Map(registers.list.map(({ name }) => [name, registers.read(name)]));
}

/** Runs on; gives the number of instructions executed after each slice. */
function runAll(
  { machine }: Recorded,
  slices: readonly number[],
  between: (slice: number) => void,
): number[] {
  const stops: number[] = [];
  between(0);
  if (slices.length === 0) machine.run();
  for (let i = 0; machine.exit === undefined; i++) {
    machine.runSlice(slices[i % slices.length] ?? 1);
    stops.push(machine.executed);
    if (machine.exit === undefined) between(i + 1);
  }
  return stops;
}

/** Runs a program to its end, or until it has executed `most` instructions. */
export async function run(
  built: Built,
  { machine: options, slices }: Mode,
  { consumers, most = MOST_INSNS }: { readonly consumers?: Consumers; readonly most?: number } = {},
): Promise<Outcome> {
  const recorded = createRecorded({ path: "program", image: built.elf, maxInsns: most, machine: options });
  const container = await attach(recorded);
  const machine = container.use(machineContract);
  let registers: ReadonlyMap<string, bigint> = new Map();
  machine.vcpus.exited.register((cpu) => {
    registers = registersOf(cpu);
  });
  const watching = consumers?.attach(machine);
  const stops = runAll(recorded, slices, (slice) => watching?.atSlice(slice));
  const { exit, executed } = recorded.machine;
  if (exit === undefined) throw new Error("a run that has not ended");
  return {
    exit,
    executed,
    stdout: recorded.observed().stdout,
    reports: recorded.reports,
    registers,
    pages: new Map([...pagesOf(built)].map((at) => [at, machine.memory.read(at, PAGE)])),
    seen: watching?.seen() ?? [],
    stops,
  };
}
