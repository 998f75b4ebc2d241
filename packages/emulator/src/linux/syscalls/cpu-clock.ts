import type { Context } from "../context.js";
import type { CpuAccount } from "../cpu-time.js";

/** Clock ids of clock_gettime(2). */
const CLOCK_PROCESS_CPUTIME = 2;
const CLOCK_THREAD_CPUTIME = 3;
/** What a negative clock id holds besides the complement of a pid or tid (include/linux/posix-timers_types.h). */
const PER_THREAD = 4;
const KIND_MASK = 3;
/** The kinds are: all time, user time, time by the scheduler; those are the same here. 3 is something else. */
const KINDS = 3;

/**
 * The processor time that a clock id means (clock_getcpuclockid(3), pthread_getcpuclockid(3)): the caller's, or that of another
 * process, or another thread of the same process. Undefined if it means none.
 */
export function cpuClock(context: Context, id: number): CpuAccount | undefined {
  const { process, kernel } = context;
  if (id === CLOCK_PROCESS_CPUTIME) return process.cpu;
  if (id === CLOCK_THREAD_CPUTIME) return context.cpu;
  if (id >= 0 || (id & KIND_MASK) >= KINDS) return undefined;
  const owner = ~(id >> 3);
  if ((id & PER_THREAD) === 0) return owner === 0 ? process.cpu : kernel.processes.get(owner)?.cpu;
  if (owner === 0) return context.cpu;
  return [...process.threads].find(({ tid }) => tid === owner)?.cpu;
}
