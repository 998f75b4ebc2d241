import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { type ResourceLimit, RLIMIT_NOFILE } from "../limits.js";
import { usageOf } from "../process.js";
import { intArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { LAST_SIGNAL } from "../signals/numbers.js";
import { load64, store64 } from "../structures.js";
import { storeUsage, type Usage } from "../usage.js";
import { storeWord } from "../user-memory.js";
import { isSelf, schedulingCalls } from "./scheduling.js";

const encoder = new TextEncoder();

/** Operations of prctl(2). */
const PR_SET_PDEATHSIG = 1;
const PR_GET_PDEATHSIG = 2;
const PR_GET_DUMPABLE = 3;
const PR_SET_DUMPABLE = 4;
const PR_SET_NAME = 15;
const PR_GET_NAME = 16;
const PR_SET_NO_NEW_PRIVS = 38;
const PR_GET_NO_NEW_PRIVS = 39;
const NAME_SIZE = 16;

/** Whether arguments that mean nothing yet are zero, as those calls of prctl(2) want it. */
const restIsZero = (registers: Registers): boolean =>
  [2, 3, 4].every((index) => wordArgument(registers, index) === 0);

const prctl: Handler = (context, registers) => {
  const { memory } = context;
  const address = wordArgument(registers, 1);
  switch (intArgument(registers, 0)) {
    case PR_SET_PDEATHSIG:
      if (address > LAST_SIGNAL) return -Errno.EINVAL;
      context.process.deathSignal = address;
      return 0;
    case PR_GET_PDEATHSIG:
      return storeWord(context, address, context.process.deathSignal);
    case PR_GET_DUMPABLE:
      return context.process.dumpable;
    case PR_SET_DUMPABLE:
      if (address > 1) return -Errno.EINVAL;
      context.process.dumpable = address;
      return 0;
    case PR_SET_NO_NEW_PRIVS:
      if (address !== 1 || !restIsZero(registers)) return -Errno.EINVAL;
      context.process.noNewPrivileges = true;
      return 0;
    case PR_GET_NO_NEW_PRIVS:
      if (address !== 0 || !restIsZero(registers)) return -Errno.EINVAL;
      return context.process.noNewPrivileges ? 1 : 0;
    case PR_SET_NAME: {
      const found = memory.readCString(address, NAME_SIZE);
      if (found === undefined) return -Errno.EFAULT;
      const bytes = found === "too-long" ? memory.read(address, NAME_SIZE - 1) : found;
      context.name = new TextDecoder().decode(bytes);
      return 0;
    }
    case PR_GET_NAME: {
      const bytes = new Uint8Array(NAME_SIZE);
      encoder.encodeInto(context.name, bytes.subarray(0, NAME_SIZE - 1));
      return memory.write(address, bytes) ? 0 : -Errno.EFAULT;
    }
    default:
      return -Errno.EINVAL;
  }
};

const RLIM_INFINITY_WORD = 0xffff_ffff;

function storeLimit(context: Context, address: number, limit: ResourceLimit): number {
  if (!context.memory.writable(address, 16)) return -Errno.EFAULT;
  [limit.soft, limit.hard].forEach((value, index) => {
    const at = address + 8 * index;
    if (value !== Number.POSITIVE_INFINITY) {
      store64(context.memory, at, value);
    } else {
      context.memory.view.setUint32(at, RLIM_INFINITY_WORD, true);
      context.memory.view.setUint32(at + 4, RLIM_INFINITY_WORD, true);
    }
  });
  return 0;
}

/** Values from 2^63 on are taken as RLIM_INFINITY. */
function loadLimit(context: Context, address: number): ResourceLimit | undefined {
  if (!context.memory.read(address, 16)) return undefined;
  const [soft = 0, hard = 0] = [0, 8].map((offset) => {
    const value = load64(context.memory, address + offset);
    return value < 0 ? Number.POSITIVE_INFINITY : value;
  });
  return { soft, hard };
}

function setLimit(context: Context, resource: number, old: ResourceLimit, address: number): number {
  const limit = loadLimit(context, address);
  if (!limit) return -Errno.EFAULT;
  if (limit.soft > limit.hard) return -Errno.EINVAL;
  if (limit.hard > old.hard) return -Errno.EPERM;
  context.limits[resource] = limit;
  if (resource === RLIMIT_NOFILE) context.descriptors.limit = limit.soft;
  return 0;
}

const prlimit64: Handler = (context, registers) => {
  const resource = uintArgument(registers, 1);
  const newAddress = wordArgument(registers, 2);
  const oldAddress = wordArgument(registers, 3);
  const old = context.limits[resource];
  if (!old) return -Errno.EINVAL;
  if (!isSelf(context, intArgument(registers, 0))) return -Errno.ESRCH;
  const set = newAddress === 0 ? 0 : setLimit(context, resource, old, newAddress);
  return set < 0 || oldAddress === 0 ? set : storeLimit(context, oldAddress, old);
};

const getrlimit: Handler = (context, registers) => {
  const limit = context.limits[uintArgument(registers, 0)];
  return limit ? storeLimit(context, wordArgument(registers, 1), limit) : -Errno.EINVAL;
};

const setrlimit: Handler = (context, registers) => {
  const resource = uintArgument(registers, 0);
  const old = context.limits[resource];
  return old ? setLimit(context, resource, old, wordArgument(registers, 1)) : -Errno.EINVAL;
};

const RUSAGE_CHILDREN = -1;
const RUSAGE_SELF = 0;
const RUSAGE_THREAD = 1;

function usageFor({ process, cpu }: Context, who: number): Usage | undefined {
  switch (who) {
    case RUSAGE_CHILDREN:
      return process.childrenUsage;
    case RUSAGE_SELF:
      return usageOf(process);
    case RUSAGE_THREAD:
      return { ...usageOf(process), time: cpu.now() };
    default:
      return undefined;
  }
}

const getrusage: Handler = (context, registers) => {
  const usage = usageFor(context, intArgument(registers, 0));
  if (!usage) return -Errno.EINVAL;
  return storeUsage(context.memory, wordArgument(registers, 1), usage) ? 0 : -Errno.EFAULT;
};

/** The life of the process and its resources: prctl(2), prlimit(2), getrusage(2). */
export const processCalls: HandlerTable = {
  prctl,
  getrusage,
  /** A kernel without restartable sequences: glibc then does without. */
  rseq: () => -Errno.ENOSYS,
  prlimit64,
  getrlimit,
  setrlimit,
  ...schedulingCalls,
};
