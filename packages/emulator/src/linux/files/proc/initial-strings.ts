import type { GuestMemory } from "../../../memory/guest-memory.js";

/** The strings that a program was started with, as they are in its memory now. */
export interface InitialStrings {
  /** argv, each with its NUL. */
  readonly args: Uint8Array;
  /** The environment, each with its NUL. */
  readonly env: Uint8Array;
  /** The auxiliary vector, AT_NULL included. */
  readonly auxv: Uint8Array;
}

const WORD = 8;
const LONGEST_STRING = 0x2_0000;
const MOST_POINTERS = 0x4_0000;
const AT_NULL = 0;

/**
 * Reads what a program found on its stack (see `initial-stack.ts`). Pages that the program has unmapped since give nothing, as
 * in Linux.
 */
export function readInitialStrings(memory: GuestMemory, stackPointer: number): InitialStrings {
  const word = (at: number): number => {
    const bytes = memory.peek(at, WORD);
    if (!bytes) return 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset, WORD);
    return view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  };
  let at = stackPointer + WORD;
  const pointers = (): number[] => {
    const list: number[] = [];
    for (let value = word(at); value !== 0 && list.length < MOST_POINTERS; value = word(at)) {
      list.push(value);
      at += WORD;
    }
    at += WORD;
    return list;
  };
  const args = strings(memory, pointers());
  const env = strings(memory, pointers());
  const start = at;
  let entries = 1;
  while (word(at) !== AT_NULL && entries < MOST_POINTERS) {
    at += 2 * WORD;
    entries += 1;
  }
  return { args, env, auxv: memory.peek(start, at + 2 * WORD - start)?.slice() ?? new Uint8Array() };
}

function strings(memory: GuestMemory, pointers: readonly number[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const pointer of pointers) {
    let end = pointer;
    while (end - pointer < LONGEST_STRING) {
      const byte = memory.peek(end, 1)?.[0];
      end += 1;
      if (byte === undefined || byte === 0) break;
    }
    const part = memory.peek(pointer, end - pointer);
    if (part) parts.push(part);
  }
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let to = 0;
  for (const part of parts) {
    all.set(part, to);
    to += part.length;
  }
  return all;
}
