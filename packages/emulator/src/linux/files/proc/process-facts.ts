import type { GuestMemory } from "../../../memory/guest-memory.js";
import type { ResourceLimit } from "../../limits.js";
import type { Descriptors } from "../descriptors.js";
import type { Place } from "../tree/place.js";

/** What /proc tells of a thread. */
export interface ThreadFacts {
  readonly tid: number;
  readonly name: string;
  /** A letter of proc(5): R runs or could run, S waits, T is stopped, Z has ended. */
  readonly state: "R" | "S" | "T" | "Z";
  /** User time, in nanoseconds. */
  readonly time: number;
}

/** What /proc tells of a process that has not ended. */
export interface LiveFacts {
  /** Path of the program file, in the guest's tree. */
  readonly executable: string;
  readonly memory: GuestMemory;
  /** The stack pointer that the program was started with: arguments, environment and auxiliary vector are there. */
  readonly initialStack: number;
  readonly heap: { readonly start: number; readonly end: number };
  readonly code: { readonly start: number; readonly end: number };
  readonly descriptors: Descriptors;
  readonly cwd: Place;
  readonly umask: number;
}

/** What /proc tells of a process. */
export interface ProcessFacts {
  readonly pid: number;
  readonly ppid: number;
  readonly group: number;
  readonly session: number;
  readonly uid: number;
  readonly gid: number;
  readonly limits: readonly ResourceLimit[];
  /** When it was made, in nanoseconds of the guest's clock. */
  readonly started: number;
  /** User time of all of its threads, in nanoseconds. */
  readonly time: number;
  /** And of the children that it has waited for. */
  readonly childrenTime: number;
  /** The most bytes that it had mapped at a time. */
  readonly peak: number;
  /** Oldest first. Of a process that has ended, its last one. */
  readonly threads: readonly ThreadFacts[];
  /** Undefined for one that has ended and was not waited for. */
  readonly live: LiveFacts | undefined;
}

/** The processes of the guest, as /proc sees them. */
export interface ProcessList {
  /** By ascending pid. */
  pids(): readonly number[];
  get(pid: number): ProcessFacts | undefined;
}
