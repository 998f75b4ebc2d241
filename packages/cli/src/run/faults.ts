import type { Fault } from "@qpp/core";

/** Faults as the user is told of them: each kind once, however often it happens. */
export interface FaultLog {
  /** Number of all faults. */
  readonly count: number;
  take(fault: Fault): void;
  /** A line for each kind of fault that happened more than once. */
  repeated(): readonly string[];
}

/** @param say tells a line. */
export function createFaultLog(say: (line: string) => void): FaultLog {
  const kinds = new Map<string, number>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    take({ plugin, where, message }) {
      count++;
      const kind = `plugin "${plugin}" in ${where}`;
      const before = kinds.get(kind) ?? 0;
      kinds.set(kind, before + 1);
      if (before === 0) say(message);
    },
    repeated: () =>
      [...kinds].filter(([, n]) => n > 1).map(([kind, n]) => `${kind}: ${n} faults, the first was shown`),
  };
}
