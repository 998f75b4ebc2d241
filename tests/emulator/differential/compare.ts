import { Buffer } from "node:buffer";
import type { Outcome } from "./run.js";

const hex = (value: bigint | undefined): string => `0x${(value ?? 0n).toString(16)}`;

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return i;
  return shorter;
}

function* pages(one: Outcome, other: Outcome): Iterable<string> {
  for (const [at, mine] of one.pages) {
    const its = other.pages.get(at);
    if (mine === undefined || its === undefined) {
      if (mine !== its) yield `page 0x${at.toString(16)} can be read in one only`;
    } else if (Buffer.compare(mine, its) !== 0) {
      const i = firstDifference(mine, its);
      yield `memory at 0x${(at + i).toString(16)}: ${mine[i]} and ${its[i]}`;
    }
  }
}

function* seen(one: Outcome, other: Outcome): Iterable<string> {
  for (const [id, mine] of one.seen.entries()) {
    const its = other.seen[id] ?? [];
    const at = mine.findIndex((value, i) => value !== its[i]);
    const i = at < 0 && mine.length < its.length ? mine.length : at;
    if (i < 0) continue;
    const near = (list: readonly number[]): string => list.slice(Math.max(0, i - 4), i + 8).join(" ");
    yield `list ${id} of what was seen, from number ${i} of ${mine.length} and ${its.length}:`;
    yield `  … ${near(mine)} …`;
    yield `  … ${near(its)} …`;
  }
}

/** What two runs of a program do not agree on: a line for each thing. The first is the witness. */
export function differences(one: Outcome, other: Outcome): readonly string[] {
  const lines: string[] = [];
  const same = (what: string, a: unknown, b: unknown): void => {
    const [mine, its] = [JSON.stringify(a), JSON.stringify(b)];
    if (mine !== its) lines.push(`${what}: ${mine} and ${its}`);
  };
  same("exit", one.exit, other.exit);
  same("executed", one.executed, other.executed);
  same("reports", one.reports, other.reports);
  for (const [name, value] of one.registers) {
    const its = other.registers.get(name);
    if (value !== its) lines.push(`${name}: ${hex(value)} and ${hex(its)}`);
  }
  if (Buffer.compare(one.stdout, other.stdout) !== 0) {
    lines.push(`standard output from byte ${firstDifference(one.stdout, other.stdout)}`);
  }
  lines.push(...pages(one, other), ...seen(one, other));
  return lines;
}
