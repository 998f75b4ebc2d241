import type { Instruction } from "@qpp/emulator/contract";
import type { ExeclogArguments } from "./arguments.js";

/** Which instructions are logged. */
export interface Filter {
  /** Whether anything was asked for; if not, all are. */
  readonly isGiven: boolean;
  chooses(instruction: Instruction): boolean;
}

/** Instructions that one of the filters meets. */
export function createFilter({ ifilter, afilter }: Pick<ExeclogArguments, "ifilter" | "afilter">): Filter {
  const isGiven = ifilter.length + afilter.length > 0;
  const addresses = new Set(afilter);
  return {
    isGiven,
    chooses: ({ pc, text }) =>
      !isGiven || addresses.has(pc) || ifilter.some((beginning) => text.startsWith(beginning)),
  };
}
