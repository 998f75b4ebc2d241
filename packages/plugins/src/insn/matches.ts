import type { Imports } from "@qpp/core";
import type { Instruction, machine } from "@qpp/emulator/contract";
import { hex } from "../text.js";

type Machine = Imports<typeof machine>;

/** What is found out about the instructions whose disassembly begins with a text. */
export interface MatchResult {
  readonly match: string;
  readonly hits: number;
  /** In order of first translation. */
  readonly instructions: readonly { readonly pc: string; readonly text: string; readonly hits: number }[];
}

/** The instructions whose disassembly begins with a text. */
export interface Match {
  result(): MatchResult;
}

/** One matched instruction: an address and a text, however often it was translated. */
interface Found {
  readonly pc: number;
  readonly text: string;
  hits: number;
}

/** Counts inside the translated code. */
export function countMatches(source: Machine, prefix: string): Match {
  const records = recordsOfInstructions();
  const hits = select(source, prefix).countBy(records.of);
  return {
    result: () =>
      resultOf(
        prefix,
        [...hits.entries()].map(([record, hits]) => ({ ...record, hits })),
      ),
  };
}

/**
 * Counts by callback, and says at each hit what QEMU's plugin says: how often this instruction and this match were hit, the
 * vCPU's instructions since its last hit of the match, and their average.
 */
export function traceMatches(source: Machine, prefix: string, log: (line: string) => void): Match {
  const records = recordsOfInstructions();
  const vcpus: { hits: number; last: number; total: number }[] = [];
  select(source, prefix).register(
    (cpu, instruction) => {
      const record = records.of(instruction);
      let vcpu = vcpus[cpu.index];
      if (vcpu === undefined) {
        vcpu = { hits: 0, last: 0, total: 0 };
        vcpus[cpu.index] = vcpu;
      }
      const executed = cpu.executed + 1;
      const delta = executed - vcpu.last;
      record.hits++;
      vcpu.hits++;
      vcpu.total += delta;
      vcpu.last = executed;
      log(
        `${hex(record.pc)}, '${record.text}', ${record.hits} hits , cpu ${cpu.index}, ${vcpu.hits} match hits, ` +
          `Δ+${delta} since last match, ${Math.floor(vcpu.total / vcpu.hits)} avg insns/match`,
      );
    },
    { registers: "none" },
  );
  return { result: () => resultOf(prefix, records.all()) };
}

function select(source: Machine, prefix: string): Machine["instructions"]["executed"] {
  return source.instructions.where((instruction) => instruction.text.startsWith(prefix)).executed;
}

function recordsOfInstructions(): { of(instruction: Instruction): Found; all(): Found[] } {
  const byPlace = new Map<string, Found>();
  return {
    of({ pc, text }) {
      const place = `${pc} ${text}`;
      let found = byPlace.get(place);
      if (found === undefined) {
        found = { pc, text, hits: 0 };
        byPlace.set(place, found);
      }
      return found;
    },
    all: () => [...byPlace.values()],
  };
}

function resultOf(match: string, found: readonly Found[]): MatchResult {
  return {
    match,
    hits: found.reduce((sum, { hits }) => sum + hits, 0),
    instructions: found.map(({ pc, text, hits }) => ({ pc: hex(pc), text, hits })),
  };
}
