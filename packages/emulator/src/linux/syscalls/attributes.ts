import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import type { FileSystemFacts } from "../files/inode.js";
import type { FileTime } from "../files/open-file.js";
import { intArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { load64, store64 } from "../structures.js";
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  allow,
  fileTarget,
  type Target,
  targetAt,
} from "./resolve.js";

/** Nanoseconds that mean something else (utimensat(2)). */
const UTIME_NOW = 0x3fff_ffff;
const UTIME_OMIT = 0x3fff_fffe;
const NANOSECONDS = 1_000_000_000;
/** setuid(2) and chown(2): leave it as it is. */
const UNCHANGED = 0xffff_ffff;

type Time = FileTime | "now" | undefined;

function timeAt(context: Context, address: number): Time | number {
  const seconds = load64(context.memory, address);
  const nanoseconds = load64(context.memory, address + 8);
  if (nanoseconds === UTIME_NOW) return "now";
  if (nanoseconds === UTIME_OMIT) return undefined;
  if (nanoseconds < 0 || nanoseconds >= NANOSECONDS) return -Errno.EINVAL;
  return { seconds, nanoseconds };
}

const utimensat: Handler = (context, registers) => {
  const flags = uintArgument(registers, 3);
  if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) return -Errno.EINVAL;
  const times = wordArgument(registers, 2);
  let accessed: Time = "now";
  let modified: Time = "now";
  if (times !== 0) {
    if (!context.memory.read(times, 32)) return -Errno.EFAULT;
    const first = timeAt(context, times);
    const second = timeAt(context, times + 16);
    if (typeof first === "number" || typeof second === "number") return -Errno.EINVAL;
    accessed = first;
    modified = second;
    if (accessed === undefined && modified === undefined) return 0;
  }
  const target = timesTarget(context, registers, flags);
  if (typeof target === "number") return target;
  const refused = allow(context, target.place, "write");
  if (refused < 0) return refused;
  return hostCall(() => target.inode?.setTimes(accessed, modified) ?? -Errno.EPERM);
};

/** Without a path it is the descriptor itself (futimens(3)). */
function timesTarget(context: Context, registers: Registers, flags: number): Target | number {
  const dirfd = intArgument(registers, 0);
  const address = wordArgument(registers, 1);
  if (address !== 0) return targetAt(context, dirfd, address, flags);
  if (dirfd === AT_FDCWD) return -Errno.EFAULT;
  if (flags !== 0) return -Errno.EINVAL;
  const file = context.descriptors.get(dirfd);
  return file ? fileTarget(file) : -Errno.EBADF;
}

/** The guest's user may give a file to nobody else, but may say again that it is his own (chown(2)). */
function changeOwner(target: Target | number, context: Context, uid: number, gid: number): number {
  if (typeof target === "number") return target;
  const refused = allow(context, target.place, "write");
  if (refused < 0) return refused;
  return hostCall(() => {
    const status = target.status();
    const mine = status.uid === context.identity.uid;
    const sameUser = uid === UNCHANGED || (mine && uid === status.uid);
    const sameGroup = gid === UNCHANGED || (mine && (gid === status.gid || gid === context.identity.gid));
    return sameUser && sameGroup ? 0 : -Errno.EPERM;
  });
}

const fchownat: Handler = (context, registers) => {
  const flags = uintArgument(registers, 4);
  if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) return -Errno.EINVAL;
  const target = targetAt(context, intArgument(registers, 0), wordArgument(registers, 1), flags);
  return changeOwner(target, context, uintArgument(registers, 2), uintArgument(registers, 3));
};

const fchown: Handler = (context, registers) => {
  const file = context.descriptors.get(intArgument(registers, 0));
  const target = file ? fileTarget(file) : -Errno.EBADF;
  return changeOwner(target, context, uintArgument(registers, 1), uintArgument(registers, 2));
};

const STATFS_SIZE = 120;
const ST_RDONLY = 1;
const ST_NOSUID = 2;
const ST_NODEV = 4;
const ST_VALID = 0x20;
const ST_NOATIME = 0x400;
const LONGEST_NAME = 255;
/** PIPEFS_MAGIC and SOCKFS_MAGIC (include/uapi/linux/magic.h), for what is in no tree. */
const PIPE_MAGIC = 0x5049_5045;
const NOWHERE: FileSystemFacts = {
  magic: PIPE_MAGIC,
  blockSize: 4096,
  blocks: 0,
  freeBlocks: 0,
  files: 0,
  freeFiles: 0,
};

/** Writes a `struct statfs` (include/uapi/asm-generic/statfs.h). */
function storeFileSystem(context: Context, address: number, target: Target | number): number {
  if (typeof target === "number") return target;
  const { memory } = context;
  const into = memory.writable(address, STATFS_SIZE);
  if (!into) return -Errno.EFAULT;
  const facts = target.inode?.fileSystem() ?? NOWHERE;
  const readOnly = target.place && !target.place.mount.writable ? ST_RDONLY : 0;
  into.fill(0);
  store64(memory, address, facts.magic);
  store64(memory, address + 8, facts.blockSize);
  store64(memory, address + 16, facts.blocks);
  store64(memory, address + 24, facts.freeBlocks);
  store64(memory, address + 32, facts.freeBlocks);
  store64(memory, address + 40, facts.files);
  store64(memory, address + 48, facts.freeFiles);
  memory.view.setUint32(address + 56, target.place?.mount.id ?? 0, true);
  store64(memory, address + 64, LONGEST_NAME);
  store64(memory, address + 72, facts.blockSize);
  store64(memory, address + 80, readOnly | ST_NOSUID | ST_NODEV | ST_VALID | ST_NOATIME);
  return 0;
}

const byDescriptor = (context: Context, registers: Registers): Target | number => {
  const file = context.descriptors.get(intArgument(registers, 0));
  return file ? fileTarget(file) : -Errno.EBADF;
};

const byPath = (context: Context, registers: Registers, flags: number): Target | number =>
  targetAt(context, AT_FDCWD, wordArgument(registers, 0), flags);

type Finder = (context: Context, registers: Registers) => Target | number;
const followed: Finder = (context, registers) => byPath(context, registers, 0);
const unfollowed: Finder = (context, registers) => byPath(context, registers, AT_SYMLINK_NOFOLLOW);

/** Files here have no extended attributes (xattr(7)): asking for one, or setting it, fails as where none are kept. */
const noAttribute =
  (find: Finder): Handler =>
  (context, registers) => {
    const target = find(context, registers);
    return typeof target === "number" ? target : -Errno.EOPNOTSUPP;
  };

/** The list of them is empty. */
const noAttributes =
  (find: Finder): Handler =>
  (context, registers) => {
    const target = find(context, registers);
    return typeof target === "number" ? target : 0;
  };

/** What is set on files: utimensat(2), chown(2), xattr(7); and what file systems they are on: statfs(2). */
export const attributeCalls: HandlerTable = {
  utimensat,
  fchownat,
  fchown,
  statfs: (context, registers) =>
    storeFileSystem(context, wordArgument(registers, 1), followed(context, registers)),
  fstatfs: (context, registers) =>
    storeFileSystem(context, wordArgument(registers, 1), byDescriptor(context, registers)),
  setxattr: noAttribute(followed),
  lsetxattr: noAttribute(unfollowed),
  fsetxattr: noAttribute(byDescriptor),
  getxattr: noAttribute(followed),
  lgetxattr: noAttribute(unfollowed),
  fgetxattr: noAttribute(byDescriptor),
  listxattr: noAttributes(followed),
  llistxattr: noAttributes(unfollowed),
  flistxattr: noAttributes(byDescriptor),
  removexattr: noAttribute(followed),
  lremovexattr: noAttribute(unfollowed),
  fremovexattr: noAttribute(byDescriptor),
};
