import { callback, contract, fn } from "@qpp/core";

/** A process of the guest. */
export interface OsProcess {
  readonly pid: number;
  /** The parent's pid. */
  readonly ppid: number;
  /** What the kernel calls it (`comm`): at most 15 bytes. */
  readonly name: string;
}

/** What `osi` (operating system introspection) offers: which process is running, without knowing how to find out. */
export const osi = contract("osi", {
  callbacks: {
    /** The running process is another one than before, or has another name. */
    processChanged: callback<[now: OsProcess, before: OsProcess]>(),
    /** A process has ended, with this exit code, or with 128 + the number of a signal. */
    processEnded: callback<[process: OsProcess, code: number]>(),
  },
  functions: {
    /** The process that is running. */
    process: fn<() => OsProcess>(),
  },
});
