import type { Budget } from "../budget.js";
import type { FileSystemFacts, Inode } from "../inode.js";
import { type FileStatus, type FileTime, FileType } from "../open-file.js";

/** A file system in memory, as tmpfs(5) is one: what it needs of the world. */
export interface MemorySystem {
  readonly budget: Budget;
  /** No two have the same one in this process. */
  readonly id: number;
  /** Device number (stat(2)). */
  readonly device: number;
  readonly uid: number;
  readonly gid: number;
  now(): FileTime;
  /** A new inode number. */
  newInode(): bigint;
}

/** TMPFS_MAGIC (statfs(2)). */
const MEMORY_MAGIC = 0x0102_1994;
/** Preferred transfer size, and the size of every directory. */
export const BLOCK_SIZE = 4096;
/** Permissions and special bits (inode(7)). */
export const MODE_BITS = 0o7777;
const SET_USER_ID = 0o4000;
/** Of a directory: what is made in it is of its group, and directories in it have the bit as well (inode(7)). */
export const SET_GROUP_ID = 0o2000;
const GROUP_EXECUTE = 0o010;

/** Parts of a status that change. */
interface Facts {
  mode: number;
  links: number;
  accessed: FileTime;
  modified: FileTime;
  changed: FileTime;
}

/** What every file in memory is made from. */
export interface MemoryBase {
  readonly facts: Facts;
  readonly inode: Pick<
    MemoryInode,
    "type" | "identity" | "changeMode" | "setTimes" | "fileSystem" | "renamed"
  >;
  status(size: number, blocks: number): FileStatus;
  touch(): void;
}

/** Begins a file with one name, made now. */
export function memoryBase(system: MemorySystem, type: number, mode: number): MemoryBase {
  const born = system.now();
  const number = system.newInode();
  const facts: Facts = { mode, links: 1, accessed: born, modified: born, changed: born };
  return {
    facts,
    inode: {
      type,
      identity: `memory ${system.id}:${number}`,
      changeMode(wanted) {
        facts.mode = wanted & MODE_BITS;
        facts.changed = system.now();
        return 0;
      },
      setTimes(accessed, modified) {
        const now = system.now();
        if (accessed) facts.accessed = accessed === "now" ? now : accessed;
        if (modified) facts.modified = modified === "now" ? now : modified;
        facts.changed = now;
        return 0;
      },
      fileSystem: () => memoryFacts(system.budget),
      renamed() {
        facts.changed = system.now();
      },
    },
    status: (size, blocks) => ({
      device: system.device,
      inode: number,
      mode: type | facts.mode,
      links: facts.links,
      uid: system.uid,
      gid: system.gid,
      size,
      blockSize: BLOCK_SIZE,
      blocks,
      accessed: facts.accessed,
      modified: facts.modified,
      changed: facts.changed,
    }),
    touch() {
      facts.modified = system.now();
      facts.changed = facts.modified;
      if (type === FileType.REGULAR) facts.mode = withoutPrivileges(facts.mode);
    },
  };
}

/** Who writes to a program takes its privileges (write(2)). */
function withoutPrivileges(mode: number): number {
  const kept = mode & GROUP_EXECUTE ? ~(SET_USER_ID | SET_GROUP_ID) : ~SET_USER_ID;
  return mode & kept;
}

function memoryFacts({ limits, memoryLeft, filesLeft }: Budget): FileSystemFacts {
  return {
    magic: MEMORY_MAGIC,
    blockSize: BLOCK_SIZE,
    blocks: Math.floor(limits.memory / BLOCK_SIZE),
    freeBlocks: Math.floor(memoryLeft / BLOCK_SIZE),
    files: limits.files,
    freeFiles: filesLeft,
  };
}

/** What a file's names and openers mean for it: without any of them, its memory is given back. */
export interface MemoryInode extends Inode {
  named(change: 1 | -1): void;
  /** It was given another name. */
  renamed(): void;
  /** For a directory: nothing can be made in it any more. */
  bury(): void;
}

/** A file as one in memory, if it is one. */
export const asMemoryInode = (inode: Inode | undefined): MemoryInode | undefined =>
  inode && "named" in inode ? (inode as MemoryInode) : undefined;
