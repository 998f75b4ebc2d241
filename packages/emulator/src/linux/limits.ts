import { STACK_SIZE } from "./address-space.js";
import { MOST_DESCRIPTORS } from "./files/descriptors.js";

/** A resource limit (getrlimit(2)); `Infinity` is RLIM_INFINITY. */
export interface ResourceLimit {
  readonly soft: number;
  readonly hard: number;
}

const UNLIMITED: ResourceLimit = { soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY };
/** Number of resources; RLIMIT_RTTIME is the last. */
const RESOURCES = 16;
const RLIMIT_STACK = 3;
const RLIMIT_CORE = 4;
/** Number of signals that may wait with what they tell. */
export const RLIMIT_SIGPENDING = 11;
/** Linux derives it from the size of the memory; each one takes some of the host's. */
const MOST_SIGNALS = 4096;
/** Number of descriptors. */
export const RLIMIT_NOFILE = 7;

/** The limits of a new process, by resource number. Only RLIMIT_NOFILE is enforced; the rest cannot be reached or is told only. */
export function createLimits(): ResourceLimit[] {
  const limits = new Array<ResourceLimit>(RESOURCES).fill(UNLIMITED);
  limits[RLIMIT_STACK] = { soft: STACK_SIZE, hard: Number.POSITIVE_INFINITY };
  limits[RLIMIT_CORE] = { soft: 0, hard: Number.POSITIVE_INFINITY };
  limits[RLIMIT_NOFILE] = { soft: MOST_DESCRIPTORS, hard: MOST_DESCRIPTORS };
  limits[RLIMIT_SIGPENDING] = { soft: MOST_SIGNALS, hard: MOST_SIGNALS };
  return limits;
}
