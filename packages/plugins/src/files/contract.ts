import { callback, contract, fn } from "@qpp/core";
import type { GuestProcess } from "@qpp/emulator/contract";

/** What all processes together did with a file. */
export interface FileUse {
  /**
   * As the guest named it, behind the folder that it was in, as far as that is known; for what has no path, what it is:
   * `(standard output)`, `(pipe)`, `(socket)`.
   */
  readonly path: string;
  /** How often it was opened. */
  readonly opens: number;
  /** How often that failed, by errno. */
  readonly failures: Readonly<Record<string, number>>;
  /** Calls that read, and the bytes that they got. */
  readonly reads: number;
  readonly bytesRead: number;
  /** Calls that wrote, and the bytes that were taken. */
  readonly writes: number;
  readonly bytesWritten: number;
  /** Bytes of it that were mapped into memory. */
  readonly bytesMapped: number;
  /** By whom: names and pids. */
  readonly processes: readonly string[];
}

/** What `files` offers: what is opened, read, written and closed, by whom. */
export const files = contract("files", {
  callbacks: {
    /** A file was opened, as descriptor `fd`; or could not be, for `error`, which is then its errno's name. */
    onOpen: callback<[process: GuestProcess, path: string, fd: number, error: string | undefined]>(),
    /** Bytes were read from a file, by a system call that has just returned. */
    onRead: callback<[process: GuestProcess, path: string, bytes: number]>(),
    /** Bytes were written to a file, by a system call that has just returned. */
    onWrite: callback<[process: GuestProcess, path: string, bytes: number]>(),
    /** A descriptor was closed; others for the same file may be open. */
    onClose: callback<[process: GuestProcess, path: string, fd: number]>(),
  },
  functions: {
    /** What a descriptor of the running process stands for; undefined for one that is not open. */
    pathOf: fn<(fd: number) => string | undefined>(),
    /** All files so far, in order of first use. */
    all: fn<() => readonly FileUse[]>(),
  },
});
