import { Errno } from "../../errno.js";
import type { Directory, Inode } from "../inode.js";
import { FileType, type OpenFile, OpenFlag } from "../open-file.js";
import {
  asMemoryInode,
  BLOCK_SIZE,
  type MemoryInode,
  type MemorySystem,
  MODE_BITS,
  memoryBase,
  SET_GROUP_ID,
} from "./memory-base.js";
import { createMemoryData } from "./memory-data.js";
import { createMemoryFifo } from "./memory-fifo.js";
import { createMemoryFile } from "./memory-file.js";
import { createSeals, Seal } from "./seals.js";

const LONGEST: number = Number.MAX_SAFE_INTEGER;

/**
 * A regular file; it has one name.
 * @param nameless for a file that never had one: what /proc/pid/fd and /proc/pid/maps call it.
 * @param sealed the {@link Seal} bits that it begins with.
 */
function createRegular(
  system: MemorySystem,
  mode: number,
  nameless?: string,
  sealed: number = Seal.SEAL,
): MemoryInode {
  const seals = createSeals(sealed);
  const { facts, inode, status, touch } = memoryBase(system, FileType.REGULAR, mode);
  const data = createMemoryData(system.budget);
  let openers = 0;
  const freeIfUnused = (): void => {
    if (openers === 0 && facts.links === 0) data.free();
  };
  const closed = (): void => {
    openers -= 1;
    freeIfUnused();
  };
  if (nameless !== undefined) facts.links = 0;
  const file: MemoryInode = {
    ...inode,
    seals,
    status: () => status(data.size, data.taken / 512),
    readLink: () => -Errno.EINVAL,
    changeMode(wanted) {
      const refused = seals.allowMode(facts.mode, wanted);
      return refused < 0 ? refused : inode.changeMode(wanted);
    },
    open(flags, place) {
      const cut = flags & OpenFlag.TRUNC ? file.truncate(0) : 0;
      if (cut < 0) return cut;
      openers += 1;
      const named = nameless === undefined ? { place } : { path: nameless };
      return createMemoryFile({ ...named, flags, inode: file, data, seals, modified: touch, closed });
    },
    truncate(length) {
      if (length < 0) return -Errno.EINVAL;
      if (length > LONGEST) return -Errno.EFBIG;
      const refused = seals.allowResize(data.size, length);
      if (refused < 0) return refused;
      data.resize(length);
      touch();
      return 0;
    },
    named(change) {
      facts.links += change;
      facts.changed = system.now();
      freeIfUnused();
    },
    bury: () => {},
  };
  return file;
}

/**
 * Opens a new file without a name, for reading and writing (memfd_create(2)).
 * @param name what /proc/pid/fd and /proc/pid/maps call it.
 * @param seals the {@link Seal} bits that it begins with.
 */
export function openNameless(
  system: MemorySystem,
  name: string,
  mode: number,
  seals: number,
): OpenFile | number {
  return createRegular(system, mode, name, seals).open(OpenFlag.RDWR, undefined);
}

function createMemoryLink(system: MemorySystem, target: string): MemoryInode {
  const { facts, inode, status } = memoryBase(system, FileType.LINK, 0o777);
  return {
    ...inode,
    status: () => status(target.length, 0),
    open: () => -Errno.ELOOP,
    readLink: () => target,
    truncate: () => -Errno.EINVAL,
    named(change) {
      facts.links += change;
    },
    bury: () => {},
  };
}

interface MemoryFolder extends Directory {
  readonly names: Map<string, MemoryInode>;
  /** Counts directories that come and go. */
  linked(change: number): void;
}

const folderOf = (directory: Directory | undefined): MemoryFolder | undefined =>
  directory && "names" in directory ? (directory as MemoryFolder) : undefined;

/** An empty directory, to be mounted; each name in it costs what `--max-files` counts. */
export function createMemoryDirectory(system: MemorySystem, mode: number): Inode {
  return createDirectory(system, mode);
}

function createDirectory(system: MemorySystem, mode: number): MemoryInode {
  const { facts, inode, status, touch } = memoryBase(system, FileType.DIRECTORY, mode & MODE_BITS);
  const names = new Map<string, MemoryInode>();
  let buried = false;
  facts.links = 2;

  function add(name: string, make: () => MemoryInode): number {
    if (buried) return -Errno.ENOENT;
    const refused = system.budget.takeName();
    if (refused < 0) return refused;
    const made = make();
    names.set(name, made);
    if (made.directory) facts.links += 1;
    touch();
    return 0;
  }

  function drop(name: string): number {
    const gone = names.get(name);
    if (!gone) return -Errno.ENOENT;
    names.delete(name);
    gone.named(-1);
    gone.bury();
    if (gone.directory) facts.links -= 1;
    system.budget.giveName();
    touch();
    return 0;
  }

  const folder: MemoryFolder = {
    names,
    linked(change) {
      facts.links += change;
      touch();
    },
    lookup: (name) => names.get(name),
    list: () => [...names].map(([name, file]) => ({ name, inode: file.status().inode, type: file.type })),
    create(name, fileMode, flags, at) {
      const made = createRegular(system, fileMode & MODE_BITS);
      const refused = add(name, () => made);
      return refused < 0 ? refused : made.open(flags, at(made));
    },
    makeDirectory: (name, folderMode) =>
      add(name, () => createDirectory(system, folderMode | (facts.mode & SET_GROUP_ID))),
    makeLink: (name, target) => add(name, () => createMemoryLink(system, target)),
    makeFifo: (name, fifoMode) => add(name, () => createMemoryFifo(system, fifoMode)),
    addName(name, file) {
      const known = asMemoryInode(file);
      if (!known) return -Errno.EXDEV;
      return add(name, () => {
        known.named(1);
        return known;
      });
    },
    remove: drop,
    removeDirectory: (name) =>
      folderOf(names.get(name)?.directory)?.names.size ? -Errno.ENOTEMPTY : drop(name),
    rename(name, to, toName, exchange) {
      const target = folderOf(to);
      const moved = names.get(name);
      if (!target) return -Errno.EXDEV;
      if (!moved) return -Errno.ENOENT;
      const replaced = target.names.get(toName);
      if (replaced === moved) return 0;
      if (exchange) {
        if (!replaced) return -Errno.ENOENT;
        names.set(name, replaced);
        if (replaced.directory) {
          folder.linked(1);
          target.linked(-1);
        }
      } else {
        if (replaced) {
          const removed = replaced.directory ? target.removeDirectory(toName) : target.remove(toName);
          if (removed < 0) return removed;
        }
        names.delete(name);
      }
      target.names.set(toName, moved);
      if (moved.directory) {
        folder.linked(-1);
        target.linked(1);
      }
      moved.renamed();
      if (exchange) replaced?.renamed();
      target.linked(0);
      touch();
      return 0;
    },
  };
  const self: MemoryInode = {
    ...inode,
    status: () => status(BLOCK_SIZE, 0),
    open: () => -Errno.EISDIR,
    readLink: () => -Errno.EINVAL,
    truncate: () => -Errno.EISDIR,
    named: () => {},
    bury() {
      buried = true;
      facts.links = 0;
    },
    directory: folder,
  };
  return self;
}
