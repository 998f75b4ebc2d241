import type { Imports } from "@qpp/core";
import type { callstack } from "../callstack/contract.js";

/** A call that is over: of the function at that address, with start and duration in nanoseconds. */
export type OnCall = (vcpu: number, address: number, start: number, duration: number) => void;

/** Tells of calls, when they are over, up to a depth of their stacks. What is still going on at the end is not told. */
export function watchCalls(
  stacks: Imports<typeof callstack>,
  depth: number,
  now: () => number,
  onCall: OnCall,
): void {
  /** By stack: when the frame of each index was entered. */
  const entered = new Map<number, number[]>();
  stacks.onCall.register(({ index: vcpu }, frame) => {
    if (frame.index > depth) return;
    const id = stacks.stackId(vcpu);
    let starts = entered.get(id);
    if (starts === undefined) {
      starts = [];
      entered.set(id, starts);
    }
    starts[frame.index] = now();
  });
  stacks.onReturn.register(({ index: vcpu }, frame) => {
    if (frame.index > depth) return;
    const start = entered.get(stacks.stackId(vcpu))?.[frame.index];
    if (start !== undefined) onCall(vcpu, frame.function, start, now() - start);
  });
}
