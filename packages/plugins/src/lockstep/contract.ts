import { callback, contract, fn } from "@qpp/core";
import type { Divergence } from "./exchange.js";

export type { Divergence } from "./exchange.js";
export type { BlockPlace, End, SideState } from "./protocol.js";

/** What `lockstep` offers to others. */
export const lockstep = contract("lockstep", {
  callbacks: {
    /**
     * The two have gone different ways: told once, for the first block that differs, some thousands of blocks after this side has
     * executed it.
     */
    diverged: callback<[divergence: Divergence]>(),
  },
  functions: {
    /** How many blocks of both sides have been compared so far. */
    compared: fn<() => number>(),
  },
});
