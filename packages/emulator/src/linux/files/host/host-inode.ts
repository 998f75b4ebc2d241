import {
  type BigIntStats,
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { Errno } from "../../errno.js";
import type { Budget } from "../budget.js";
import { decodeName, hostPath } from "../file-name.js";
import type { Directory, Entry, FileSystemFacts, Inode } from "../inode.js";
import { type FileStatus, type FileTime, FileType, OpenFlag } from "../open-file.js";
import {
  closeTop,
  createRegular,
  enter,
  type HostDirectory,
  hostError,
  identityOf,
  openRegular,
  pathIn,
  statusIn,
  topDirectory,
  withFile,
} from "./handles.js";
import { createHostFile } from "./host-file.js";
import { hostStatus } from "./host-status.js";
import { secondsOf } from "./host-time.js";
import { isForeign } from "./kernel-file-systems.js";

const TYPE_MASK = 0o170000;
/** EXT2_SUPER_MAGIC (statfs(2)): what most programs expect of a disk. */
const DISK_MAGIC = 0xef53;
const BLOCK_SIZE = 4096;
/** What a host's permissions look like to the guest: nothing may be set that gives other users' rights. */
const PERMISSION_BITS = 0o777;

/** A tree of the host, to be mounted. */
export interface HostTop {
  readonly inode: Inode;
  close(): void;
}

/**
 * Opens a directory of the host that the user named: an absolute path without links.
 * @throws an error of the host if there is none, or if the host's kernel shows itself there.
 */
export function openHostTop(path: string, budget: Budget): HostTop {
  if (isForeign(lstatSync(hostPath(path), { bigint: true }).dev, hostPath(path))) throw hostError("EACCES");
  const top = topDirectory(path);
  return { inode: directoryInode(top, budget), close: () => closeTop(top) };
}

function diskFacts({ limits, outputLeft, filesLeft }: Budget): FileSystemFacts {
  return {
    magic: DISK_MAGIC,
    blockSize: BLOCK_SIZE,
    blocks: Math.floor(limits.output / BLOCK_SIZE),
    freeBlocks: Math.floor(outputLeft / BLOCK_SIZE),
    files: limits.files,
    freeFiles: filesLeft,
  };
}

function setTimes(
  folder: HostDirectory,
  name: string | undefined,
  accessed: FileTime | "now" | undefined,
  modified: FileTime | "now" | undefined,
): number {
  const path = (): string | ReturnType<typeof pathIn> => pathIn(folder, name);
  const { atimeNs, mtimeNs } = lstatSync(path(), { bigint: true });
  lutimesSync(path(), secondsOf(accessed, atimeNs), secondsOf(modified, mtimeNs));
  return 0;
}

/** Anything that is no directory. */
function fileInode(folder: HostDirectory, name: string, stats: BigIntStats, budget: Budget): HostNode {
  const type = Number(stats.mode) & TYPE_MASK;
  const node: HostNode = {
    type,
    identity: identityOf(stats),
    source: { folder, name },
    status: () => hostStatus(stats),
    open(flags, place) {
      if (type === FileType.LINK) return -Errno.ELOOP;
      if (type !== FileType.REGULAR) return -Errno.EACCES;
      const refused = budget.takeOpen();
      if (refused < 0) return refused;
      return given(budget, () => {
        const access = hostFlags(flags);
        const descriptor = openRegular(folder, name, access);
        return createHostFile(descriptor, { flags, place, inode: node, budget });
      });
    },
    readLink: () =>
      type === FileType.LINK
        ? decodeName(readlinkSync(pathIn(folder, name), { encoding: "buffer" }))
        : -Errno.EINVAL,
    changeMode(mode) {
      withFile(folder, name, (path) => chmodSync(path, mode & PERMISSION_BITS));
      return 0;
    },
    setTimes: (accessed, modified) => setTimes(folder, name, accessed, modified),
    truncate(length) {
      if (type !== FileType.REGULAR) return -Errno.EINVAL;
      // Node's truncate would open the file by its name.
      const descriptor = openRegular(folder, name, constants.O_WRONLY);
      try {
        const refused = budget.takeGrowth(fstatSync(descriptor).size, length);
        if (refused === 0) ftruncateSync(descriptor, length);
        return refused;
      } finally {
        closeSync(descriptor);
      }
    },
    fileSystem: () => diskFacts(budget),
  };
  return node;
}

/** An inode of the host knows the name that it was found by. */
interface HostNode extends Inode {
  readonly source: { readonly folder: HostDirectory; readonly name: string };
}

/** Access mode and O_TRUNC are the host's business; all else of open(2) is done here. */
function hostFlags(flags: number): number {
  return (flags & OpenFlag.ACCMODE) | (flags & OpenFlag.TRUNC ? constants.O_TRUNC : 0);
}

/** Gives the open file back to the budget if there came to be none. */
function given<T>(budget: Budget, make: () => T): T {
  try {
    return make();
  } catch (error) {
    budget.giveOpen();
    throw error;
  }
}

interface HostFolder extends Directory {
  readonly folder: HostDirectory;
}

function folderOf(directory: Directory): HostDirectory | undefined {
  return "folder" in directory ? (directory as HostFolder).folder : undefined;
}

function directoryInode(folder: HostDirectory, budget: Budget): Inode {
  const stats = (): BigIntStats => lstatSync(pathIn(folder), { bigint: true });
  return {
    type: FileType.DIRECTORY,
    identity: folder.identity,
    status: (): FileStatus => hostStatus(stats()),
    open: () => -Errno.EISDIR,
    readLink: () => -Errno.EINVAL,
    changeMode(mode) {
      chmodSync(pathIn(folder), mode & PERMISSION_BITS);
      return 0;
    },
    setTimes: (accessed, modified) => setTimes(folder, undefined, accessed, modified),
    truncate: () => -Errno.EISDIR,
    fileSystem: () => diskFacts(budget),
    directory: hostFolder(folder, budget),
  };
}

function hostFolder(folder: HostDirectory, budget: Budget): HostFolder {
  /** Counts a name that is being made, and gives it back if that fails. */
  function adding(make: () => void): number {
    const refused = budget.takeName();
    if (refused < 0) return refused;
    try {
      make();
    } catch (error) {
      budget.giveName();
      throw error;
    }
    return 0;
  }
  function removing(remove: () => void): number {
    remove();
    budget.giveName();
    return 0;
  }
  return {
    folder,
    lookup(name) {
      const stats = statusIn(folder, name);
      if (!stats) return undefined;
      if (stats.dev !== folder.device && isForeign(stats.dev, pathIn(folder, name))) return -Errno.EACCES;
      if (!stats.isDirectory()) return fileInode(folder, name, stats, budget);
      return directoryInode(enter(folder, name, stats), budget);
    },
    list() {
      const names = readdirSync(pathIn(folder), { encoding: "buffer" }).map(decodeName).sort(byCode);
      return names.flatMap((name): Entry[] => {
        const stats = statusIn(folder, name);
        return stats ? [{ name, inode: stats.ino, type: Number(stats.mode) & TYPE_MASK }] : [];
      });
    },
    create(name, mode, flags, at) {
      const opened = budget.takeOpen();
      if (opened < 0) return opened;
      return given(budget, () => {
        let descriptor = -1;
        const refused = adding(() => {
          descriptor = createRegular(folder, name, hostFlags(flags), mode & PERMISSION_BITS);
        });
        if (refused < 0) {
          budget.giveOpen();
          return refused;
        }
        const inode = fileInode(folder, name, fstatSync(descriptor, { bigint: true }), budget);
        return createHostFile(descriptor, {
          flags,
          place: at(inode),
          inode,
          budget,
          mode: mode & PERMISSION_BITS,
        });
      });
    },
    makeDirectory: (name, mode) => adding(() => mkdirSync(pathIn(folder, name), mode & PERMISSION_BITS)),
    makeLink: (name, target) => adding(() => symlinkSync(hostPath(target), pathIn(folder, name))),
    addName(name, inode) {
      const { source } = inode as HostNode;
      return adding(() => linkSync(pathIn(source.folder, source.name), pathIn(folder, name)));
    },
    remove: (name) => removing(() => unlinkSync(pathIn(folder, name))),
    removeDirectory: (name) => removing(() => rmdirSync(pathIn(folder, name))),
    rename(name, to, toName, exchange) {
      const target = folderOf(to);
      if (!target) return -Errno.EXDEV;
      if (exchange) return -Errno.EINVAL;
      const replaced = statusIn(target, toName);
      const moved = statusIn(folder, name);
      if (!moved) throw hostError("ENOENT");
      renameSync(pathIn(folder, name), pathIn(target, toName));
      if (replaced && identityOf(replaced) !== identityOf(moved)) budget.giveName();
      if (moved.isDirectory()) enter(target, toName, moved);
      return 0;
    },
  };
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
