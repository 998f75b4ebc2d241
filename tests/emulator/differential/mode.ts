import type { MachineOptions } from "@qpp/emulator";

/** A way to run a program that must not show. */
export interface Mode {
  readonly name: string;
  readonly machine: Partial<MachineOptions>;
  /** Instructions in each slice, over and over; as one run if empty. */
  readonly slices: readonly number[];
}

/** The witness: everything is interpreted, in one run. */
export const INTERPRETED: Mode = { name: "interpreted", machine: { translate: false }, slices: [] };

/** Interpreted in slices. */
export const sliced = (slices: readonly number[]): Mode => ({
  name: `interpreted in slices of ${slices.join(", ")}`,
  machine: { translate: false },
  slices,
});

/** Blocks are translated after so many executions, between slices. */
export const translated = (after: number, slices: readonly number[]): Mode => ({
  name: `translated after ${after}, in slices of ${slices.join(", ")}`,
  machine: { translate: true, translateAfter: after },
  slices,
});
