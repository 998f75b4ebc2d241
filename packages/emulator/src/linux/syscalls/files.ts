import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import { isExecuted } from "../executable.js";
import { decodeName } from "../files/file-name.js";
import { openNameless } from "../files/memory/memory-inode.js";
import { Seal } from "../files/memory/seals.js";
import { FileType, isReadable, isWritable, type OpenFile, OpenFlag } from "../files/open-file.js";
import { Permit, permits } from "../files/permission.js";
import { intArgument, longArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { AT_FDCWD, allow, resolveArgument, targetOf } from "./resolve.js";

/** Permissions, and the special bits of inode(7), which give nobody privileges here. */
const MODE_BITS = 0o7777;

/** A handler that does something with the file that argument 0 names. */
function withFile(action: (file: OpenFile, registers: Registers, context: Context) => number): Handler {
  return (context, registers) => {
    const file = context.descriptors.get(intArgument(registers, 0));
    if (!file || file.flags & OpenFlag.PATH) return -Errno.EBADF;
    return hostCall(() => action(file, registers, context));
  };
}

const truncate: Handler = (context, registers) => {
  const length = longArgument(registers, 1);
  if (length < 0) return -Errno.EINVAL;
  const found = resolveArgument(context, AT_FDCWD, wordArgument(registers, 0), true);
  if (typeof found === "number") return found;
  const target = targetOf(found);
  if (typeof target === "number") return target;
  const { inode, place } = target;
  if (inode?.directory) return -Errno.EISDIR;
  if (inode?.type !== FileType.REGULAR) return -Errno.EINVAL;
  if (!Number.isSafeInteger(length)) return -Errno.EFBIG;
  const refused = allow(context, place, "write");
  if (refused < 0) return refused;
  return hostCall(() => {
    if (!permits(inode.status(), context.identity, Permit.WRITE)) return -Errno.EACCES;
    return isExecuted(context, inode.identity) ? -Errno.ETXTBSY : inode.truncate(length);
  });
};

const getdents64 = withFile((file, registers, context) => {
  const into = context.memory.writable(wordArgument(registers, 1), uintArgument(registers, 2));
  return into ? file.readEntries(into) : -Errno.EFAULT;
});

const KEEP_SIZE = 1;

/** fallocate(2): the file gets at least this long, or not (FALLOC_FL_KEEP_SIZE). Holes are no business of files here. */
const fallocate = withFile((file, registers) => {
  const mode = uintArgument(registers, 1);
  const offset = longArgument(registers, 2);
  const length = longArgument(registers, 3);
  if (offset < 0 || length <= 0) return -Errno.EINVAL;
  if (mode & ~KEEP_SIZE) return -Errno.EOPNOTSUPP;
  if (!isWritable(file.flags)) return -Errno.EBADF;
  const type = file.status().mode & 0o170000;
  if (type === FileType.FIFO) return -Errno.ESPIPE;
  if (type === FileType.DIRECTORY) return -Errno.EISDIR;
  if (type !== FileType.REGULAR) return -Errno.ENODEV;
  if (!Number.isSafeInteger(offset + length)) return -Errno.EFBIG;
  if (mode & KEEP_SIZE) return 0;
  return file.status().size >= offset + length ? 0 : file.truncate(offset + length);
});

const CLOSE_RANGE_UNSHARE = 2;
const CLOSE_RANGE_CLOEXEC = 4;

const closeRange: Handler = (context, registers) => {
  const first = uintArgument(registers, 0);
  const last = uintArgument(registers, 1);
  const flags = uintArgument(registers, 2);
  if (first > last || flags & ~(CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE)) return -Errno.EINVAL;
  if (flags & CLOSE_RANGE_UNSHARE) {
    const { descriptors } = context;
    context.descriptors = descriptors.copy();
    descriptors.leave();
  }
  for (const fd of context.descriptors.numbers()) {
    if (fd < first || fd > last) continue;
    if (flags & CLOSE_RANGE_CLOEXEC) context.descriptors.setCloseOnExec(fd, true);
    else hostCall(() => context.descriptors.close(fd));
  }
  return 0;
};

const MEMFD_CLOEXEC = 1;
const MEMFD_ALLOW_SEALING = 2;
const MEMFD_NOEXEC_SEAL = 8;
const MEMFD_EXEC = 16;
const LONGEST_MEMFD_NAME = 249;

const memfdCreate: Handler = (context, registers) => {
  const flags = uintArgument(registers, 1);
  const known = MEMFD_CLOEXEC | MEMFD_ALLOW_SEALING | MEMFD_NOEXEC_SEAL | MEMFD_EXEC;
  if (flags & ~known) return -Errno.EINVAL;
  const name = context.memory.readCString(wordArgument(registers, 0), LONGEST_MEMFD_NAME + 1);
  if (name === undefined) return -Errno.EFAULT;
  if (name === "too-long") return -Errno.EINVAL;
  // A file that is never to be executed can be sealed, too.
  const noExecute = (flags & MEMFD_NOEXEC_SEAL) !== 0;
  if (noExecute && flags & MEMFD_EXEC) return -Errno.EINVAL;
  const seals = noExecute ? Seal.EXEC : flags & MEMFD_ALLOW_SEALING ? 0 : Seal.SEAL;
  const label = `/memfd:${decodeName(name)} (deleted)`;
  const file = openNameless(context.sandbox.memory, label, noExecute ? 0o666 : 0o777, seals);
  return typeof file === "number" ? file : context.descriptors.add(file, (flags & MEMFD_CLOEXEC) !== 0);
};

const isRegular = (file: OpenFile): boolean => (file.status().mode & 0o170000) === FileType.REGULAR;

/** Open files: close(2), lseek(2), ftruncate(2), fchmod(2), fsync(2), getdents(2), memfd_create(2). */
export const fileCalls: HandlerTable = {
  truncate,
  getdents64,
  fallocate,
  close: (context, registers) => hostCall(() => context.descriptors.close(intArgument(registers, 0))),
  close_range: closeRange,
  memfd_create: memfdCreate,
  lseek: withFile((file, registers) => file.seek(longArgument(registers, 1), intArgument(registers, 2))),
  ftruncate: withFile((file, registers) =>
    isWritable(file.flags) ? file.truncate(longArgument(registers, 1)) : -Errno.EINVAL,
  ),
  fchmod: withFile((file, registers) => {
    if (file.place && !file.place.mount.writable) return -Errno.EPERM;
    return file.changeMode(uintArgument(registers, 1) & MODE_BITS);
  }),
  fsync: withFile((file) => file.sync()),
  fdatasync: withFile((file) => file.sync()),
  sync: () => 0,
  syncfs: withFile(() => 0),
  sync_file_range: withFile((file, registers) => {
    if (longArgument(registers, 1) < 0 || longArgument(registers, 2) < 0) return -Errno.EINVAL;
    if (uintArgument(registers, 3) & ~7) return -Errno.EINVAL;
    return isRegular(file) ? 0 : -Errno.ESPIPE;
  }),
  readahead: withFile((file) => {
    if (!isReadable(file.flags)) return -Errno.EBADF;
    return isRegular(file) ? 0 : -Errno.EINVAL;
  }),
  fadvise64: withFile((file, registers) => {
    if (file.seek(0, 1) === -Errno.ESPIPE) return -Errno.ESPIPE;
    const advice = intArgument(registers, 3);
    return advice < 0 || advice > 5 || longArgument(registers, 2) < 0 ? -Errno.EINVAL : 0;
  }),
};
