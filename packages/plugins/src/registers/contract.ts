import { contract, fn } from "@qpp/core";

/** What `registers` offers to others. */
export const registers = contract("registers", {
  functions: {
    /** vCPUs whose registers were checked when they started. */
    vcpus: fn<() => number>(),
    /** How often each thing was checked, and held. */
    checks: fn<() => Readonly<Record<string, number>>>(),
  },
});
