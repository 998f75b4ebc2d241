// What FORMAT.md says, in numbers: shared by writer and reader.

/** First bytes of a file: "QPPTRACE". */
export const MAGIC: Uint8Array = new TextEncoder().encode("QPPTRACE");
/** The format's version, a u32 behind {@link MAGIC}. */
export const VERSION = 1;
/** Bytes of the head: magic, version, flags. */
export const HEAD_BYTES = 16;
/** Flag in the head: values are recorded. */
export const HAS_VALUES = 1;

/** Tags of frames, as u32s that are stored little-endian. */
export const Tag = {
  /** "CHNK" */
  CHUNK: 0x4b4e_4843,
  /** "DONE" */
  DONE: 0x454e_4f44,
} as const;
/** Bytes before a frame's payload: tag, its length, its length when inflated, the CRC-32 of these and it. */
export const FRAME_BYTES = 16;
/** No chunk is larger than this when inflated. */
export const MOST_CHUNK_BYTES = 1 << 28;

/** Bits of a segment's flags. */
export const SegmentFlag = { GOES_ON: 1 } as const;

/** Bits of an instruction's shape. */
export const Shape = { SIZE_SHIFT: 3, LOAD: 4, STORE: 8, FOUR_BYTES: 16 } as const;

/** Entries of the table by which the next block is predicted. */
export const CONTEXTS = 1 << 16;

/** The context behind a block: a hash of this one and the last few. */
export function nextContext(context: number, place: number): number {
  return ((context << 5) ^ Math.imul(place, 0x9e37_79b1)) & (CONTEXTS - 1);
}

/** Numbers that are kept of each place to predict addresses: see {@link SiteField}. */
export const SITE_FIELDS = 4;
/** What is kept of a site. */
export const SiteField = {
  /** Address of its last access. */
  LAST: 0,
  /** From the one before to that. */
  STRIDE: 1,
  /** From the access before, of whatever site, to that. */
  GAP: 2,
  /** Which of both predicts better: 0 and 1 for the stride, 2 and 3 for the gap. */
  TREND: 3,
} as const;
