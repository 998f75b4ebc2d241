import type { Fifo } from "./fifo.js";
import type { Seals } from "./memory/seals.js";
import type { FileStatus, FileTime, OpenFile } from "./open-file.js";
import type { Place } from "./tree/place.js";

/** The task on whose behalf something is looked up: `/proc/self` depends on it. */
export interface Caller {
  readonly pid: number;
  readonly tid: number;
}

/** What a link is followed to that no path can name: see proc(5), `/proc/pid/fd`. */
export type Jump =
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "file"; readonly file: OpenFile };

/** A name in a directory. */
export interface Entry {
  readonly name: string;
  /** 64 bits wide on many file systems. */
  readonly inode: bigint;
  /** {@link FileType} bits. */
  readonly type: number;
}

/** What statfs(2) tells about the file system. */
export interface FileSystemFacts {
  /** Magic number (statfs(2)). */
  readonly magic: number;
  readonly blockSize: number;
  /** Of `blockSize` bytes. */
  readonly blocks: number;
  readonly freeBlocks: number;
  readonly files: number;
  readonly freeFiles: number;
}

/**
 * A file of any type, wherever it is kept: on the host, in memory, or made up (inode(7)). Like those of {@link OpenFile},
 * operations return a result or a negated error number, and may throw errors of the host's `fs`. Whether the guest may
 * do a thing has been decided before.
 */
export interface Inode {
  /** {@link FileType} bits. Never changes. */
  readonly type: number;
  /** The same for all that are the same file, and for no other. */
  readonly identity: string;
  status(): FileStatus;
  /**
   * Opens what is neither link nor directory; `flags` are those of open(2), without O_CREAT.
   * @param place where it was found; undefined for a file that has no name.
   */
  open(flags: number, place: Place | undefined): OpenFile | number;
  /** Where a link leads, as text; -EINVAL for what is no link. */
  readLink(caller: Caller): string | number;
  /** Where a link leads that is not followed by its text. */
  jump?(caller: Caller): Jump | number;
  /** Sets the permission bits (chmod(2)). */
  changeMode(mode: number): number;
  /** Sets times; undefined leaves one as it is, "now" sets it to the present (utimensat(2)). */
  setTimes(accessed: FileTime | "now" | undefined, modified: FileTime | "now" | undefined): number;
  truncate(length: number): number;
  fileSystem(): FileSystemFacts;
  /** What may not be done to it any more, of a file in memory. */
  readonly seals?: Seals;
  /** By which a FIFO is opened: `open` refuses it, for who opens one may have to wait. */
  readonly fifo?: Fifo;
  /** What is in a directory; undefined for all else. */
  readonly directory?: Directory;
}

/** The names in a directory. Those it is told to make or remove have been looked up just before. */
export interface Directory {
  /** What has a name; undefined if nothing has. */
  lookup(name: string, caller: Caller): Inode | number | undefined;
  /** All names but `.` and `..`, always in the same order. */
  list(caller: Caller): readonly Entry[];
  /** Makes a regular file and opens it (open(2) with O_CREAT and O_EXCL). */
  create(name: string, mode: number, flags: number, at: (inode: Inode) => Place): OpenFile | number;
  makeDirectory(name: string, mode: number): number;
  makeLink(name: string, target: string): number;
  makeFifo(name: string, mode: number): number;
  /** Gives a file of the same file system one more name. */
  addName(name: string, inode: Inode): number;
  remove(name: string): number;
  removeDirectory(name: string): number;
  /** Renames to a name in a directory of the same file system; `exchange`: RENAME_EXCHANGE. */
  rename(name: string, to: Directory, toName: string, exchange: boolean): number;
}
