import type { Inode } from "../inode.js";
import type { MemoryInode, MemorySystem } from "../memory/memory-base.js";
import { createMemoryFifo } from "../memory/memory-fifo.js";

/**
 * The FIFOs that the guest has made in folders of the host. They are kept in memory, by the folder's identity, and gone with
 * the run: Node cannot make one, and a program of the host at the other end would be a way out.
 */
export interface HostFifos {
  /** Those in a folder, by name. */
  in(folder: string): ReadonlyMap<string, MemoryInode>;
  make(folder: string, name: string, mode: number): void;
  /** Gives one (another) name. */
  add(folder: string, name: string, fifo: MemoryInode): void;
  remove(folder: string, name: string): void;
}

const NONE: ReadonlyMap<string, MemoryInode> = new Map();

/** Makes an empty set of FIFOs. */
export function createHostFifos(system: MemorySystem): HostFifos {
  const folders = new Map<string, Map<string, MemoryInode>>();

  function put(folder: string, name: string, fifo: MemoryInode): void {
    const names = folders.get(folder) ?? new Map<string, MemoryInode>();
    folders.set(folder, names.set(name, fifo));
  }

  return {
    in: (folder) => folders.get(folder) ?? NONE,
    make: (folder, name, mode) => put(folder, name, createMemoryFifo(system, mode)),
    add(folder, name, fifo) {
      fifo.named(1);
      put(folder, name, fifo);
    },
    remove(folder, name) {
      const names = folders.get(folder);
      names?.get(name)?.named(-1);
      names?.delete(name);
      if (names?.size === 0) folders.delete(folder);
    },
  };
}

/** Whether an inode is one of these, or of a file system in memory. */
export const isFifo = (inode: Inode): inode is MemoryInode => inode.fifo !== undefined;
