import { accessSync, constants, lstatSync, readlinkSync } from "node:fs";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall, hostErrno } from "../errno.js";
import { hostStatus } from "../files/host-status.js";
import type { FileStatus } from "../files/open-file.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { storeExtendedStatus, storeStatus } from "../structures.js";
import { loadPath } from "../user-memory.js";
import { resolveAt } from "./resolve.js";

/** Flags of fstatat(2) and its relatives. */
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EACCESS = 0x200;
const AT_NO_AUTOMOUNT = 0x800;
const AT_EMPTY_PATH = 0x1000;
const AT_STATX_SYNC_TYPE = 0x6000;
const AT_FDCWD = -100;
/** STATX__RESERVED (statx(2)): EINVAL. */
const STATX_RESERVED = 0x8000_0000;

/** The program knows itself by this name, and glibc asks for it at start. */
const SELF = "/proc/self/exe";

/** Status of what `dirfd` and `path` name, or a negated error number. */
function statusAt(context: Context, dirfd: number, address: number, flags: number): FileStatus | number {
  const path = loadPath(context, address);
  if (typeof path === "number") return path;
  if (path === "" && flags & AT_EMPTY_PATH && dirfd !== AT_FDCWD) return statusOf(context, dirfd);
  const asked = path === "" && flags & AT_EMPTY_PATH ? "." : path;
  const found = resolveAt(context, dirfd, asked, "either", (flags & AT_SYMLINK_NOFOLLOW) === 0);
  if (typeof found === "number") return found;
  if (!found.stats) return -Errno.ENOENT;
  try {
    return hostStatus(lstatSync(found.path, { bigint: true }));
  } catch (error) {
    return hostErrno(error);
  }
}

function statusOf(context: Context, fd: number): FileStatus | number {
  const file = context.descriptors.get(fd);
  if (!file) return -Errno.EBADF;
  try {
    return file.status();
  } catch (error) {
    return hostErrno(error);
  }
}

const fstat: Handler = (context, registers) => {
  const status = statusOf(context, intArgument(registers, 0));
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
  if (mode & ~(constants.R_OK | constants.W_OK | constants.X_OK)) return -Errno.EINVAL;
  if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EACCESS | AT_EMPTY_PATH)) return -Errno.EINVAL;
  const path = loadPath(context, address);
  if (typeof path === "number") return path;
  const wants = mode & constants.W_OK ? "write" : mode & constants.R_OK ? "read" : "either";
  const found = resolveAt(context, dirfd, path, wants, (flags & AT_SYMLINK_NOFOLLOW) === 0);
  if (typeof found === "number") return found;
  if (!found.stats) return -Errno.ENOENT;
  return hostCall(() => {
    accessSync(found.path, mode);
    return 0;
  });
}

const readlinkat: Handler = (context, registers) => {
  const length = intArgument(registers, 3);
  if (length <= 0) return -Errno.EINVAL;
  const path = loadPath(context, wordArgument(registers, 1));
  if (typeof path === "number") return path;
  let target = context.sandbox.program;
  if (path !== SELF) {
    const found = resolveAt(context, intArgument(registers, 0), path, "either", false);
    if (typeof found === "number") return found;
    if (!found.stats) return -Errno.ENOENT;
    if (!found.stats.isSymbolicLink()) return -Errno.EINVAL;
    try {
      target = readlinkSync(found.path);
    } catch (error) {
      return hostErrno(error);
    }
  }
  const bytes = new TextEncoder().encode(target).subarray(0, length);
  return context.memory.write(wordArgument(registers, 2), bytes) ? bytes.length : -Errno.EFAULT;
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
