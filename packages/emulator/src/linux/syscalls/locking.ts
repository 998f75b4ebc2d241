import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import { locksOf, type RangeLock } from "../files/file-locks.js";
import { isReadable, isWritable, type OpenFile, OpenFlag } from "../files/open-file.js";
import { intArgument, uintArgument } from "../registers.js";
import { load64, store64 } from "../structures.js";

/** Operations of flock(2). */
const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;

/** `struct flock` (fcntl_locking(2)): l_type and l_whence of 16 bits, l_start and l_len of 64, l_pid of 32. */
const FLOCK_SIZE = 32;
const F_RDLCK = 0;
const F_WRLCK = 1;
const F_UNLCK = 2;

const flock: Handler = (context, registers) => {
  const file = context.descriptors.get(intArgument(registers, 0));
  if (!file || file.flags & OpenFlag.PATH) return -Errno.EBADF;
  const operation = uintArgument(registers, 1);
  const kind = operation & ~LOCK_NB;
  if (kind !== LOCK_SH && kind !== LOCK_EX && kind !== LOCK_UN) return -Errno.EINVAL;
  const locks = locksOf(file);
  if (kind === LOCK_UN) {
    locks.flock(file, undefined);
    return 0;
  }
  const exclusive = kind === LOCK_EX;
  if (locks.flockConflict(file, exclusive)) {
    if (operation & LOCK_NB) return -Errno.EAGAIN;
    return context.block({ ready: () => !locks.flockConflict(file, exclusive) });
  }
  locks.flock(file, exclusive);
  return 0;
};

/** What fcntl(2) is asked about locks. */
export interface LockRequest {
  readonly what: "test" | "set" | "wait";
  /** Whether the open file owns the lock, not the process (F_OFD_SETLK). */
  readonly ofFile: boolean;
}

/** F_GETLK, F_SETLK, F_SETLKW and their F_OFD relatives. */
export function lockRange(context: Context, file: OpenFile, address: number, request: LockRequest): number {
  const { memory } = context;
  if (!memory.read(address, FLOCK_SIZE)) return -Errno.EFAULT;
  const type = memory.view.getInt16(address, true);
  const range = rangeAt(context, file, address);
  if (typeof range === "number") return range;
  if (type !== F_RDLCK && type !== F_WRLCK && !(type === F_UNLCK && request.what !== "test"))
    return -Errno.EINVAL;
  if (request.ofFile && memory.view.getInt32(address + 24, true) !== 0) return -Errno.EINVAL;
  const owner = request.ofFile ? file : context.descriptors;
  const pid = request.ofFile ? -1 : context.identity.pid;
  const locks = locksOf(file);
  if (type === F_UNLCK) {
    locks.free(owner, range.start, range.end);
    return 0;
  }
  const wanted: RangeLock = { exclusive: type === F_WRLCK, owner, pid, ...range };
  if (request.what === "test") return tell(context, address, locks.conflict(wanted));
  if (wanted.exclusive ? !isWritable(file.flags) : !isReadable(file.flags)) return -Errno.EBADF;
  if (!locks.conflict(wanted)) {
    locks.take(wanted);
    return 0;
  }
  return request.what === "set" ? -Errno.EAGAIN : context.block({ ready: () => !locks.conflict(wanted) });
}

function rangeAt(
  context: Context,
  file: OpenFile,
  address: number,
): { readonly start: number; readonly end: number } | number {
  const whence = context.memory.view.getInt16(address + 2, true);
  const offset = load64(context.memory, address + 8);
  const length = load64(context.memory, address + 16);
  if (whence < 0 || whence > 2) return -Errno.EINVAL;
  const from = whence === 0 ? 0 : whence === 1 ? hostCall(() => file.seek(0, 1)) : file.status().size;
  if (from < 0) return from === -Errno.ESPIPE ? -Errno.EBADF : from;
  const at = from + offset;
  const start = length < 0 ? at + length : at;
  if (start < 0) return -Errno.EINVAL;
  return { start, end: length === 0 ? Number.POSITIVE_INFINITY : length < 0 ? at : at + length };
}

/** F_GETLK: what is in the way, or F_UNLCK if nothing is. */
function tell(context: Context, address: number, found: RangeLock | undefined): number {
  const { memory } = context;
  if (!memory.writable(address, FLOCK_SIZE)) return -Errno.EFAULT;
  memory.view.setInt16(address, found ? (found.exclusive ? F_WRLCK : F_RDLCK) : F_UNLCK, true);
  if (!found) return 0;
  memory.view.setInt16(address + 2, 0, true);
  store64(memory, address + 8, found.start);
  store64(memory, address + 16, found.end === Number.POSITIVE_INFINITY ? 0 : found.end - found.start);
  memory.view.setInt32(address + 24, found.pid, true);
  return 0;
}

/** Locks on files: flock(2). */
export const lockingCalls: HandlerTable = { flock };
