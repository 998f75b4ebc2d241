import type { Budget } from "../budget.js";

const CHUNK = 0x4000;

/** The bytes of a file in memory: chunks, of which only those exist that were written to. */
export interface MemoryData {
  readonly size: number;
  /** Bytes that it takes. */
  readonly taken: number;
  read(into: Uint8Array, position: number): number;
  /** The number of bytes written; -ENOSPC. */
  write(bytes: Uint8Array, position: number): number;
  resize(size: number): void;
  /** Gives all memory back. */
  free(): void;
}

/** Makes an empty file. */
export function createMemoryData(budget: Budget): MemoryData {
  const chunks = new Map<number, Uint8Array>();
  let size = 0;

  function drop(index: number): void {
    if (chunks.delete(index)) budget.giveMemory(CHUNK);
  }

  return {
    get size() {
      return size;
    },
    get taken() {
      return chunks.size * CHUNK;
    },
    read(into, position) {
      const count = Math.max(0, Math.min(into.length, size - position));
      for (let done = 0; done < count; ) {
        const at = (position + done) % CHUNK;
        const length = Math.min(CHUNK - at, count - done);
        const chunk = chunks.get(Math.floor((position + done) / CHUNK));
        if (chunk) into.set(chunk.subarray(at, at + length), done);
        else into.fill(0, done, done + length);
        done += length;
      }
      return count;
    },
    write(bytes, position) {
      let done = 0;
      while (done < bytes.length) {
        const at = (position + done) % CHUNK;
        const length = Math.min(CHUNK - at, bytes.length - done);
        const index = Math.floor((position + done) / CHUNK);
        let chunk = chunks.get(index);
        if (!chunk) {
          const refused = budget.takeMemory(CHUNK);
          if (refused < 0) return done > 0 ? done : refused;
          chunk = new Uint8Array(CHUNK);
          chunks.set(index, chunk);
        }
        chunk.set(bytes.subarray(done, done + length), at);
        done += length;
        size = Math.max(size, position + done);
      }
      return done;
    },
    resize(wanted) {
      if (wanted < size) {
        for (const index of [...chunks.keys()]) if (index * CHUNK >= wanted) drop(index);
        chunks.get(Math.floor(wanted / CHUNK))?.fill(0, wanted % CHUNK);
      }
      size = wanted;
    },
    free() {
      for (const index of [...chunks.keys()]) drop(index);
      size = 0;
    },
  };
}
