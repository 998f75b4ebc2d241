import { closeSync, constants, fchmodSync, fstatSync, openSync, truncateSync } from "node:fs";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall, hostErrno } from "../errno.js";
import { createHostDirectory } from "../files/host-directory.js";
import { createHostFile } from "../files/host-file.js";
import { isWritable, type OpenFile, OpenFlag } from "../files/open-file.js";
import type { Access, ResolvedPath } from "../files/sandbox.js";
import { intArgument, longArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { loadPath } from "../user-memory.js";
import { resolveAt } from "./resolve.js";

/** Permission bits that a guest may give a file: no set-user-ID, no set-group-ID. */
const PERMISSION_BITS = 0o777;
/** Flags that stay with an open file description and that F_GETFL tells. */
const STATUS_FLAGS: number = OpenFlag.ACCMODE | OpenFlag.APPEND | OpenFlag.NONBLOCK;

const openat: Handler = (context, registers) => {
  const flags = uintArgument(registers, 2);
  const file = open(context, registers, flags, uintArgument(registers, 3));
  return typeof file === "number" ? file : context.descriptors.add(file, (flags & OpenFlag.CLOEXEC) !== 0);
};

function open(context: Context, registers: Registers, flags: number, mode: number): OpenFile | number {
  if (flags & OpenFlag.TMPFILE) return -Errno.EOPNOTSUPP;
  const path = loadPath(context, wordArgument(registers, 1));
  if (typeof path === "number") return path;
  const creates = (flags & OpenFlag.CREAT) !== 0;
  const exclusive = creates && (flags & OpenFlag.EXCL) !== 0;
  const follow = !exclusive && !(flags & OpenFlag.NOFOLLOW);
  const accesses = wantedAccess(flags);
  let found: ResolvedPath | number = -Errno.EACCES;
  for (const access of accesses) {
    found = resolveAt(context, intArgument(registers, 0), path, access, follow);
    if (typeof found === "number") return found;
  }
  if (typeof found === "number") return found;
  if (!found.stats) {
    if (!creates) return -Errno.ENOENT;
    if (path.endsWith("/")) return -Errno.EISDIR;
    return openHost(found.path, flags, mode & PERMISSION_BITS & ~context.umask);
  }
  if (exclusive) return -Errno.EEXIST;
  if (found.stats.isSymbolicLink()) return -Errno.ELOOP;
  if (found.stats.isDirectory()) {
    if (isWritable(flags) || creates) return -Errno.EISDIR;
    return createHostDirectory(found.path, flags & STATUS_FLAGS);
  }
  if (flags & OpenFlag.DIRECTORY) return -Errno.ENOTDIR;
  if (!found.stats.isFile()) {
    context.reportOnce(
      `special ${found.path}`,
      `${found.path}: the guest may open regular files and directories only (EACCES)`,
    );
    return -Errno.EACCES;
  }
  return openHost(found.path, flags, undefined);
}

function wantedAccess(flags: number): readonly Access[] {
  const mode = flags & OpenFlag.ACCMODE;
  const changes = isWritable(flags) || (flags & (OpenFlag.CREAT | OpenFlag.TRUNC)) !== 0;
  return [...(mode === OpenFlag.WRONLY ? [] : ["read" as const]), ...(changes ? ["write" as const] : [])];
}

/**
 * Opens the host's file at a resolved path. O_NOFOLLOW and O_NONBLOCK hold even if the place has changed since: a link
 * is not followed, a pipe does not block, and what is no regular file is closed again.
 * @param mode permissions of a new file; undefined if the file must be there.
 */
function openHost(path: string, flags: number, mode: number | undefined): OpenFile | number {
  const access = flags & OpenFlag.ACCMODE;
  const truncates = flags & OpenFlag.TRUNC ? constants.O_TRUNC : 0;
  const creates = mode === undefined ? 0 : constants.O_CREAT | constants.O_EXCL;
  try {
    const fd = openSync(
      path,
      access | truncates | creates | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      mode ?? 0,
    );
    if (!fstatSync(fd).isFile()) {
      closeSync(fd);
      return -Errno.EACCES;
    }
    if (mode !== undefined) fchmodSync(fd, mode);
    return createHostFile(fd, path, flags & STATUS_FLAGS);
  } catch (error) {
    return hostErrno(error);
  }
}

/** A handler that does something with the file that argument 0 names. */
function withFile(action: (file: OpenFile, registers: Registers, context: Context) => number): Handler {
  return (context, registers) => {
    const file = context.descriptors.get(intArgument(registers, 0));
    return file ? hostCall(() => action(file, registers, context)) : -Errno.EBADF;
  };
}

const truncate: Handler = (context, registers) => {
  const path = loadPath(context, wordArgument(registers, 0));
  if (typeof path === "number") return path;
  const length = longArgument(registers, 1);
  if (length < 0) return -Errno.EINVAL;
  if (!Number.isSafeInteger(length)) return -Errno.EFBIG;
  const found = context.sandbox.resolve(context.sandbox.cwd, path, "write", true);
  if (typeof found === "number") return found;
  if (!found.stats) return -Errno.ENOENT;
  if (found.stats.isDirectory()) return -Errno.EISDIR;
  if (!found.stats.isFile()) return -Errno.EINVAL;
  return hostCall(() => {
    truncateSync(found.path, length);
    return 0;
  });
};

const getdents64 = withFile((file, registers, context) => {
  const into = context.memory.writable(wordArgument(registers, 1), uintArgument(registers, 2));
  return into ? file.readEntries(into) : -Errno.EFAULT;
});

/** fallocate(2) without flags: the file gets at least this long. Holes and ranges are the host's affair. */
const fallocate = withFile((file, registers) => {
  const offset = longArgument(registers, 2);
  const length = longArgument(registers, 3);
  if (uintArgument(registers, 1) !== 0) return -Errno.EOPNOTSUPP;
  if (!isWritable(file.flags)) return -Errno.EBADF;
  if (offset < 0 || length <= 0) return -Errno.EINVAL;
  if (file.seek(0, 1) < 0) return -Errno.ESPIPE;
  return file.status().size >= offset + length ? 0 : file.truncate(offset + length);
});

const CLOSE_RANGE_CLOEXEC = 4;

const closeRange: Handler = (context, registers) => {
  const first = uintArgument(registers, 0);
  const last = uintArgument(registers, 1);
  const flags = uintArgument(registers, 2);
  if (first > last || flags & ~CLOSE_RANGE_CLOEXEC) return -Errno.EINVAL;
  for (const fd of context.descriptors.numbers()) {
    if (fd < first || fd > last) continue;
    if (flags & CLOSE_RANGE_CLOEXEC) context.descriptors.setCloseOnExec(fd, true);
    else hostCall(() => context.descriptors.close(fd));
  }
  return 0;
};

/** Open files: open(2), close(2), lseek(2), ftruncate(2), fchmod(2), fsync(2), getdents(2). */
export const fileCalls: HandlerTable = {
  openat,
  truncate,
  getdents64,
  fallocate,
  close: (context, registers) => hostCall(() => context.descriptors.close(intArgument(registers, 0))),
  close_range: closeRange,
  lseek: withFile((file, registers) => file.seek(longArgument(registers, 1), intArgument(registers, 2))),
  ftruncate: withFile((file, registers) =>
    isWritable(file.flags) ? file.truncate(longArgument(registers, 1)) : -Errno.EINVAL,
  ),
  fchmod: withFile((file, registers, context) =>
    context.sandbox.allows(file.path, "write")
      ? file.changeMode(uintArgument(registers, 1) & PERMISSION_BITS)
      : -Errno.EPERM,
  ),
  fsync: withFile((file) => file.sync()),
  fdatasync: withFile((file) => file.sync()),
  fadvise64: withFile((file) => (file.seek(0, 1) === -Errno.ESPIPE ? -Errno.ESPIPE : 0)),
};
