import { PAGE_SIZE } from "../memory/layout.js";

/** The guest memory of a fake machine: bytes that were put somewhere, and zeros in the rest of their pages. */
export interface FakeMemory {
  /** Puts bytes there, whether there was something or not. */
  set(address: number, bytes: Uint8Array): void;
  /** A copy; undefined if there is nothing. */
  read(address: number, length: number): Uint8Array | undefined;
  /** Takes everything out. */
  clear(): void;
}

export function createFakeMemory(): FakeMemory {
  const pages = new Map<number, Uint8Array>();
  const pageOf = (address: number): number => Math.floor(address / PAGE_SIZE);
  return {
    set(address, bytes) {
      bytes.forEach((byte, i) => {
        const at = address + i;
        const page = pages.get(pageOf(at)) ?? new Uint8Array(PAGE_SIZE);
        pages.set(pageOf(at), page);
        page[at % PAGE_SIZE] = byte;
      });
    },
    read(address, length) {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) {
        const page = pages.get(pageOf(address + i));
        if (page === undefined) return undefined;
        bytes[i] = page[(address + i) % PAGE_SIZE] ?? 0;
      }
      return bytes;
    },
    clear: () => pages.clear(),
  };
}

/** The bytes of a value, the lowest first. */
export function bytesOf(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  return bytes.subarray(0, length);
}

/** The value of at most eight bytes, the lowest first. */
export function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
