/** How many blocks in a row must differ until the two are taken to be apart for good: as in QEMU's plugin. */
const APART = 3;

/** Told what is found. */
export interface ComparisonListener {
  /** The block at `index`, counted from 0, differs; `first` if none has before. */
  differs(index: number, first: boolean): void;
}

/**
 * Compares two streams of records lane by lane, of which pieces come in any order. It ends when three records in a row differ:
 * one side has then gone another way, and what the two do is not worth comparing any more.
 */
export interface Comparison {
  /** How many records of each side have come. */
  readonly own: number;
  readonly theirs: number;
  /** How many have been compared. */
  readonly compared: number;
  /** How many of them differ. */
  readonly differing: number;
  /** Whether the two are apart for good. */
  readonly apart: boolean;
  /** This side's next records; not changed afterwards. Compares what can be. */
  pushOwn(records: Uint32Array): void;
  /** The other side's. */
  pushTheirs(records: Uint32Array): void;
  /** The other side's address at an index that is being told. */
  theirAddress(): number;
}

/** A stream, of which what was compared is forgotten. */
interface Side {
  readonly pieces: Uint32Array[];
  count: number;
  /** Word in the first piece. */
  at: number;
}

/** @param words of a record: the first one is the address */
export function createComparison(words: number, listener: ComparisonListener): Comparison {
  const own: Side = { pieces: [], count: 0, at: 0 };
  const theirs: Side = { pieces: [], count: 0, at: 0 };
  let compared = 0;
  let differing = 0;
  let inARow = 0;
  let theirAddress = 0;

  const push = (side: Side, records: Uint32Array): void => {
    if (records.length === 0) return;
    side.pieces.push(records);
    side.count += records.length / words;
    while (inARow < APART && comparePieces());
  };

  /** Compares as far as the first pieces reach; false if there is nothing to compare. */
  function comparePieces(): boolean {
    const [a] = own.pieces;
    const [b] = theirs.pieces;
    if (a === undefined || b === undefined) return false;
    const length = Math.min(a.length - own.at, b.length - theirs.at);
    let i = 0;
    for (; i < length && inARow < APART; i += words) compareRecords(a, own.at + i, b, theirs.at + i);
    advance(own, a, i);
    advance(theirs, b, i);
    return true;
  }

  function compareRecords(a: Uint32Array, atA: number, b: Uint32Array, atB: number): void {
    let same = true;
    for (let word = 0; word < words; word++) if (a[atA + word] !== b[atB + word]) same = false;
    const index = compared++;
    if (same) {
      inARow = 0;
      return;
    }
    inARow++;
    theirAddress = b[atB] ?? 0;
    listener.differs(index, differing++ === 0);
  }

  return {
    get own() {
      return own.count;
    },
    get theirs() {
      return theirs.count;
    },
    get compared() {
      return compared;
    },
    get differing() {
      return differing;
    },
    get apart() {
      return inARow >= APART;
    },
    pushOwn: (records) => push(own, records),
    pushTheirs: (records) => push(theirs, records),
    theirAddress: () => theirAddress,
  };
}

function advance(side: Side, piece: Uint32Array, words: number): void {
  side.at += words;
  if (side.at < piece.length) return;
  side.pieces.shift();
  side.at = 0;
}
