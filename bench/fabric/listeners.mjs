const SLOTS = 64;

/**
 * The ways of making listeners. Each listener adds to typed arrays of its own, to another slot from one event to the next:
 * one that bumps one field measures how fast a store is forwarded to the next load, and hides what the dispatch costs.
 */
const KINDS = {
  /** Functions of different source, as the listeners of different plugins are. */
  distinct: (cells, k) =>
    new Function("cells", `return function listener${k}(value) { cells[value & ${SLOTS - 1}] += value; };`)(
      cells,
    ),
  /** Closures made by one line: they share their code, and what the engine has learnt about it. */
  "one line": (cells) => (value) => {
    cells[value & (SLOTS - 1)] += value;
  },
};

/** `count` listeners of one kind, and the arrays that they write to. */
export function makeListeners(kind, count) {
  const cells = Array.from({ length: count }, () => new Int32Array(SLOTS));
  return { cells, listeners: cells.map((own, k) => KINDS[kind](own, k)) };
}

/** Throws if a listener was not called with each of 0 to `events` - 1, `rounds` times. */
export function checkListeners(cells, events, rounds) {
  const once = (BigInt(events) * BigInt(events - 1)) / 2n;
  const expected = Number(BigInt.asIntN(32, once * BigInt(rounds)));
  for (const [k, own] of cells.entries()) {
    const sum = own.reduce((total, cell) => (total + cell) | 0, 0);
    if (sum !== expected) throw new Error(`listener ${k} counted to ${sum}, not ${expected}`);
  }
}
