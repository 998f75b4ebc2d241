import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostErrno } from "../errno.js";
import { encodeName } from "../files/file-name.js";
import type { FileStatus } from "../files/open-file.js";
import { FileType } from "../files/open-file.js";
import { Permit, permits } from "../files/permission.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { storeExtendedStatus, storeStatus } from "../structures.js";
import { loadPath } from "../user-memory.js";
import {
  AT_EMPTY_PATH,
  AT_SYMLINK_NOFOLLOW,
  allow,
  callerOf,
  fileTarget,
  resolveAt,
  statusOf,
  targetAt,
} from "./resolve.js";

/** Flags of fstatat(2) and its relatives. */
const AT_EACCESS = 0x200;
const AT_NO_AUTOMOUNT = 0x800;
const AT_STATX_SYNC_TYPE = 0x6000;
/** STATX__RESERVED (statx(2)): EINVAL. */
const STATX_RESERVED = 0x8000_0000;

/** Status of what `dirfd` and a path name, or a negated error number. */
function statusAt(context: Context, dirfd: number, address: number, flags: number): FileStatus | number {
  const target = targetAt(context, dirfd, address, flags);
  return typeof target === "number" ? target : statusOf(target);
}

const fstat: Handler = (context, registers) => {
  const file = context.descriptors.get(intArgument(registers, 0));
  if (!file) return -Errno.EBADF;
  const status = statusOf(fileTarget(file));
  return typeof status === "number"
    ? status
    : storeStatus(context.memory, wordArgument(registers, 1), status);
};

const newfstatat: Handler = (context, registers) => {
  const flags = uintArgument(registers, 3);
  if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)) return -Errno.EINVAL;
  const status = statusAt(context, intArgument(registers, 0), wordArgument(registers, 1), flags);
  return typeof status === "number"
    ? status
    : storeStatus(context.memory, wordArgument(registers, 2), status);
};

const statx: Handler = (context, registers) => {
  const flags = uintArgument(registers, 2);
  const known = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE;
  const badSync = (flags & AT_STATX_SYNC_TYPE) === AT_STATX_SYNC_TYPE;
  if (flags & ~known || badSync || uintArgument(registers, 3) & STATX_RESERVED) return -Errno.EINVAL;
  const status = statusAt(context, intArgument(registers, 0), wordArgument(registers, 1), flags);
  return typeof status === "number"
    ? status
    : storeExtendedStatus(context.memory, wordArgument(registers, 4), status);
};

function access(context: Context, dirfd: number, address: number, mode: number, flags: number): number {
  if (mode & ~(Permit.READ | Permit.WRITE | Permit.EXECUTE)) return -Errno.EINVAL;
  if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EACCESS | AT_EMPTY_PATH)) return -Errno.EINVAL;
  const target = targetAt(context, dirfd, address, flags);
  if (typeof target === "number") return target;
  const { place, inode } = target;
  const isDevice = inode?.type === FileType.CHARACTER;
  if (mode & Permit.READ) {
    const refused = allow(context, place, "read");
    if (refused < 0) return refused;
  }
  if (mode & Permit.WRITE && !isDevice) {
    const refused = allow(context, place, "write");
    if (refused < 0) return refused;
  }
  const status = statusOf(target);
  if (typeof status === "number") return status;
  return permits(status, context.identity, mode) ? 0 : -Errno.EACCES;
}

const readlinkat: Handler = (context, registers) => {
  const length = intArgument(registers, 3);
  if (length <= 0) return -Errno.EINVAL;
  const path = loadPath(context, wordArgument(registers, 1));
  if (typeof path === "number") return path;
  const dirfd = intArgument(registers, 0);
  const file = path === "" ? context.descriptors.get(dirfd) : undefined;
  const found = file ? undefined : resolveAt(context, dirfd, path, false);
  if (typeof found === "number") return found;
  const inode = file ? file.inode : found?.kind === "place" ? found.place?.inode : undefined;
  if (!inode) return -Errno.ENOENT;
  if (inode.type !== FileType.LINK) return path === "" ? -Errno.ENOENT : -Errno.EINVAL;
  try {
    const target = inode.readLink(callerOf(context));
    if (typeof target === "number") return target;
    const bytes = encodeName(target).subarray(0, length);
    return context.memory.write(wordArgument(registers, 2), bytes) ? bytes.length : -Errno.EFAULT;
  } catch (error) {
    return hostErrno(error);
  }
};

/** What is known about files: stat(2), statx(2), access(2), readlink(2). */
export const statusCalls: HandlerTable = {
  fstat,
  newfstatat,
  statx,
  readlinkat,
  faccessat: (context, registers) =>
    access(context, intArgument(registers, 0), wordArgument(registers, 1), uintArgument(registers, 2), 0),
  faccessat2: (context, registers) =>
    access(
      context,
      intArgument(registers, 0),
      wordArgument(registers, 1),
      uintArgument(registers, 2),
      uintArgument(registers, 3),
    ),
};
