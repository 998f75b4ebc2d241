/** The size and shape of a cache. */
export interface Geometry {
  readonly bytes: number;
  /** Blocks of a set. */
  readonly ways: number;
  /** Bytes of a block (a line), a power of two. */
  readonly blockBytes: number;
}

/** What does not fit together; undefined if it does. */
export function geometryProblem({ bytes, ways, blockBytes }: Geometry): string | undefined {
  if (!Number.isInteger(Math.log2(blockBytes)))
    return `a block must have a power of two of bytes, not ${blockBytes}`;
  const set = ways * blockBytes;
  return bytes % set === 0
    ? undefined
    : `its ${bytes} bytes must be divisible by the size of a set, which is ${set} (${ways} blocks of ${blockBytes})`;
}

/** How many sets it has. */
export const setsOf = ({ bytes, ways, blockBytes }: Geometry): number => bytes / (ways * blockBytes);

/** How far an address is shifted to get the number of its block. */
export const blockShift = ({ blockBytes }: Geometry): number => Math.log2(blockBytes);
