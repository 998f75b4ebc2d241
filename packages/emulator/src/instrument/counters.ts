import type { Consumer } from "@qpp/core";
import type { Counter, CounterTable } from "../contract/lanes.js";
import type { Cells } from "./cells.js";

/** A cell as a counter. After `detach` it keeps the value that it had. */
export function cellCounter(cells: Cells, cell: number, detach: () => void): Counter {
  let frozen: readonly number[] | undefined;
  return {
    get value() {
      return frozen === undefined ? cells.sum(cell) : frozen.reduce((a, b) => a + b, 0);
    },
    ofVcpu(index) {
      return frozen === undefined ? cells.read(cell, index) : (frozen[index] ?? 0);
    },
    detach() {
      if (frozen !== undefined) return;
      frozen = Array.from({ length: cells.vcpus }, (_, vcpu) => cells.read(cell, vcpu));
      detach();
      cells.free(cell, 1);
    },
  };
}

/** Counters by key, each made when its key is first met at a translation. */
export interface CellTable<K> {
  readonly table: CounterTable<K>;
  /** Cell of a key. */
  cellOf(key: K): number;
}

/** Makes an empty table. */
export function cellTable<K>(cells: Cells, detach: () => void): CellTable<K> {
  const counters = new Map<K, { readonly cell: number; readonly counter: Counter }>();
  let detached = false;
  return {
    cellOf(key) {
      const known = counters.get(key);
      if (known !== undefined) return known.cell;
      const cell = cells.allocate(1);
      counters.set(key, { cell, counter: cellCounter(cells, cell, () => {}) });
      return cell;
    },
    table: {
      get: (key) => counters.get(key)?.counter.value ?? 0,
      ofVcpu: (key, index) => counters.get(key)?.counter.ofVcpu(index) ?? 0,
      *entries() {
        for (const [key, { counter }] of counters) {
          const { value } = counter;
          if (value > 0) yield [key, value];
        }
      },
      detach() {
        if (detached) return;
        detached = true;
        detach();
        for (const { counter } of counters.values()) counter.detach();
      },
    },
  };
}

/** Has a counter, or a table of them, detached with its consumer. */
export function ownedCounter<C extends { detach(): void }>(consumer: Consumer, counter: C): C {
  consumer.add(() => counter.detach());
  return counter;
}
