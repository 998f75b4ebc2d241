import { hex } from "../text.js";
import type { CacheCounts, CoreCounts, MissingInstruction } from "./contract.js";

/** Adds up what cores have seen. */
function sumOf(cores: readonly CoreCounts[]): Omit<CoreCounts, "core"> {
  const add = (each: readonly (CacheCounts | undefined)[]): CacheCounts => ({
    accesses: each.reduce((sum, counts) => sum + (counts?.accesses ?? 0), 0),
    misses: each.reduce((sum, counts) => sum + (counts?.misses ?? 0), 0),
  });
  return {
    data: add(cores.map(({ data }) => data)),
    fetch: add(cores.map(({ fetch }) => fetch)),
    l2: cores.some(({ l2 }) => l2 !== undefined) ? add(cores.map(({ l2 }) => l2)) : undefined,
  };
}

/** The table of the cores, and their sum if there are several, in the layout of QEMU's plugin. */
export function coreTable(cores: readonly CoreCounts[]): string {
  const head = "core #, data accesses, data misses, dmiss rate, insn accesses, insn misses, imiss rate";
  const l2 = cores.some((core) => core.l2 !== undefined) ? ", l2 accesses, l2 misses, l2 miss rate" : "";
  const lines = cores.map((core) => line(String(core.core), core));
  if (cores.length > 1) lines.push(line("sum", sumOf(cores)));
  return [head + l2, ...lines].join("\n");
}

function line(name: string, { data, fetch, l2 }: Omit<CoreCounts, "core">): string {
  const first = [name.padEnd(8), columns(data, 14, 12, 9), "  ", columns(fetch, 14, 12, 9)].join("");
  return l2 === undefined || l2.accesses === 0 || l2.misses === 0
    ? first
    : `${first}  ${columns(l2, 12, 11, 10)}`;
}

function columns({ accesses, misses }: CacheCounts, first: number, second: number, third: number): string {
  const rate = accesses === 0 ? 0 : (misses / accesses) * 100;
  return `${String(accesses).padEnd(first)} ${String(misses).padEnd(second)} ${rate.toFixed(4).padStart(third)}%`;
}

/** A list of instructions that missed, in the layout of QEMU's plugin. */
export function missList(what: string, instructions: readonly MissingInstruction[]): string {
  const lines = instructions.map(({ pc, symbol, misses, text }) => {
    const place = symbol === undefined ? hex(pc) : `${hex(pc)} (${symbol})`;
    return `${place}, ${misses}, ${text}`;
  });
  return [`address, ${what} misses, instruction`, ...lines].join("\n");
}
