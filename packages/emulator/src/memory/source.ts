/** The bytes of a file, as mappings want them. */
export interface PageSource {
  /** Size of the file in bytes; what is mapped past its last page cannot be accessed. */
  size(): number;
  /** Reads bytes from a position: how many, 0 at the end, or a negated error number. */
  read(into: Uint8Array, position: number): number;
  /** Counts one more address space that maps it. */
  retain(): void;
  /** Counts one less; with the last one, what it takes to read it may be given up. */
  release(): void;
}

/** A file that shared mappings write to. */
export interface WritableSource extends PageSource {
  /** Writes bytes at a position: how many, or a negated error number. */
  write(bytes: Uint8Array, position: number): number;
}

/** The file that a program was loaded from, whose bytes are kept. */
export function createImageSource(bytes: Uint8Array): PageSource {
  return {
    size: () => bytes.length,
    read(into, position) {
      const part = bytes.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
    retain: () => {},
    release: () => {},
  };
}
