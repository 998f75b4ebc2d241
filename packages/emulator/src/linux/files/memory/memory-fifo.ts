import { Errno } from "../../errno.js";
import { createFifo } from "../fifo.js";
import { FileType } from "../open-file.js";
import { type MemoryInode, type MemorySystem, MODE_BITS, memoryBase } from "./memory-base.js";

/** A FIFO (fifo(7)); what is written to it is kept as long as somebody has it open. */
export function createMemoryFifo(system: MemorySystem, mode: number): MemoryInode {
  const { facts, inode, status } = memoryBase(system, FileType.FIFO, mode & MODE_BITS);
  const self: MemoryInode = {
    ...inode,
    status: () => status(0, 0),
    open: () => -Errno.EACCES,
    fifo: createFifo(() => self),
    readLink: () => -Errno.EINVAL,
    truncate: () => -Errno.EINVAL,
    named(change) {
      facts.links += change;
      facts.changed = system.now();
    },
    bury: () => {},
  };
  return self;
}
