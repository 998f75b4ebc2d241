import type { TraceBatch } from "@qpp/emulator/contract";

/** Which tags followed which. */
export interface Edges {
  /** Takes the blocks of a vCPU, as their tags. */
  take(batch: TraceBatch): void;
  /** Forgets which block a vCPU executed last: its index is given to another thread. */
  cut(vcpu: number): void;
  counts(): Iterable<readonly [from: number, to: number, count: number]>;
}

/** Tags below this fit into one number together. */
const MOST_TAGS = 2 ** 26;

/** Counts pairs of tags. A block's first two successors, of which most have no more, are looked up without a hash. */
export function createEdges(): Edges {
  let first = createSuccessors(1024);
  let second = createSuccessors(1024);
  const others = new Map<number, number>();
  const last: (number | undefined)[] = [];

  function grow(tag: number): void {
    const length = 2 ** Math.ceil(Math.log2(tag + 1));
    first = copied(first, length);
    second = copied(second, length);
  }
  function follow(from: number, to: number): void {
    for (const successors of [first, second]) {
      const known = successors.to[from];
      if (known === 0) successors.to[from] = to + 1;
      if (known === 0 || known === to + 1) {
        successors.count[from] = (successors.count[from] ?? 0) + 1;
        return;
      }
    }
    const key = from * MOST_TAGS + to;
    others.set(key, (others.get(key) ?? 0) + 1);
  }
  return {
    take({ length, vcpu, tag }) {
      let i = 0;
      let from = last[vcpu];
      if (from === undefined && length > 0) from = tag[i++] ?? 0;
      if (from === undefined) return;
      for (; i < length; i++) {
        const to = tag[i] ?? 0;
        if (from >= first.to.length) grow(from);
        if (first.to[from] === to + 1) first.count[from] = (first.count[from] ?? 0) + 1;
        else follow(from, to);
        from = to;
      }
      last[vcpu] = from;
    },
    cut(vcpu) {
      last[vcpu] = undefined;
    },
    *counts() {
      for (const { to, count } of [first, second]) {
        for (let from = 0; from < to.length; from++) {
          if (to[from] !== 0) yield [from, (to[from] ?? 0) - 1, count[from] ?? 0];
        }
      }
      for (const [key, count] of others) yield [Math.floor(key / MOST_TAGS), key % MOST_TAGS, count];
    },
  };
}

/** For each tag the one that follows, and 1; and how often. */
interface Successors {
  readonly to: Uint32Array;
  readonly count: Float64Array;
}

const createSuccessors = (length: number): Successors => ({
  to: new Uint32Array(length),
  count: new Float64Array(length),
});

function copied({ to, count }: Successors, length: number): Successors {
  const longer = createSuccessors(length);
  longer.to.set(to);
  longer.count.set(count);
  return longer;
}
