import { plugin } from "@qpp/core";
import { machine as machineContract } from "@qpp/emulator/contract";
import { attach, createRecorded, type Guest } from "./machine.js";
import type { Observed } from "./observed.js";
import { type QemuOptions, runQemu } from "./qemu.js";

/** Addresses of all blocks, in the order of their execution. */
export interface Trace extends Observed {
  readonly pcs: readonly number[];
}

/** What the inline lane counted meanwhile. */
export interface Counted {
  readonly blocks: number;
  readonly instructions: number;
}

/** Runs a program here and writes down each executed block. */
export async function traceHere(guest: Guest): Promise<Trace & { readonly counted: Counted }> {
  const recorded = createRecorded(guest);
  const pcs: number[] = [];
  let counted = (): Counted => ({ blocks: 0, instructions: 0 });
  await attach(
    recorded,
    plugin("trace", {
      requires: { machine: machineContract },
      install({ machine }) {
        machine.blocks.executed.register((_cpu, block) => void pcs.push(block.pc), { registers: "none" });
        const blocks = machine.blocks.executed.count();
        const instructions = machine.instructions.executed.count();
        counted = () => ({ blocks: blocks.value, instructions: instructions.value });
      },
    }),
  );
  recorded.machine.run();
  return { ...recorded.observed(), pcs, counted: counted() };
}

/** Each line is one execution of a block: `Trace 0: 0x7f.. [cs_base/pc/flags/cflags] symbol`. */
const EXECUTED = /^Trace \d+: 0x[0-9a-f]+ \[[0-9a-f]+\/([0-9a-f]+)\//;

/**
 * Runs a program under QEMU and reads its log of executed blocks.
 * @param unit with `"instruction"`, each block is one instruction.
 */
export async function traceQemu(unit: "block" | "instruction", options: QemuOptions): Promise<Trace> {
  const log = ["-d", "nochain,exec", ...(unit === "instruction" ? ["-singlestep"] : [])];
  const run = await runQemu({ ...options, options: [...log, ...(options.options ?? [])] });
  const pcs = run.log.split("\n").flatMap((line) => {
    const pc = EXECUTED.exec(line)?.[1];
    return pc === undefined ? [] : [Number.parseInt(pc, 16)];
  });
  return { ...run, pcs };
}
