import type { Signature } from "../wasm/body.js";

/**
 * How translated code is called: a region gets the pc that it begins at, and how much deeper guest calls may nest as
 * WebAssembly calls. It gives the pc at which execution goes on, or {@link HOST_EXIT}.
 *
 * State is in memory when it is called and when it comes back. Whoever calls it for a guest call compares what it gives
 * with the return address, and gives everything else back to its own caller.
 */
export const REGION: Signature<readonly ["i32", "i32"], "i32"> = { params: ["i32", "i32"], result: "i32" };

/** In place of a pc: the host has to look at `EXIT_CAUSE` and what goes with it. */
export const HOST_EXIT = 1;

/** Nested guest calls that are WebAssembly calls; a deeper one unwinds them all and goes on from there. */
export const DEEPEST = 300;

/** Slot of the table where no region is: what is there gives its pc back. */
export const NO_REGION = 0;
