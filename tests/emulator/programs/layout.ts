// Where everything is in a random program with control flow.

/** First address of the code. */
export const CODE_ADDRESS = 0x1_0000;
/** Two pages that may be written and executed, for code that the program makes itself. */
export const BUFFER_ADDRESS = 0x80_0000;
/** See {@link BUFFER_ADDRESS}. */
export const BUFFER_SIZE = 0x2000;
/** First address of the data: tables of addresses first, then cells, then the slot with the arena around it. */
export const DATA_ADDRESS = 0x100_0000;
/** Cells: counters in memory, and places that the program can jump back to. */
export const CELLS: number = DATA_ADDRESS + 0x8000;
/** A cell: how often the first function is still to be called. */
export const ROUNDS: number = CELLS + 120;
/** A page boundary in the middle of the arena; behind it are registers, as they are dumped. */
export const SLOT: number = DATA_ADDRESS + 0xa000;
/** A page whose protection the program changes. */
export const LAB: number = DATA_ADDRESS + 0xc000;
/** Size of the data, all of it. */
export const DATA_SIZE = 0xd000;
/** Behind the lab is a page that can only be read, and behind that nothing. */
export const READ_ONLY: number = DATA_ADDRESS + DATA_SIZE;
/** The stack's first value; it grows down. Words from here on lead to the program's end. */
export const STACK_TOP = 0x200_0000;
/** Room for the deepest recursion that fuel allows. */
export const STACK_SIZE = 0x10_0000;
/** Bytes of the words that lead to the end. */
export const STACK_FILL = 0x1000;

/** Bytes of a stack frame: the return address, two counters, two scratch words. */
export const FRAME = {
  size: 48,
  link: 8,
  counters: [16, 24],
  scratch: [32, 40],
} as const;
