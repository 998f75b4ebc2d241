/**
 * A predecoded operation: 16 bytes, 32 for what ends a block or carries more.
 *
 * ```
 *  0 u16 handler   2 u16 rd    4 u16 rs1    6 u16 rs2     registers as byte offsets, 8 * number
 *  8 i32 imm                                              or rounding mode | rs3 << 8
 * 12 u32 pc
 * 16 u32 link if taken   20 u32 link to the next block    operation to go on at, 0 while not known
 * 24 u32 pc if taken     28 u32 pc of the next block
 * ```
 *
 * Offset of each field:
 */
export const Field = {
  HANDLER: 0,
  RD: 2,
  RS1: 4,
  RS2: 6,
  IMM: 8,
  PC: 12,
  TAKEN_LINK: 16,
  NEXT_LINK: 20,
  TAKEN_PC: 24,
  NEXT_PC: 28,
} as const;

/** From a link to the pc that it leads to. */
export const LINK_TO_PC: number = Field.TAKEN_PC - Field.TAKEN_LINK;

/**
 * Fields of a block's first operation: what entering the block takes.
 *
 * Whoever enters a block takes {@link EntryField.DEMAND} off the fuel. If that is not there, entering takes more
 * than that: the fuel is used up, or the demand is one of {@link Demand}, more than there ever is.
 */
export const EntryField = {
  /** u16: instructions of the block. */
  INSNS: 2,
  /** u32: executions until the block is hot. */
  COUNTDOWN: 4,
  /** u16: where in the table the block's region is; in the place of the countdown. */
  SLOT: 4,
  /** u16: fuel without which the region does not start. */
  REGION_FUEL: 6,
  /** u32: instructions of the block, or a {@link Demand}. */
  DEMAND: 8,
} as const;

/** In the place of a block's instructions, where fuel is always less. */
export const Demand = {
  /** The block begins a region. */
  REGION: 0x7fff_fffe,
  /** Executions of the block are counted. */
  COUNTED: 0x7fff_ffff,
} as const;

/** Most fuel that the interpreter can be given at once. */
export const MOST_FUEL = 0x4000_0000;

/** Fields of an instrumentation operation; `IMM` names its cell, site or ring, `PC` is as above. */
export const ProbeField = {
  /** u32: record of a batched event; cell of a conditional call. */
  FIRST: 16,
  /** u64: value of an inline operation or a condition. */
  VALUE: 24,
} as const;

/** Bytes of an operation. */
export const OPERATION_SIZE = 16;
/** Bytes of an operation that ends a block, or of one with {@link ProbeField}s. */
export const LONG_OPERATION_SIZE = 32;

/** In the rd field, the register that swallows what is written to x0. */
export const SINK_REGISTER: number = 32 * 8;

/**
 * Head of a batch lane's ring; its columns follow, each `capacity` elements of 4 bytes, {@link ringStride} apart.
 * Outside of translated regions there is always room for one more event.
 */
export const Ring = {
  /** u32: address in the first column of the next event. */
  END: 0,
  /** u32: events it has room for. */
  CAPACITY: 4,
  /** u32: what {@link Ring.END} is when it is full. */
  LIMIT: 8,
  /** u32: bytes from one column to the next. */
  STRIDE: 12,
  /** First column. */
  COLUMNS: 16,
} as const;

/**
 * Bytes from one column of a ring to the next. The elements of one event do not share their low address bits, which
 * choose the place in the cache.
 */
export function ringStride(capacity: number): number {
  const bytes = (4 * capacity + CACHE_LINE - 1) & -CACHE_LINE;
  return bytes % 1024 === 0 ? bytes + CACHE_LINE : bytes;
}

const CACHE_LINE = 64;
