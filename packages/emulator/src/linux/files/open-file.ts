import { Errno } from "../errno.js";
import type { Inode } from "./inode.js";
import type { Watchers } from "./readiness.js";
import type { Place } from "./tree/place.js";

/** Flags of open(2) on riscv64, which are the generic ones (include/uapi/asm-generic/fcntl.h). */
export const OpenFlag = {
  ACCMODE: 0o3,
  RDONLY: 0o0,
  WRONLY: 0o1,
  RDWR: 0o2,
  CREAT: 0o100,
  EXCL: 0o200,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  NONBLOCK: 0o4000,
  LARGEFILE: 0o100000,
  DIRECTORY: 0o200000,
  NOFOLLOW: 0o400000,
  CLOEXEC: 0o2000000,
  PATH: 0o10000000,
  /** `__O_TMPFILE`, the bit that O_TMPFILE adds to O_DIRECTORY. */
  TMPFILE: 0o20000000,
} as const;

/** Flags that stay with an open file description and that F_GETFL tells. */
export const STATUS_FLAGS: number =
  OpenFlag.ACCMODE | OpenFlag.APPEND | OpenFlag.NONBLOCK | OpenFlag.DIRECTORY | OpenFlag.PATH;

/** File type bits of `st_mode` (inode(7)). */
export const FileType = {
  FIFO: 0o010000,
  CHARACTER: 0o020000,
  DIRECTORY: 0o040000,
  REGULAR: 0o100000,
  LINK: 0o120000,
  BLOCK: 0o060000,
  SOCKET: 0o140000,
} as const;

/** A point in time as `struct timespec` has it. */
export interface FileTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What stat(2) tells. */
export interface FileStatus {
  readonly device: number;
  /** 64 bits wide on many file systems. */
  readonly inode: bigint;
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly blockSize: number;
  /** Of 512 bytes. */
  readonly blocks: number;
  readonly accessed: FileTime;
  readonly modified: FileTime;
  readonly changed: FileTime;
}

/**
 * An open file description (open(2)): what descriptors refer to, and share after dup(2). Operations return a result
 * or a negated error number; they may throw errors of the host's `fs`. One that would have to wait is -EAGAIN, whatever
 * O_NONBLOCK says: the system call waits then.
 */
export interface OpenFile {
  /** Real path, or a name such as `pipe:[1]`. */
  readonly path: string;
  /** Whether relative paths can start here. */
  readonly isDirectory: boolean;
  /** Where it was opened, for what was opened by a path. */
  readonly place?: Place;
  /** What it is, for what was opened by a path, and can be opened once more (proc(5), `/proc/pid/fd`). */
  readonly inode?: Inode;
  /** Access mode and status flags, as F_GETFL tells them. */
  flags: number;
  /** Whether the guest sees a terminal here. */
  readonly terminal: boolean;
  read(into: Uint8Array): number;
  write(bytes: Uint8Array): number;
  readAt(into: Uint8Array, position: number): number;
  writeAt(bytes: Uint8Array, position: number): number;
  /** lseek(2): the new position. */
  seek(offset: number, whence: number): number;
  truncate(length: number): number;
  sync(): number;
  /** Sets the permission bits (fchmod(2)). */
  changeMode(mode: number): number;
  /** Fills a buffer with `struct linux_dirent64` records (getdents64(2)); 0 at the end. */
  readEntries(into: Uint8Array): number;
  status(): FileStatus;
  /** The {@link Poll} bits that hold now (poll(2)). */
  poll(): number;
  /**
   * Looks whether the world outside has changed what `poll` says, and tells those who watch. Files without are changed by the
   * guest alone. Gives whether the world outside can: an instance of epoll(7) has to know what it watches.
   */
  look?(): boolean;
  /** Those to tell when what `poll` says may have changed. Files without cannot be given to epoll_ctl(2). */
  readonly watchers?: Watchers;
  /** Bytes that can be read without waiting (ioctl_pipe(2), FIONREAD); undefined for files that do not tell. */
  unread?(): number;
  /** Whether these bytes can be written without waiting, where POLLOUT does not promise it (eventfd(2)). */
  fits?(bytes: Uint8Array): boolean;
  /** Called when the last reference is gone; see `references.ts`. */
  close(): void;
}

/** Whether bytes can be read from a description with these flags. */
export function isReadable(flags: number): boolean {
  return (flags & OpenFlag.ACCMODE) !== OpenFlag.WRONLY;
}

/** Whether bytes can be written to a description with these flags. */
export function isWritable(flags: number): boolean {
  const mode = flags & OpenFlag.ACCMODE;
  return mode === OpenFlag.WRONLY || mode === OpenFlag.RDWR;
}

/** Values of `whence` (lseek(2)). */
const Whence = { SET: 0, CUR: 1, END: 2, DATA: 3, HOLE: 4 } as const;

/** Computes what lseek(2) gives for a file of `size` bytes without holes: a position or a negated error number. */
export function seekTo(position: number, size: number, offset: number, whence: number): number {
  if (whence === Whence.DATA || whence === Whence.HOLE) {
    if (offset < 0 || offset >= size) return -Errno.ENXIO;
    return whence === Whence.DATA ? offset : size;
  }
  if (whence !== Whence.SET && whence !== Whence.CUR && whence !== Whence.END) return -Errno.EINVAL;
  const from = whence === Whence.CUR ? position : whence === Whence.END ? size : 0;
  const target = from + offset;
  if (target < 0) return -Errno.EINVAL;
  return Number.isSafeInteger(target) ? target : -Errno.EOVERFLOW;
}
