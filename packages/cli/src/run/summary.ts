import type { GuestExit } from "@qpp/emulator/contract";
import { indented } from "@qpp/plugins/text";

/** How a run went. */
export interface RunFigures {
  readonly exit: GuestExit;
  readonly insns: number;
  readonly seconds: number;
}

/** The tables of all plugins, one under the other, each under its plugin's name; and how the run went. */
export function summaryText(
  summaries: ReadonlyMap<string, string>,
  { exit, insns, seconds }: RunFigures,
): string {
  const tables = [...summaries].map(([plugin, text]) => `\n${plugin}\n${indented(text.trimEnd())}\n`);
  const speed = Math.round(insns / seconds / 1e6);
  const figures = `${insns} instructions in ${seconds.toFixed(2)} s, ${speed} million/s`;
  return `${tables.join("")}\n${howItEnded(exit)}; ${figures}\n`;
}

/** In plain words, how the guest ended. */
export function howItEnded({ code, signal, stopped }: GuestExit): string {
  if (signal !== undefined) return `the guest was ended by ${signal}`;
  if (stopped !== undefined) return `the guest was stopped (${stopped})`;
  return `the guest ended with exit code ${code}`;
}
