import { Errno } from "../../errno.js";
import type { Caller, Directory, Entry, FileSystemFacts, Inode, Jump } from "../inode.js";
import { type FileStatus, type FileTime, FileType } from "../open-file.js";
import { openText } from "./text-file.js";

/** A file system that is made up: what it needs of the world. */
export interface SyntheticSystem {
  readonly device: number;
  /** Magic number (statfs(2)). */
  readonly magic: number;
  readonly born: FileTime;
}

/** What a made-up file looks like. */
export interface Looks {
  /** Permission bits. */
  readonly mode: number;
  readonly inode: bigint;
  readonly uid?: number;
  readonly gid?: number;
  readonly links?: number;
}

const BLOCK_SIZE = 4096;

/** The parts that all made-up files have. Nobody can change them. */
export function syntheticInode(
  system: SyntheticSystem,
  type: number,
  looks: Looks,
): Omit<Inode, "open" | "readLink"> {
  const facts: FileSystemFacts = {
    magic: system.magic,
    blockSize: BLOCK_SIZE,
    blocks: 0,
    freeBlocks: 0,
    files: 0,
    freeFiles: 0,
  };
  return {
    type,
    identity: `made ${system.device}:${looks.inode}`,
    status: (): FileStatus => ({
      device: system.device,
      inode: looks.inode,
      mode: type | looks.mode,
      links: looks.links ?? (type === FileType.DIRECTORY ? 2 : 1),
      uid: looks.uid ?? 0,
      gid: looks.gid ?? 0,
      size: 0,
      blockSize: BLOCK_SIZE,
      blocks: 0,
      accessed: system.born,
      modified: system.born,
      changed: system.born,
    }),
    changeMode: () => -Errno.EPERM,
    setTimes: () => -Errno.EPERM,
    truncate: () => (type === FileType.DIRECTORY ? -Errno.EISDIR : -Errno.EINVAL),
    fileSystem: () => facts,
  };
}

/** A regular file whose contents are made when it is opened; opening it for writing is EACCES. */
export function syntheticFile(
  system: SyntheticSystem,
  looks: Looks,
  contents: () => string | Uint8Array,
): Inode {
  const inode: Inode = {
    ...syntheticInode(system, FileType.REGULAR, looks),
    readLink: () => -Errno.EINVAL,
    open: (flags, place) => openText({ flags, place, inode, contents }),
  };
  return inode;
}

/** A link whose target may depend on who asks. */
export function syntheticLink(
  system: SyntheticSystem,
  looks: Looks,
  target: (caller: Caller) => string | number,
  jump?: (caller: Caller) => Jump | number,
): Inode {
  return {
    ...syntheticInode(system, FileType.LINK, looks),
    open: () => -Errno.ELOOP,
    readLink: target,
    ...(jump && { jump }),
  };
}

/** A directory: `lookup` and `list` say what is in it; nobody can change it. */
export function syntheticDirectory(
  system: SyntheticSystem,
  looks: Looks,
  contents: Pick<Directory, "lookup" | "list">,
): Inode {
  const refused = (): number => -Errno.EACCES;
  return {
    ...syntheticInode(system, FileType.DIRECTORY, looks),
    open: () => -Errno.EISDIR,
    readLink: () => -Errno.EINVAL,
    directory: {
      create: refused,
      makeDirectory: refused,
      makeLink: refused,
      makeFifo: refused,
      addName: refused,
      remove: refused,
      removeDirectory: refused,
      rename: refused,
      ...contents,
    },
  };
}

/** A directory with always the same files in it. */
export function fixedDirectory(
  system: SyntheticSystem,
  looks: Looks,
  files: Readonly<Record<string, Inode>>,
): Inode {
  const byName = new Map(Object.entries(files));
  return syntheticDirectory(system, looks, {
    lookup: (name) => byName.get(name),
    list: () => [...byName].map(([name, file]) => entryOf(name, file)),
  });
}

/** How a file is listed. */
export function entryOf(name: string, file: Inode): Entry {
  return { name, inode: file.status().inode, type: file.type };
}
