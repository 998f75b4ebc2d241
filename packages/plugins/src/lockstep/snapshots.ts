import type { Cpu, RegisterDescriptor } from "@qpp/emulator/contract";

/** Values of all registers at the last so many blocks. */
export interface Snapshots {
  /** Takes those of a vCPU, in place of the oldest. */
  take(cpu: Cpu): void;
  /** Two halves of a digest of those taken last. */
  digest(): readonly [low: number, high: number];
  /** Values in hexadecimal by name, of those taken `back` before the last. */
  at(back: number): Readonly<Record<string, string>>;
}

/** Makes room for so many snapshots. */
export function createSnapshots(capacity: number): Snapshots {
  let list: readonly RegisterDescriptor[] = [];
  let words = new Uint32Array(0);
  let size = 0;
  let taken = 0;
  const digest: [number, number] = [0, 0];
  const startOf = (index: number): number => (index % capacity) * size;
  return {
    take({ registers }) {
      if (size === 0) {
        list = registers.list;
        size = 2 * list.length;
        words = new Uint32Array(capacity * size);
      }
      registers.copy(words, startOf(taken++));
    },
    digest() {
      const start = startOf(taken - 1);
      digestInto(digest, words, start, start + size);
      return digest;
    },
    at(back) {
      const start = startOf(taken - 1 - back);
      return Object.fromEntries(
        list.map(({ name }, i) => [name, hex(words[start + 2 * i] ?? 0, words[start + 2 * i + 1] ?? 0)]),
      );
    },
  };
}

function hex(low: number, high: number): string {
  return `0x${((BigInt(high) << 32n) | BigInt(low)).toString(16)}`;
}

/** Two sums of products, with other factors and turned by other amounts, so that what is alike in one differs in the other. */
function digestInto(digest: [number, number], words: Uint32Array, start: number, end: number): void {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let i = start; i < end; i++) {
    const word = words[i] ?? 0;
    low = Math.imul(low ^ word, 0x01000193);
    low ^= low >>> 15;
    high = Math.imul(((high << 13) | (high >>> 19)) ^ word, 0x85ebca6b);
  }
  digest[0] = low >>> 0;
  digest[1] = high >>> 0;
}
