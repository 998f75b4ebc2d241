import { Errno } from "../errno.js";
import { releaseLocks } from "./file-locks.js";
import type { OpenFile } from "./open-file.js";
import { release, releaseUnheld, retain } from "./references.js";

/** Most descriptors that a process may have: the usual soft RLIMIT_NOFILE (getrlimit(2)). */
export const MOST_DESCRIPTORS = 1024;

/** The descriptor table of a process: the guest's own numbers, unrelated to the host's. */
export interface Descriptors {
  /** How many there may be: the soft RLIMIT_NOFILE. */
  limit: number;
  /** What a descriptor refers to. */
  get(fd: number): OpenFile | undefined;
  /**
   * Gives a file the lowest free number from `lowest` on.
   * @returns the number, or -EMFILE; the file is then closed unless another descriptor has it.
   */
  add(file: OpenFile, closeOnExec: boolean, lowest?: number): number;
  /** Makes a number refer to a file, closing what it referred to (dup3(2)). Out of range: -EBADF. */
  place(fd: number, file: OpenFile, closeOnExec: boolean): number;
  /** Closes a descriptor, and its file with the last one. 0, or -EBADF. May throw an error of the host. */
  close(fd: number): number;
  /** The close-on-exec flag (FD_CLOEXEC). */
  closesOnExec(fd: number): boolean;
  setCloseOnExec(fd: number, value: boolean): void;
  /** The open descriptors in ascending order. */
  numbers(): number[];
  /** One more thread uses the table (CLONE_FILES). */
  share(): void;
  /** A thread uses it no more; with the last one, all descriptors are closed. */
  leave(): void;
  /** A table of its own for another process, with the same files (fork(2)). */
  copy(): Descriptors;
  /** The table for another program: the caller's own, without what is closed on execve(2). */
  forExec(): Descriptors;
}

interface Slot {
  readonly file: OpenFile;
  closeOnExec: boolean;
}

/** Makes a table with descriptors 0, 1, 2, ... for the given files. */
export function createDescriptors(first: readonly OpenFile[]): Descriptors {
  const slots = new Map<number, Slot>();
  let users = 1;

  function set(fd: number, file: OpenFile, closeOnExec: boolean): number {
    retain(file);
    slots.set(fd, { file, closeOnExec });
    return fd;
  }

  function drop(file: OpenFile): void {
    releaseLocks(file, table);
    release(file);
  }

  first.forEach((file, fd) => {
    set(fd, file, false);
  });
  const table: Descriptors = {
    limit: MOST_DESCRIPTORS,
    get: (fd) => slots.get(fd)?.file,
    add(file, closeOnExec, lowest = 0) {
      for (let fd = lowest; fd < table.limit; fd += 1) {
        if (!slots.has(fd)) return set(fd, file, closeOnExec);
      }
      releaseUnheld(file);
      return -Errno.EMFILE;
    },
    place(fd, file, closeOnExec) {
      if (fd < 0 || fd >= table.limit) return -Errno.EBADF;
      const old = slots.get(fd)?.file;
      set(fd, file, closeOnExec);
      if (old) drop(old);
      return fd;
    },
    close(fd) {
      const slot = slots.get(fd);
      if (!slot) return -Errno.EBADF;
      slots.delete(fd);
      drop(slot.file);
      return 0;
    },
    closesOnExec: (fd) => slots.get(fd)?.closeOnExec === true,
    setCloseOnExec(fd, value) {
      const slot = slots.get(fd);
      if (slot) slot.closeOnExec = value;
    },
    numbers: () => [...slots.keys()].sort((a, b) => a - b),
    share() {
      users++;
    },
    leave() {
      users--;
      if (users === 0) for (const fd of table.numbers()) table.close(fd);
    },
    forExec() {
      const own = users > 1 ? table.copy() : table;
      if (own !== table) table.leave();
      for (const fd of own.numbers()) if (own.closesOnExec(fd)) own.close(fd);
      return own;
    },
    copy() {
      const copy = createDescriptors([]);
      copy.limit = table.limit;
      for (const [fd, { file, closeOnExec }] of slots) copy.place(fd, file, closeOnExec);
      return copy;
    },
  };
  return table;
}
