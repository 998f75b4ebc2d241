import { contract, fn } from "@qpp/core";

/** What the client heard from its server. */
export interface Heard {
  /** `doAdd(1)`. */
  readonly added: number;
  /** `doSub(1)`. */
  readonly subtracted: number;
  /** How the guest ended; null before. */
  readonly exit: { readonly code: number; readonly clean: boolean } | null;
}

/** What `qpp_client` offers to others. */
export const qppClient = contract("qpp_client", {
  functions: {
    /** What it has heard so far. */
    heard: fn<() => Heard>(),
  },
});
