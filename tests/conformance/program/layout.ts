// Where everything is in a program of random sequences.

/** First address of the code. */
export const CODE_ADDRESS = 0x1_0000;
/** First address of the data: a page of nothing, then the slots. */
export const DATA_ADDRESS = 0x100_0000;
/** Bytes from slot to slot. */
export const SLOT_SIZE = 4096;
/** First address of what rounds begin with. */
export const POOL_ADDRESS = 0x200_0000;
