import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import { encodeName } from "../files/file-name.js";
import { FileType } from "../files/open-file.js";
import { type Place, pathOf } from "../files/tree/place.js";
import { isMountPoint } from "../files/tree/tree.js";
import type { Found } from "../files/tree/walk.js";
import { intArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { loadPath } from "../user-memory.js";
import {
  AT_FDCWD,
  allow,
  callerOf,
  type Holder,
  holderOf,
  resolveArgument,
  targetAt,
  targetOf,
} from "./resolve.js";

const AT_REMOVEDIR = 0x200;
const AT_SYMLINK_FOLLOW = 0x400;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const RENAME_NOREPLACE = 1;
const RENAME_EXCHANGE = 2;
const TYPE_MASK = 0o170000;
/** Of a new directory: set-group-ID comes from the one that it is in (mkdir(2)). */
const DIRECTORY_BITS = 0o1777;
/** Permissions, and the special bits of inode(7), which give nobody privileges here. */
const MODE_BITS = 0o7777;

/** A name in a directory: what a path leads to that ends in no `.` or `..`. */
type Named = Extract<Found, { kind: "place" }>;

const isDots = (name: string): boolean => name === "." || name === ".." || name === "/";

/** The name that the arguments `index` (a directory) and `index + 1` (a path) tell. */
function nameAt(context: Context, registers: Registers, index: number, follow = false): Named | number {
  const found = resolveArgument(
    context,
    intArgument(registers, index),
    wordArgument(registers, index + 1),
    follow,
  );
  if (typeof found === "number") return found;
  // No path but one through /proc/pid/fd leads to a file without a name, and there is nothing to be done with its name.
  return found.kind === "file" ? -Errno.EXDEV : found;
}

/** Where a new name is to be made. */
function newName(found: Named, context: Context, forDirectory: boolean): Holder | number {
  if (found.place || isDots(found.name)) return -Errno.EEXIST;
  if (found.slash && !forDirectory) return -Errno.ENOENT;
  return holderOf(context, found.parent, found.name);
}

const mkdirat: Handler = (context, registers) => {
  const found = nameAt(context, registers, 0);
  if (typeof found === "number") return found;
  const holder = newName(found, context, true);
  if (typeof holder === "number") return holder;
  const mode = uintArgument(registers, 2) & DIRECTORY_BITS & ~context.umask;
  return hostCall(() => holder.directory.makeDirectory(holder.name, mode));
};

/** mknod(2): regular files and FIFOs; devices are the machine's business, and sockets without anybody behind them are refused. */
const mknodat: Handler = (context, registers) => {
  const type = uintArgument(registers, 2) & TYPE_MASK;
  const known = [0, FileType.REGULAR, FileType.FIFO, FileType.CHARACTER, FileType.BLOCK, FileType.SOCKET];
  if (type === FileType.DIRECTORY) return -Errno.EPERM;
  if (!known.some((one) => one === type)) return -Errno.EINVAL;
  const found = nameAt(context, registers, 0);
  if (typeof found === "number") return found;
  const holder = newName(found, context, false);
  if (typeof holder === "number") return holder;
  const mode = uintArgument(registers, 2) & MODE_BITS & ~context.umask;
  if (type === FileType.FIFO) return hostCall(() => holder.directory.makeFifo(holder.name, mode));
  if (type !== 0 && type !== FileType.REGULAR) return -Errno.EPERM;
  return hostCall(() => {
    const file = holder.directory.create(holder.name, mode, 0, (inode) => ({ ...found.parent, inode }));
    if (typeof file === "number") return file;
    file.close();
    return 0;
  });
};

/**
 * A link may only lead to where the guest may go itself, so that it cannot lay traps for those who use the tree after
 * it. It may dangle.
 */
const symlinkat: Handler = (context, registers) => {
  const target = loadPath(context, wordArgument(registers, 0));
  if (typeof target === "number") return target;
  if (target === "") return -Errno.ENOENT;
  const found = nameAt(context, registers, 1);
  if (typeof found === "number") return found;
  const holder = newName(found, context, false);
  if (typeof holder === "number") return holder;
  const end = context.sandbox.find(callerOf(context), target, { start: found.parent, follow: true });
  if (end === -Errno.EACCES) return end;
  return hostCall(() => holder.directory.makeLink(holder.name, target));
};

/** Both names must be in what the guest may write: a second name must not open what the first one closes. */
const linkat: Handler = (context, registers) => {
  const flags = uintArgument(registers, 4);
  if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) return -Errno.EINVAL;
  const from = nameAt(context, registers, 0, (flags & AT_SYMLINK_FOLLOW) !== 0);
  if (typeof from === "number") return from;
  if (!from.place) return -Errno.ENOENT;
  const to = nameAt(context, registers, 2);
  if (typeof to === "number") return to;
  const holder = newName(to, context, false);
  if (typeof holder === "number") return holder;
  const source = from.place;
  const refused = allow(context, source, "write");
  if (refused < 0) return refused;
  if (source.inode.directory) return -Errno.EPERM;
  if (source.mount !== holder.mount) return -Errno.EXDEV;
  return hostCall(() => holder.directory.addName(holder.name, source.inode));
};

function changeMode(context: Context, registers: Registers, flags: number): number {
  const target = targetAt(context, intArgument(registers, 0), wordArgument(registers, 1), flags);
  if (typeof target === "number") return target;
  const { inode, place } = target;
  const refused = allow(context, place, "write");
  if (refused < 0) return refused;
  if (!inode || inode.type === FileType.LINK) return -Errno.EOPNOTSUPP;
  return hostCall(() => {
    if (inode.status().uid !== context.identity.uid) return -Errno.EPERM;
    return inode.changeMode(uintArgument(registers, 2) & MODE_BITS);
  });
}

const unlinkat: Handler = (context, registers) => {
  const flags = uintArgument(registers, 2);
  if (flags & ~AT_REMOVEDIR) return -Errno.EINVAL;
  const removesDirectory = (flags & AT_REMOVEDIR) !== 0;
  const found = nameAt(context, registers, 0);
  if (typeof found === "number") return found;
  const { place, parent, name, slash } = found;
  if (isDots(name)) {
    if (!removesDirectory) return -Errno.EISDIR;
    return name === "." ? -Errno.EINVAL : name === ".." ? -Errno.ENOTEMPTY : -Errno.EBUSY;
  }
  if (!place) {
    const { mount } = context.sandbox.tree.holder(parent, name);
    const hidden = mount.readable ? 0 : context.sandbox.allow(parent, mount, "write", name);
    return hidden < 0 ? hidden : -Errno.ENOENT;
  }
  const holder = holderOf(context, parent, name);
  if (typeof holder === "number") return holder;
  const isDirectory = place.inode.directory !== undefined;
  if (removesDirectory && !isDirectory) return -Errno.ENOTDIR;
  if (!removesDirectory && isDirectory) return -Errno.EISDIR;
  if (slash && !isDirectory) return -Errno.ENOTDIR;
  if (isMountPoint(place)) return -Errno.EBUSY;
  return hostCall(() =>
    removesDirectory ? holder.directory.removeDirectory(holder.name) : holder.directory.remove(holder.name),
  );
};

const renameat2: Handler = (context, registers) => {
  const flags = uintArgument(registers, 4);
  if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) return -Errno.EINVAL;
  if (flags === (RENAME_NOREPLACE | RENAME_EXCHANGE)) return -Errno.EINVAL;
  return rename(context, registers, flags);
};

function rename(context: Context, registers: Registers, flags: number): number {
  const from = nameAt(context, registers, 0);
  if (typeof from === "number") return from;
  const to = nameAt(context, registers, 2);
  if (typeof to === "number") return to;
  if (isDots(from.name) || isDots(to.name)) {
    return flags & RENAME_NOREPLACE && isDots(to.name) ? -Errno.EEXIST : -Errno.EBUSY;
  }
  const source = from.place;
  const target = to.place;
  if (!source) return -Errno.ENOENT;
  if (target && flags & RENAME_NOREPLACE) return -Errno.EEXIST;
  if (!target && flags & RENAME_EXCHANGE) return -Errno.ENOENT;
  const sourceHolder = holderOf(context, from.parent, from.name);
  if (typeof sourceHolder === "number") return sourceHolder;
  const targetHolder = holderOf(context, to.parent, to.name);
  if (typeof targetHolder === "number") return targetHolder;
  if (sourceHolder.mount !== targetHolder.mount) return -Errno.EXDEV;
  const isDirectory = source.inode.directory !== undefined;
  if ((from.slash || to.slash) && !isDirectory) return -Errno.ENOTDIR;
  if (isMountPoint(source) || (target && isMountPoint(target))) return -Errno.EBUSY;
  if (isAbove(source, to.parent)) return -Errno.EINVAL;
  if (target && isAbove(target, from.parent))
    return flags & RENAME_EXCHANGE ? -Errno.EINVAL : -Errno.ENOTEMPTY;
  if (target && target.inode.identity === source.inode.identity) return 0;
  if (target && !(flags & RENAME_EXCHANGE)) {
    if (isDirectory && !target.inode.directory) return -Errno.ENOTDIR;
    if (!isDirectory && target.inode.directory) return -Errno.EISDIR;
  }
  const exchange = (flags & RENAME_EXCHANGE) !== 0;
  return hostCall(() =>
    sourceHolder.directory.rename(sourceHolder.name, targetHolder.directory, targetHolder.name, exchange),
  );
}

/** Whether a directory is the given place, or on the way to it. */
function isAbove({ inode }: Place, below: Place): boolean {
  for (let at: Place | undefined = below; at; at = at.parent) {
    if (at.inode.identity === inode.identity) return true;
  }
  return false;
}

function changeTo(context: Context, place: Place | undefined): number {
  if (!place?.inode.directory) return -Errno.ENOTDIR;
  context.sandbox.cwd = place;
  return 0;
}

const directoryAt = (context: Context, address: number): Place | number => {
  const found = resolveArgument(context, AT_FDCWD, address, true);
  if (typeof found === "number") return found;
  const target = targetOf(found);
  if (typeof target === "number") return target;
  return target.place?.inode.directory ? target.place : -Errno.ENOTDIR;
};

const chdir: Handler = (context, registers) => {
  const place = directoryAt(context, wordArgument(registers, 0));
  return typeof place === "number" ? place : changeTo(context, place);
};

const fchdir: Handler = (context, registers) => {
  const file = context.descriptors.get(intArgument(registers, 0));
  return file ? changeTo(context, file.isDirectory ? file.place : undefined) : -Errno.EBADF;
};

/** The guest's user is not privileged. */
const chroot: Handler = (context, registers) => {
  const place = directoryAt(context, wordArgument(registers, 0));
  return typeof place === "number" ? place : -Errno.EPERM;
};

/** getcwd(2) as the kernel has it: the length with the NUL. */
const getcwd: Handler = (context, registers) => {
  const { cwd } = context.sandbox;
  const gone = hostCall(() => (cwd.inode.status().links === 0 ? -Errno.ENOENT : 0));
  if (gone < 0) return gone;
  const path = encodeName(pathOf(cwd));
  if (wordArgument(registers, 1) < path.length + 1) return -Errno.ERANGE;
  const bytes = new Uint8Array(path.length + 1);
  bytes.set(path);
  return context.memory.write(wordArgument(registers, 0), bytes) ? bytes.length : -Errno.EFAULT;
};

/** Names of files: mkdir(2), link(2), symlink(2), unlink(2), rename(2), chmod(2), and the working directory. */
export const directoryCalls: HandlerTable = {
  mkdirat,
  mknodat,
  symlinkat,
  linkat,
  fchmodat: (context, registers) => changeMode(context, registers, 0),
  fchmodat2(context, registers) {
    const flags = uintArgument(registers, 3);
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) return -Errno.EINVAL;
    return changeMode(context, registers, flags);
  },
  unlinkat,
  renameat2,
  renameat: (context, registers) => rename(context, registers, 0),
  chdir,
  fchdir,
  chroot,
  getcwd,
  umask(context, registers) {
    const old = context.umask;
    context.umask = uintArgument(registers, 0) & 0o777;
    return old;
  },
};
