/** Calls `visit` with the first index, and the index past the last, of each run of ones between two indexes. */
export function forEachRun(
  marks: Uint8Array,
  first: number,
  last: number,
  visit: (first: number, last: number) => void,
): void {
  const range = marks.subarray(first, last);
  let found = range.indexOf(1);
  while (found >= 0) {
    const end = range.indexOf(0, found);
    const stop = end < 0 ? range.length : end;
    visit(first + found, first + stop);
    found = end < 0 ? -1 : range.indexOf(1, stop);
  }
}
