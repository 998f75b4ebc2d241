/** A file that is mapped into the guest: the same object for all mappings of one opened file. */
export interface MappedFile {
  /** As the guest names it; the program itself as it was given to the machine. */
  readonly path: string;
  /** Size in bytes, as of now. */
  size(): number;
  /**
   * Bytes of the file, from `offset` on, as the guest would read them: fewer than `length` at its end. To be looked at, not
   * changed. It can be read while it is mapped and the guest has not ended; the program that a process was started with,
   * always.
   */
  read(offset: number, length: number): Uint8Array;
}

/** A run of pages with one protection and one origin: a line of `/proc/self/maps` (proc(5)). Stays as it is. */
export interface Mapping {
  /** First address. */
  readonly start: number;
  /** First address past the end. */
  readonly end: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
  /** Made with `MAP_SHARED`. */
  readonly shared: boolean;
  /** Path of the file, the kernel's name for it such as `[heap]`, `[stack]`, `[vdso]`; empty for memory without a name. */
  readonly name: string;
  /** Where in the file the first byte is from; 0 for memory without a file. */
  readonly offset: number;
  /** The file that is mapped; undefined for memory without one. */
  readonly file: MappedFile | undefined;
}
