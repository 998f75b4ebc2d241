import type { PassageEdge } from "./flow.js";

/** An edge in the list of its passage. */
interface Listed {
  readonly from: number;
  readonly to: number;
  count: number;
  next: Listed | undefined;
}

/** Edges of passages that have many, as returns and other indirect jumps do. */
export interface Further {
  count(from: number, to: number): void;
  /** In the order in which they were first counted. */
  edges(): Iterable<PassageEdge>;
}

/** Begins with none. Each passage has a list, in which the edge that was counted last is in front: jumps repeat themselves. */
export function createFurther(): Further {
  const fronts: (Listed | undefined)[] = [];
  const all: Listed[] = [];

  function add(from: number, to: number): void {
    const made: Listed = { from, to, count: 1, next: fronts[from] };
    fronts[from] = made;
    all.push(made);
  }

  return {
    edges: () => all,
    count(from, to) {
      const front = fronts[from];
      if (front?.to === to) {
        front.count++;
        return;
      }
      let before = front;
      for (let each = front?.next; each !== undefined && before !== undefined; each = each.next) {
        if (each.to === to) {
          each.count++;
          before.next = each.next;
          each.next = front;
          fronts[from] = each;
          return;
        }
        before = each;
      }
      add(from, to);
    },
  };
}
