import { callback, contract } from "@qpp/core";

/** Why the guest is stopped. */
export interface Trigger {
  readonly kind: "icount" | "addr";
  readonly vcpu: number;
  /** Address of the instruction that is not executed any more. */
  readonly pc: number;
  /** What the guest's exit code becomes. */
  readonly code: number;
}

/** What `stoptrigger` offers to others. */
export const stoptrigger = contract("stoptrigger", {
  callbacks: {
    /** The guest is about to be stopped, in front of the instruction at `trigger.pc`; its state can be read. */
    triggered: callback<[trigger: Trigger]>(),
  },
});
