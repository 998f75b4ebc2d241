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
import { decodeName, hostPath } from "../file-name.js";
import type { Directory, Entry, FileSystemFacts, Inode } from "../inode.js";
import type { MemoryInode } from "../memory/memory-base.js";
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
import { isFifo } from "./host-fifos.js";
import { createHostFile } from "./host-file.js";
import { hostStatus } from "./host-status.js";
import type { HostSystem } from "./host-system.js";
import { secondsOf } from "./host-time.js";
import { isForeign } from "./kernel-file-systems.js";
import { HOST_MODE_BITS, SPECIAL_BITS } from "./overlay.js";

const TYPE_MASK = 0o170000;
/** EXT2_SUPER_MAGIC (statfs(2)): what most programs expect of a disk. */
const DISK_MAGIC = 0xef53;
const BLOCK_SIZE = 4096;
const SET_GROUP_ID = 0o2000;

/** A tree of the host, to be mounted. */
export interface HostTop {
  readonly inode: Inode;
  close(): void;
}

/**
 * Opens a directory of the host that the user named: an absolute path without links.
 * @throws an error of the host if there is none, or if the host's kernel shows itself there.
 */
export function openHostTop(path: string, host: HostSystem): HostTop {
  if (isForeign(lstatSync(hostPath(path), { bigint: true }).dev, hostPath(path))) throw hostError("EACCES");
  const top = topDirectory(path);
  return { inode: directoryInode(top, host), close: () => closeTop(top) };
}

function diskFacts({ budget: { limits, outputLeft, filesLeft } }: HostSystem): FileSystemFacts {
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
  { overlay }: HostSystem,
  folder: HostDirectory,
  name: string | undefined,
  accessed: FileTime | "now" | undefined,
  modified: FileTime | "now" | undefined,
): number {
  const path = (): string | ReturnType<typeof pathIn> => pathIn(folder, name);
  const stats = lstatSync(path(), { bigint: true });
  const identity = identityOf(stats);
  return overlay.change(
    identity,
    () => stats,
    "facts",
    () => {
      lutimesSync(path(), secondsOf(accessed, stats.atimeNs), secondsOf(modified, stats.mtimeNs));
      overlay.setTimes(identity, accessed, modified);
      return 0;
    },
  );
}

/** Anything that is no directory. */
function fileInode(folder: HostDirectory, name: string, stats: BigIntStats, host: HostSystem): HostNode {
  const { budget, overlay } = host;
  const type = Number(stats.mode) & TYPE_MASK;
  const identity = identityOf(stats);
  const before = (): BigIntStats => stats;
  const asOf = overlay.changes;
  const node: HostNode = {
    type,
    identity,
    source: { folder, name },
    status() {
      if (overlay.changes === asOf) return hostStatus(stats, overlay);
      const now = statusIn(folder, name);
      return now && identityOf(now) === identity
        ? hostStatus(now, overlay)
        : hostStatus(stats, overlay, true);
    },
    open(flags, place) {
      if (type === FileType.LINK) return -Errno.ELOOP;
      if (type !== FileType.REGULAR) return -Errno.EACCES;
      const refused = budget.takeOpen();
      if (refused < 0) return refused;
      return given(budget, () => {
        const open = (): number => openRegular(folder, name, hostFlags(flags));
        const cuts = (flags & OpenFlag.TRUNC) !== 0;
        const descriptor = cuts ? overlay.change(identity, before, "contents", open) : open();
        return createHostFile(descriptor, { flags, place, inode: node, host });
      });
    },
    readLink: () =>
      type === FileType.LINK
        ? decodeName(readlinkSync(pathIn(folder, name), { encoding: "buffer" }))
        : -Errno.EINVAL,
    changeMode: (mode) =>
      overlay.change(identity, before, "facts", () => {
        withFile(folder, name, (path) => chmodSync(path, mode & HOST_MODE_BITS));
        overlay.setSpecial(identity, mode);
        return 0;
      }),
    setTimes: (accessed, modified) => setTimes(host, folder, name, accessed, modified),
    truncate(length) {
      if (type !== FileType.REGULAR) return -Errno.EINVAL;
      // Node's truncate would open the file by its name.
      const descriptor = openRegular(folder, name, constants.O_WRONLY);
      try {
        const refused = budget.takeGrowth(fstatSync(descriptor).size, length);
        if (refused < 0) return refused;
        return overlay.change(identity, before, "contents", () => {
          ftruncateSync(descriptor, length);
          return 0;
        });
      } finally {
        closeSync(descriptor);
      }
    },
    fileSystem: () => diskFacts(host),
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
function given<T>(budget: HostSystem["budget"], make: () => T): T {
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

const isHostFolder = (directory: Directory): directory is HostFolder => "folder" in directory;

function directoryInode(folder: HostDirectory, host: HostSystem): Inode {
  const { overlay } = host;
  const { identity } = folder;
  const stats = (): BigIntStats => lstatSync(pathIn(folder), { bigint: true });
  return {
    type: FileType.DIRECTORY,
    identity,
    status: (): FileStatus => hostStatus(stats(), overlay),
    open: () => -Errno.EISDIR,
    readLink: () => -Errno.EINVAL,
    changeMode: (mode) =>
      overlay.change(identity, stats, "facts", () => {
        chmodSync(pathIn(folder), mode & HOST_MODE_BITS);
        overlay.setSpecial(identity, mode);
        return 0;
      }),
    setTimes: (accessed, modified) => setTimes(host, folder, undefined, accessed, modified),
    truncate: () => -Errno.EISDIR,
    fileSystem: () => diskFacts(host),
    directory: hostFolder(folder, host),
  };
}

function hostFolder(folder: HostDirectory, host: HostSystem): HostFolder {
  const { budget, overlay, fifos } = host;
  const own = folder.identity;
  const stats = (): BigIntStats => lstatSync(pathIn(folder), { bigint: true });
  const demand = (name: string): BigIntStats => {
    const found = statusIn(folder, name);
    if (!found) throw hostError("ENOENT");
    return found;
  };

  /** Changes which names there are. */
  const changing = (action: () => number): number =>
    overlay.change(folder.identity, stats, "contents", action);

  /** Counts a name that is being made, and gives it back if that fails. */
  function adding(make: () => void): number {
    const refused = budget.takeName();
    if (refused < 0) return refused;
    try {
      return changing(() => {
        make();
        return 0;
      });
    } catch (error) {
      budget.giveName();
      throw error;
    }
  }
  /** A file has one name less: that was its last one, or its count of names has changed. */
  function unnamed(gone: BigIntStats): void {
    const identity = identityOf(gone);
    if (gone.nlink === 1n || gone.isDirectory()) {
      overlay.change(
        identity,
        () => gone,
        "facts",
        () => 0,
      );
      overlay.removed(identity);
    } else touch(gone);
  }
  /** What is known of a file has changed. */
  function touch(file: BigIntStats): void {
    overlay.change(
      identityOf(file),
      () => file,
      "facts",
      () => 0,
    );
  }
  function removeFifo(name: string): number {
    return changing(() => {
      fifos.remove(own, name);
      budget.giveName();
      return 0;
    });
  }
  /** A FIFO gets another name, of which the caller has made sure that it can be had. */
  function moveFifo(name: string, fifo: MemoryInode, to: HostFolder, toName: string): number {
    const taken = fifos.in(to.folder.identity).has(toName) || statusIn(to.folder, toName) !== undefined;
    const replaced = taken ? to.remove(toName) : 0;
    if (replaced < 0) return replaced;
    const added = to.addName(toName, fifo);
    return added < 0 ? added : removeFifo(name);
  }
  function removing(name: string, remove: () => void): number {
    const gone = demand(name);
    return changing(() => {
      remove();
      unnamed(gone);
      budget.giveName();
      return 0;
    });
  }
  return {
    folder,
    lookup(name) {
      const fifo = fifos.in(own).get(name);
      if (fifo) return fifo;
      const found = statusIn(folder, name);
      if (!found) return undefined;
      if (found.dev !== folder.device && isForeign(found.dev, pathIn(folder, name))) return -Errno.EACCES;
      if (!found.isDirectory()) return fileInode(folder, name, found, host);
      return directoryInode(enter(folder, name, found), host);
    },
    list() {
      const ours = fifos.in(own);
      const names = new Set([
        ...readdirSync(pathIn(folder), { encoding: "buffer" }).map(decodeName),
        ...ours.keys(),
      ]);
      return [...names].sort(byCode).flatMap((name): Entry[] => {
        const fifo = ours.get(name);
        if (fifo) return [{ name, inode: fifo.status().inode, type: fifo.type }];
        const found = statusIn(folder, name);
        return found ? [{ name, inode: found.ino, type: Number(found.mode) & TYPE_MASK }] : [];
      });
    },
    create(name, mode, flags, at) {
      const opened = budget.takeOpen();
      if (opened < 0) return opened;
      return given(budget, () => {
        let descriptor = -1;
        const hostMode = mode & HOST_MODE_BITS;
        const refused = adding(() => {
          descriptor = createRegular(folder, name, hostFlags(flags), hostMode);
        });
        if (refused < 0) {
          budget.giveOpen();
          return refused;
        }
        const made = fstatSync(descriptor, { bigint: true });
        overlay.made(made, mode & SPECIAL_BITS);
        const inode = fileInode(folder, name, made, host);
        return createHostFile(descriptor, { flags, place: at(inode), inode, host, mode: hostMode });
      });
    },
    makeDirectory: (name, mode) =>
      adding(() => {
        const inherited = overlay.facts(stats()).special & SET_GROUP_ID;
        mkdirSync(pathIn(folder, name), mode & HOST_MODE_BITS);
        overlay.made(demand(name), (mode & SPECIAL_BITS) | inherited);
      }),
    makeLink: (name, target) =>
      adding(() => {
        symlinkSync(hostPath(target), pathIn(folder, name));
        overlay.made(demand(name), 0);
      }),
    makeFifo: (name, mode) => adding(() => fifos.make(own, name, mode)),
    addName(name, inode) {
      if (isFifo(inode)) return adding(() => fifos.add(own, name, inode));
      const { source } = inode as HostNode;
      return adding(() => {
        linkSync(pathIn(source.folder, source.name), pathIn(folder, name));
        touch(demand(name));
      });
    },
    remove: (name) =>
      fifos.in(own).has(name) ? removeFifo(name) : removing(name, () => unlinkSync(pathIn(folder, name))),
    removeDirectory: (name) =>
      fifos.in(identityOf(demand(name))).size > 0
        ? -Errno.ENOTEMPTY
        : removing(name, () => rmdirSync(pathIn(folder, name))),
    rename(name, to, toName, exchange) {
      if (!isHostFolder(to)) return -Errno.EXDEV;
      const target = to.folder;
      if (exchange) return -Errno.EINVAL;
      const fifo = fifos.in(own).get(name);
      if (fifo) return moveFifo(name, fifo, to, toName);
      if (fifos.in(target.identity).has(toName)) to.remove(toName);
      const replaced = statusIn(target, toName);
      const moved = demand(name);
      if (replaced && fifos.in(identityOf(replaced)).size > 0) return -Errno.ENOTEMPTY;
      const targetStats = (): BigIntStats => lstatSync(pathIn(target), { bigint: true });
      overlay.change(target.identity, targetStats, "contents", () =>
        changing(() => {
          renameSync(pathIn(folder, name), pathIn(target, toName));
          return 0;
        }),
      );
      if (replaced && identityOf(replaced) !== identityOf(moved)) {
        unnamed(replaced);
        budget.giveName();
      }
      touch(moved);
      if (moved.isDirectory()) enter(target, toName, moved);
      return 0;
    },
  };
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
