import type { Cpu } from "./cpu.js";
import type { AccessSite } from "./instruction.js";
import type { EventLanes } from "./lanes.js";

/**
 * One successful access. On the direct lane it is one object, reused: read it before you return.
 * On the Rx lane it is yours to keep.
 */
export interface MemoryAccess {
  readonly site: AccessSite;
  /** Guest address of the first byte. */
  readonly address: number;
  /** Low 32 bits of the value loaded or stored, zero-extended from its size (QEMU: `mem_get_value`). */
  readonly valueLow: number;
  /** High 32 bits; 0 for accesses of up to 4 bytes. */
  readonly valueHigh: number;
  /** The whole value; makes a bigint. */
  readonly value: bigint;
  readonly isStore: boolean;
  readonly bytes: 1 | 2 | 4 | 8;
  /** Always throws {@link SystemModeOnlyError} (QEMU: `get_hwaddr`). */
  hardwareAddress(): never;
}

/** An access on the Rx lane. */
export interface MemoryAccessEvent {
  readonly cpu: Cpu;
  readonly access: MemoryAccess;
}

/** Accesses, oldest first. `pc` and `info` are worked out when they are first asked for. */
export interface MemoryBatch {
  readonly length: number;
  readonly vcpu: number;
  /** Address of the first byte of each access. */
  readonly address: Uint32Array;
  /** Address of the instruction. */
  readonly pc: Uint32Array;
  /** Low half of each value, zero-extended from its size. */
  readonly valueLow: Uint32Array;
  /** High half of each value. */
  readonly valueHigh: Uint32Array;
  /** log2 of the bytes in bits 0..1, bit 2: signed, bit 3: store, bit 4: atomic. See {@link AccessInfo}. */
  readonly info: Uint32Array;
  /** What is known of the i-th access's instruction. */
  site(i: number): AccessSite;
}

/** Bits of {@link MemoryBatch.info}. */
export const AccessInfo = { SIZE_SHIFT: 3, SIGNED: 4, STORE: 8, ATOMIC: 16 } as const;

/** Memory accesses, and the guest's memory itself. */
export interface MemoryEvents {
  /** Only accesses for which `predicate` holds; it runs once a translation. */
  where(predicate: (site: AccessSite) => boolean): MemoryEvents;
  /**
   * After the access, if it succeeded (QEMU: `register_vcpu_mem_cb`). An atomic read-modify-write is a load, then a
   * store; so is an SC whose address is the reserved one, and any other SC accesses nothing.
   */
  readonly accessed: EventLanes<[cpu: Cpu, access: MemoryAccess], MemoryAccessEvent, MemoryBatch, AccessSite>;
  /** A copy of guest memory; undefined if a byte of it is not readable for the guest (QEMU: `read_memory_vaddr`). */
  read(address: number, length: number): Uint8Array | undefined;
  /** Reads up to, and without, a 0 byte; undefined if there is none within `limit` (default 4096) readable bytes. */
  readString(address: number, limit?: number): string | undefined;
  /**
   * Writes guest memory; false, and nothing written, if a byte of it is not writable for the guest.
   * Code written so is seen by the next block (QEMU: `write_memory_vaddr`).
   */
  write(address: number, bytes: Uint8Array): boolean;
  /** Always throws {@link SystemModeOnlyError} (QEMU: `translate_vaddr`). */
  translate(address: number): never;
  /** Always throws {@link SystemModeOnlyError} (QEMU: `read_memory_hwaddr`). */
  readHardware(address: number, length: number): never;
  /** Always throws {@link SystemModeOnlyError} (QEMU: `write_memory_hwaddr`). */
  writeHardware(address: number, bytes: Uint8Array): never;
}
