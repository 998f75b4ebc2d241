/** Who the guest is told that it is. Nothing of the host shows through. */
export interface Identity {
  /** Process (and thread) id. */
  readonly pid: number;
  readonly ppid: number;
  /** Real, effective and saved user id. */
  readonly uid: number;
  /** Real, effective and saved group id. */
  readonly gid: number;
}

/** The first process of a machine, an ordinary user's. */
export const FIRST_PROCESS: Identity = { pid: 100, ppid: 1, uid: 1000, gid: 1000 };
