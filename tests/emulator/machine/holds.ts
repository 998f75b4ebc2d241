import type { Condition } from "@qpp/emulator/contract";

/** What each condition of a conditional callback means, for unsigned numbers. */
export const HOLDS: Readonly<Record<Condition, (a: bigint, b: bigint) => boolean>> = {
  never: () => false,
  always: () => true,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

/** All of them. */
export const CONDITIONS = Object.keys(HOLDS) as readonly Condition[];
