import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostErrno } from "../errno.js";
import { isExecuted } from "../executable.js";
import { openDirectory } from "../files/directory-file.js";
import type { Fifo, FifoOpening } from "../files/fifo.js";
import { FileType, isReadable, isWritable, type OpenFile, OpenFlag } from "../files/open-file.js";
import { openPath } from "../files/path-file.js";
import { Permit, permits } from "../files/permission.js";
import type { Place } from "../files/tree/place.js";
import type { Found, Restrictions } from "../files/tree/walk.js";
import { intArgument, uintArgument, wordArgument } from "../registers.js";
import { load64 } from "../structures.js";
import { loadPath } from "../user-memory.js";
import { originOf } from "./pipes.js";
import { allow, callerOf, holderOf, resolveAt } from "./resolve.js";

/** Permissions, and the special bits of inode(7), which give nobody privileges here. */
const ALL_MODE_BITS = 0o7777;
/** All flags that openat2(2) knows (include/linux/fcntl.h, VALID_OPEN_FLAGS). */
const VALID_FLAGS: number =
  Object.values(OpenFlag).reduce<number>((all, flag) => all | flag, 0) |
  0o400 | // O_NOCTTY
  0o10000 | // O_DSYNC
  0o20000 | // O_ASYNC
  0o40000 | // O_DIRECT
  0o1000000 | // O_NOATIME
  0o4000000; // O_SYNC

interface Request {
  readonly dirfd: number;
  readonly path: string;
  readonly flags: number;
  readonly mode: number;
  readonly restrictions?: Restrictions | undefined;
}

function openAndAdd(context: Context, request: Request): number {
  let file: OpenFile | number;
  const begun = openings.get(context);
  try {
    file = begun ? awaitPartner(context, begun) : open(context, request);
  } catch (error) {
    return hostErrno(error);
  }
  if (typeof file === "number") return file;
  return context.descriptors.add(file, (request.flags & OpenFlag.CLOEXEC) !== 0);
}

function open(context: Context, request: Request): OpenFile | number {
  const { dirfd, path, flags, restrictions } = request;
  if (flags & OpenFlag.TMPFILE) return -Errno.EOPNOTSUPP;
  const byPath = (flags & OpenFlag.PATH) !== 0;
  const creates = !byPath && (flags & OpenFlag.CREAT) !== 0;
  const exclusive = creates && (flags & OpenFlag.EXCL) !== 0;
  if (creates && flags & OpenFlag.DIRECTORY) return -Errno.EINVAL;
  const follow = !exclusive && !(flags & OpenFlag.NOFOLLOW);
  const found = resolveAt(context, dirfd, path, follow, restrictions);
  if (typeof found === "number") return found;
  if (found.kind === "file") return exclusive ? -Errno.EEXIST : openAgain(context, found.file, flags);
  const { place } = found;
  if (!place) return creates ? create(context, found, request) : missing(context, found, flags);
  if (exclusive) return -Errno.EEXIST;
  if (creates && (found.slash || place.inode.directory)) return -Errno.EISDIR;
  if (flags & OpenFlag.DIRECTORY && !place.inode.directory) return -Errno.ENOTDIR;
  if (byPath) return openPath(place);
  if (place.inode.type === FileType.LINK) return -Errno.ELOOP;
  const refused = refuse(context, place, flags);
  if (refused < 0) return refused;
  if (place.inode.directory) {
    return isWritable(flags)
      ? -Errno.EISDIR
      : openDirectory(context.sandbox.tree, place, flags, callerOf(context));
  }
  if (place.inode.fifo) return openFifo(context, place.inode.fifo, flags, place);
  const file = place.inode.open(flags, place);
  if (file === -Errno.EACCES && isSpecial(place)) {
    context.reportOnce(
      `special ${place.inode.identity}`,
      `${place.name}: the guest may open regular files and directories of the host only (EACCES)`,
    );
  }
  return file;
}

const isSpecial = ({ inode }: Place): boolean =>
  inode.type !== FileType.REGULAR && inode.type !== FileType.DIRECTORY;

/** Ends of FIFOs that calls under way have opened, and wait for others at the other end. */
const openings = new WeakMap<Context, FifoOpening>();

/** Waits for the other end (fifo(7)). What the path leads to by then is no matter. */
function openFifo(context: Context, fifo: Fifo, flags: number, place: Place | undefined): OpenFile | number {
  const begun = fifo.open(flags, place, originOf(context));
  return typeof begun === "number" ? begun : awaitPartner(context, begun);
}

function awaitPartner(context: Context, opening: FifoOpening): OpenFile | number {
  if (opening.ready()) {
    openings.delete(context);
    return opening.file;
  }
  openings.set(context, opening);
  return context.block({
    ready: opening.ready,
    abandon() {
      openings.delete(context);
      opening.file.close();
    },
  });
}

/** Nothing is there; a guest that may not read there does not learn that, unless it may write. */
function missing(context: Context, { parent, name }: Found & { kind: "place" }, flags: number): number {
  const { mount } = context.sandbox.tree.holder(parent, name);
  if (mount.readable || (mount.writable && !isReadable(flags))) return -Errno.ENOENT;
  return context.sandbox.allow(parent, mount, "read", name);
}

function create(context: Context, found: Found & { kind: "place" }, request: Request): OpenFile | number {
  const { parent, name, slash } = found;
  if (slash) return -Errno.EISDIR;
  const holder = holderOf(context, parent, name);
  if (typeof holder === "number") return holder;
  if (isReadable(request.flags) && !holder.mount.readable) {
    return context.sandbox.allow(parent, holder.mount, "read", name);
  }
  const mode = request.mode & ALL_MODE_BITS & ~context.umask;
  return holder.directory.create(holder.name, mode, request.flags, (inode) => ({
    parent,
    name,
    inode,
    mount: holder.mount,
    top: holder.mount === parent.mount ? (parent.top ?? parent) : undefined,
    point: parent.point?.children.get(name),
  }));
}

/** Whether permissions, the user's and those of the file, or who executes it are against it: 0, -EACCES, or -ETXTBSY. */
function refuse(context: Context, place: Place | undefined, flags: number): number {
  const reads = isReadable(flags);
  const writes = isWritable(flags) || (flags & OpenFlag.TRUNC) !== 0;
  if (!place) return 0;
  // A device is not changed by what is written to it.
  const isDevice = place.inode.type === FileType.CHARACTER;
  if (reads) {
    const refused = allow(context, place, "read");
    if (refused < 0) return refused;
  }
  if (writes && !isDevice && !place.inode.directory) {
    const refused = allow(context, place, "write");
    if (refused < 0) return refused;
  }
  const wanted = (reads ? Permit.READ : 0) | (writes ? Permit.WRITE : 0);
  const permitted =
    place.inode.directory !== undefined || permits(place.inode.status(), context.identity, wanted);
  if (!permitted) return -Errno.EACCES;
  return writes && isExecuted(context, place.inode.identity) ? -Errno.ETXTBSY : 0;
}

/** Opens what is open already (proc(5), `/proc/pid/fd`): anew if that can be done, else the same description is shared. */
function openAgain(context: Context, file: OpenFile, flags: number): OpenFile | number {
  if (flags & OpenFlag.DIRECTORY) return -Errno.ENOTDIR;
  if (flags & OpenFlag.PATH) return file.place ? openPath(file.place) : file;
  if (file.inode) {
    const refused = refuse(context, file.place && { ...file.place, inode: file.inode }, flags);
    if (refused < 0) return refused;
    const { fifo } = file.inode;
    return fifo ? openFifo(context, fifo, flags, file.place) : file.inode.open(flags, file.place);
  }
  const reads = isReadable(flags) && !isReadable(file.flags);
  const writes = isWritable(flags) && !isWritable(file.flags);
  return reads || writes ? -Errno.EACCES : file;
}

const openat: Handler = (context, registers) => {
  const path = loadPath(context, wordArgument(registers, 1));
  if (typeof path === "number") return path;
  const flags = uintArgument(registers, 2);
  return openAndAdd(context, {
    dirfd: intArgument(registers, 0),
    path,
    flags,
    mode: uintArgument(registers, 3),
  });
};

const HOW_SIZE = 24;
const LARGEST_HOW = 4096;
/** Bits of `resolve` (openat2(2)). */
const Resolve = {
  NO_XDEV: 1,
  NO_MAGICLINKS: 2,
  NO_SYMLINKS: 4,
  BENEATH: 8,
  IN_ROOT: 16,
  CACHED: 32,
} as const;
const ALL_RESOLVE = 63;

const openat2: Handler = (context, registers) => {
  const address = wordArgument(registers, 2);
  const size = wordArgument(registers, 3);
  if (size < HOW_SIZE) return -Errno.EINVAL;
  if (size > LARGEST_HOW) return -Errno.E2BIG;
  const how = context.memory.read(address, size);
  if (!how) return -Errno.EFAULT;
  if (how.subarray(HOW_SIZE).some((byte) => byte !== 0)) return -Errno.E2BIG;
  const flags = load64(context.memory, address);
  const mode = load64(context.memory, address + 8);
  const resolve = load64(context.memory, address + 16);
  if (flags < 0 || flags > 0xffff_ffff || flags & ~VALID_FLAGS) return -Errno.EINVAL;
  if (resolve < 0 || resolve > ALL_RESOLVE || mode < 0 || mode > ALL_MODE_BITS) return -Errno.EINVAL;
  if (mode !== 0 && !(flags & (OpenFlag.CREAT | OpenFlag.TMPFILE))) return -Errno.EINVAL;
  const pathOnly = OpenFlag.PATH | OpenFlag.DIRECTORY | OpenFlag.NOFOLLOW | OpenFlag.CLOEXEC;
  if (flags & OpenFlag.PATH && flags & ~pathOnly) return -Errno.EINVAL;
  if (resolve & Resolve.BENEATH && resolve & Resolve.IN_ROOT) return -Errno.EINVAL;
  const path = loadPath(context, wordArgument(registers, 1));
  if (typeof path === "number") return path;
  // There is no cache that could be asked without looking.
  if (resolve & Resolve.CACHED) return -Errno.EAGAIN;
  const restrictions: Restrictions = {
    beneath: (resolve & Resolve.BENEATH) !== 0,
    inRoot: (resolve & Resolve.IN_ROOT) !== 0,
    sameMount: (resolve & Resolve.NO_XDEV) !== 0,
    noJumps: (resolve & (Resolve.NO_MAGICLINKS | Resolve.NO_SYMLINKS)) !== 0,
    noLinks: (resolve & Resolve.NO_SYMLINKS) !== 0,
  };
  return openAndAdd(context, { dirfd: intArgument(registers, 0), path, flags, mode, restrictions });
};

/** Opening files: open(2), openat2(2). */
export const openingCalls: HandlerTable = { openat, openat2 };
