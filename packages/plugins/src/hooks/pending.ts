/** What waits for a frame of some stack to go. */
export interface Pending<T> {
  add(stack: number, depth: number, what: T): void;
  /** Takes what waits for this frame, or for one above it: the last that was added comes first. */
  take(stack: number, depth: number): T[];
}

/** Starts with nothing that waits. */
export function createPending<T>(): Pending<T> {
  const stacks = new Map<number, { readonly depth: number; readonly what: T }[]>();
  return {
    add(stack, depth, what) {
      const waiting = stacks.get(stack) ?? [];
      stacks.set(stack, waiting);
      waiting.push({ depth, what });
    },
    take(stack, depth) {
      const waiting = stacks.get(stack);
      const taken: T[] = [];
      for (let top = waiting?.at(-1); top !== undefined && top.depth >= depth; top = waiting?.at(-1)) {
        taken.push(top.what);
        waiting?.pop();
      }
      if (waiting?.length === 0) stacks.delete(stack);
      return taken;
    },
  };
}
