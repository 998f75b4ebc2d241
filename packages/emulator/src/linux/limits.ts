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
/** Number of descriptors. */
export const RLIMIT_NOFILE = 7;

/** The limits of a new process, by resource number. Only RLIMIT_NOFILE is enforced; the rest cannot be reached or is told only. */
export function createLimits(): ResourceLimit[] {
  const limits = new Array<ResourceLimit>(RESOURCES).fill(UNLIMITED);
  limits[RLIMIT_STACK] = { soft: STACK_SIZE, hard: Number.POSITIVE_INFINITY };
  limits[RLIMIT_CORE] = { soft: 0, hard: Number.POSITIVE_INFINITY };
  limits[RLIMIT_NOFILE] = { soft: MOST_DESCRIPTORS, hard: MOST_DESCRIPTORS };
  return limits;
}
