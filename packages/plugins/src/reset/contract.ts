import { callback, contract, fn } from "@qpp/core";

/** How far `reset` has come: it listens, listens anew, and has taken everything back. */
export type ResetPhase = "installed" | "reset" | "uninstall";

/** What `reset` offers to others. */
export const reset = contract("reset", {
  callbacks: {
    /** All listeners of the phase before are gone. */
    onPhase: callback<[phase: ResetPhase]>(),
  },
  functions: {
    /** How far it has come. */
    phase: fn<() => ResetPhase>(),
  },
});
