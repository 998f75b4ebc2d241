/** Which interval holds a number, when intervals may lie in each other. */
export interface IntervalMap {
  /** Index of the innermost interval that holds the number; -1 for none. */
  find(at: number): number;
}

/**
 * Makes a map of half-open intervals. Of those that hold a number, the one that starts last is the innermost; of equal
 * ones the shortest, and then the last. Empty ones hold nothing. Answers by binary search in what is worked out here, once.
 */
export function createIntervalMap(starts: Float64Array, ends: Float64Array): IntervalMap {
  const order = sortedByStart(starts, ends);
  const borders = new Float64Array(2 * order.length);
  const owners = new Int32Array(2 * order.length);
  let length = 0;
  /** From `at` on, numbers belong to `owner`. */
  const border = (at: number, owner: number): void => {
    if (length > 0 && borders[length - 1] === at) length -= 1;
    borders[length] = at;
    owners[length] = owner;
    length += 1;
  };
  const open: number[] = [];
  const closeUntil = (limit: number): void => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const end = ends[top] ?? 0;
      if (end > limit) return;
      while (open.length > 0 && (ends[open.at(-1) ?? 0] ?? 0) <= end) open.pop();
      border(end, open.at(-1) ?? -1);
    }
  };
  for (const index of order) {
    const start = starts[index] ?? 0;
    closeUntil(start);
    open.push(index);
    border(start, index);
  }
  closeUntil(Number.POSITIVE_INFINITY);
  return {
    find(at) {
      let low = 0;
      let high = length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((borders[middle] ?? 0) <= at) low = middle + 1;
        else high = middle;
      }
      return low === 0 ? -1 : (owners[low - 1] ?? -1);
    },
  };
}

/** Indexes of the intervals that are not empty: by start, longer ones first, in their order where they are equal. */
function sortedByStart(starts: Float64Array, ends: Float64Array): number[] {
  const order: number[] = [];
  let sorted = true;
  for (let index = 0; index < starts.length; index += 1) {
    if ((ends[index] ?? 0) <= (starts[index] ?? 0)) continue;
    const last = order.at(-1);
    if (last !== undefined && before(index, last)) sorted = false;
    order.push(index);
  }
  function before(a: number, b: number): boolean {
    return compare(a, b) < 0;
  }
  function compare(a: number, b: number): number {
    return (starts[a] ?? 0) - (starts[b] ?? 0) || (ends[b] ?? 0) - (ends[a] ?? 0) || a - b;
  }
  return sorted ? order : order.sort(compare);
}
