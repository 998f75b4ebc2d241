/**
 * Where everything lives in the WebAssembly memory of an address space.
 *
 * ```
 * 0x0000_0000  vCPU state            the guest's null page and its neighbours: never mapped, so the
 * 0x0001_0000                        machine's own state can live where the guest always faults
 * 0x0001_0000  guest, 1:1            a guest address is an index into the memory
 * 0xC000_0000  page permissions      one byte a guest page
 * 0xC010_0000  block directory       four bytes a guest page: its table of translation blocks
 * 0xC040_0000  spans                 twice eight bytes a guest page: what around it can be read, and written
 * 0xC100_0000  cells                 counters and scoreboards of each vCPU
 * 0xE100_0000  rings                 events on the batch lane
 * 0xE900_0000  code                  predecoded operations
 * 0xFFFF_0000  end
 * ```
 *
 * The memory is created at its full size: untouched pages cost address space, not memory.
 */

/** Bytes in a guest page (RISC-V privileged manual, "Sv39": 4 KiB). */
export const PAGE_SIZE = 4096;
/** log2 of {@link PAGE_SIZE}. */
export const PAGE_SHIFT = 12;

/** First address that the guest can have mapped; Linux's `vm.mmap_min_addr` is 65536 as well. */
export const GUEST_START = 0x1_0000;
/** First address past the guest's address space; an access at or above it faults. */
export const GUEST_END = 0xc000_0000;

/** One byte for each guest page, indexed by `address >>> PAGE_SHIFT`; bits are {@link Permission}. */
export const PERMISSIONS = 0xc000_0000;
/** One u32 for each guest page: the address of its block table, or 0. */
export const BLOCK_DIRECTORY = 0xc010_0000;
/** Of each guest page, the span of readable pages that it is in: two u32, see `spans.ts`. */
export const READ_SPANS = 0xc040_0000;
/** Of each guest page, the span of pages that it is in which can be read and written: two u32, see `spans.ts`. */
export const WRITE_SPANS = 0xc0a0_0000;
/** Size of the memory in WebAssembly pages of 64 KiB. */
export const MEMORY_PAGES = 0xffff;

/** What a permission byte says of a guest page. */
export const Permission = {
  /** Loads may touch it. */
  READ: 1,
  /** Stores may touch it without further ado. */
  WRITE: 2,
  /** Instructions may be fetched from it. */
  EXEC: 4,
  /**
   * The page is writable for the guest, but WRITE is withheld, so that the first store takes the slow path: blocks were
   * predecoded from it, which are thrown away then; or nothing was stored to it yet, which is noted then (`pages.ts`).
   */
  WRITE_CODE: 8,
  /** The page is part of a mapping (PROT_NONE ones too). */
  MAPPED: 16,
  /**
   * The page shows what another page of the address space shows, which was written to: any access takes the slow path,
   * which brings it up to date first. No other bit but MAPPED is set then.
   */
  HELD: 32,
} as const;

/** The state of the vCPU that runs, up to {@link VCPU_STATE_END}: what is kept of it while another one runs. */
export const VCPU_STATE = 0x100;
/** Integer registers: 32 of 8 bytes, then one that takes what is written to x0. */
export const X_REGISTERS = 0x100;
/** Floating-point registers: 32 of 8 bytes, NaN-boxed. */
export const F_REGISTERS = 0x300;
/** Program counter (u64; exact whenever WebAssembly is not running, and in direct callbacks). */
export const PC = 0x400;
/** `fcsr` (u32): flags in bits 0..4, rounding mode in bits 5..7 (unprivileged manual, "F"). */
export const FCSR = 0x408;
/** LR/SC reservation: address (u64, all ones if none), and the value that LR read (u64). */
export const RESERVATION_ADDRESS = 0x410;
/** See {@link RESERVATION_ADDRESS}. */
export const RESERVATION_VALUE = 0x418;
/** See {@link VCPU_STATE}. */
export const VCPU_STATE_END = 0x420;
/** Why the interpreter came back: u32, one of the interpreter's exit codes. */
export const EXIT_CAUSE = 0x420;
/** What a fault says about itself: u64, the faulting address or instruction bits (`stval`). */
export const EXIT_VALUE = 0x428;
/** Instructions that may still be executed before the interpreter comes back (i64). */
export const FUEL = 0x430;
/** Address of the predecoded operation at which the interpreter stopped (u32). */
export const EXIT_OPERATION = 0x438;
/** Address of the current vCPU's cells (u32): counters and scoreboards, the same offsets for each vCPU. */
export const VCPU_CELLS = 0x43c;
/** What a traced memory instruction did: its address (u32). */
export const TRACE_ADDRESS = 0x440;
/** 1 if it has stored: a store-conditional may not (u32). */
export const TRACE_STORED = 0x444;
/** The value it loaded, zero-extended (u64). */
export const TRACE_LOADED_VALUE = 0x448;
/** The value it stored, zero-extended (u64). */
export const TRACE_STORED_VALUE = 0x450;

/**
 * Where indirect jumps went, for the translator: entries of 8 bytes, the jump's operation (u32) and its target
 * (u32), by the target's bits 1 to 10. Older entries are lost to newer ones of the same bits.
 */
export const JUMP_LOG = 0x1000;
/** Entries of {@link JUMP_LOG}. */
export const JUMP_LOG_ENTRIES = 1024;

/**
 * Windows: for each place in translated code that checks an address, the span where it found the last one, as two u64;
 * both 0 where there was none since permissions have last been taken away. Up to {@link GUEST_START}.
 */
export const WINDOWS = 0x3000;
/** Bytes of one of {@link WINDOWS}. */
export const WINDOW_SIZE = 16;

/** Per-vCPU cells: {@link CELLS_PER_VCPU} bytes for each of at most {@link MOST_VCPUS}. */
export const CELLS_START = 0xc100_0000;
/** See {@link CELLS_START}. */
export const CELLS_PER_VCPU = 0x40_0000;
/** vCPUs, and so guest threads, that there can be at a time, in all processes. */
export const MOST_VCPUS = 128;
/** Rings of the batch lane. */
export const RINGS_START: number = CELLS_START + MOST_VCPUS * CELLS_PER_VCPU;
/** See {@link RINGS_START}. */
export const RINGS_END: number = RINGS_START + 0x800_0000;
/** Predecoded blocks and their tables. */
export const CODE_START: number = RINGS_END;
/** See {@link CODE_START}. */
export const CODE_END = 0xffff_0000;
