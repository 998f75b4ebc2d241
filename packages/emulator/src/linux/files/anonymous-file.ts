import { Errno } from "../errno.js";
import type { Ipc } from "../ipc.js";
import { type FileStatus, type FileTime, type OpenFile, OpenFlag } from "./open-file.js";
import type { Watchers } from "./readiness.js";

/** Device number of the file system that anonymous files are on; any constant does. */
const ANONYMOUS_DEVICE = 13;
const BLOCK_SIZE = 4096;

/** Who makes a file, and when. */
export interface Origin {
  readonly ipc: Ipc;
  readonly uid: number;
  readonly gid: number;
  readonly born: FileTime;
}

/** The inode number of a new file: counted, so that `pipe:[6]` is the same one in every run. */
export function newInode({ ipc }: Origin): number {
  ipc.lastInode += 1;
  return ipc.lastInode;
}

/** A file without a place in the file system. */
interface AnonymousFile {
  readonly inode: number;
  /** Such as `pipe:[4]` or `anon_inode:[eventfd]`. */
  readonly path: string;
  readonly flags: number;
  /** Type and permissions of stat(2). */
  readonly mode: number;
  readonly origin: Origin;
  readonly watchers: Watchers;
}

type AnonymousParts = Omit<OpenFile, "read" | "write" | "poll" | "close" | "watchers"> & {
  readonly watchers: Watchers;
};

/** What such files cannot do, and the status of all of them. The rest of an {@link OpenFile} is its own. */
export function anonymousFile(what: AnonymousFile): AnonymousParts {
  const { path, origin, watchers } = what;
  const status: FileStatus = {
    device: ANONYMOUS_DEVICE,
    inode: BigInt(what.inode),
    mode: what.mode,
    links: 1,
    uid: origin.uid,
    gid: origin.gid,
    size: 0,
    blockSize: BLOCK_SIZE,
    blocks: 0,
    accessed: origin.born,
    modified: origin.born,
    changed: origin.born,
  };
  const notSeekable = (): number => -Errno.ESPIPE;
  return {
    path,
    isDirectory: false,
    flags: what.flags & ~OpenFlag.CLOEXEC,
    terminal: false,
    readAt: notSeekable,
    writeAt: notSeekable,
    seek: notSeekable,
    truncate: () => -Errno.EINVAL,
    sync: () => -Errno.EINVAL,
    changeMode: () => 0,
    readEntries: () => -Errno.ENOTDIR,
    status: () => status,
    watchers,
  };
}
