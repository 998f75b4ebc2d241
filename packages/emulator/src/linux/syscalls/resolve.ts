import type { Context } from "../context.js";
import { Errno, hostErrno } from "../errno.js";
import type { Caller, Inode } from "../files/inode.js";
import type { FileStatus, OpenFile } from "../files/open-file.js";
import type { Access } from "../files/sandbox.js";
import type { Mount, Place } from "../files/tree/place.js";
import type { Found, Restrictions } from "../files/tree/walk.js";
import { loadPath } from "../user-memory.js";

/** The descriptor that stands for the working directory (openat(2)). */
export const AT_FDCWD = -100;
/** Flags that many of the `*at` calls have (include/uapi/linux/fcntl.h). */
export const AT_SYMLINK_NOFOLLOW = 0x100;
export const AT_EMPTY_PATH = 0x1000;

/** On whose behalf a call looks things up. */
export function callerOf(context: Context): Caller {
  return { pid: context.identity.pid, tid: context.tid };
}

/**
 * Resolves a path as the `*at` calls do: a relative one starts at the directory `dirfd`.
 * @returns what was found, or a negated error number.
 */
export function resolveAt(
  context: Context,
  dirfd: number,
  path: string,
  follow: boolean,
  restrictions?: Restrictions,
): Found | number {
  const caller = callerOf(context);
  const startsAtRoot = path.startsWith("/") && !restrictions?.inRoot;
  if (startsAtRoot || dirfd === AT_FDCWD) return context.sandbox.find(caller, path, { follow, restrictions });
  const directory = context.descriptors.get(dirfd);
  if (!directory) return -Errno.EBADF;
  if (path === "") return -Errno.ENOENT;
  if (!directory.isDirectory || !directory.place) return -Errno.ENOTDIR;
  return context.sandbox.find(caller, path, { start: directory.place, follow, restrictions });
}

/** As {@link resolveAt}, for a path that is still in the guest's memory. */
export function resolveArgument(
  context: Context,
  dirfd: number,
  address: number,
  follow: boolean,
): Found | number {
  const path = loadPath(context, address);
  return typeof path === "number" ? path : resolveAt(context, dirfd, path, follow);
}

/** A file that is there, by whatever it was found. */
export interface Target {
  readonly inode: Inode | undefined;
  /** Undefined for what has no place in the tree. */
  readonly place: Place | undefined;
  status(): FileStatus;
}

/** What is there, or -ENOENT. */
export function targetOf(found: Found): Target | number {
  if (found.kind === "file") return fileTarget(found.file);
  const { place } = found;
  return place ? { inode: place.inode, place, status: () => place.inode.status() } : -Errno.ENOENT;
}

/** An open file as a target. */
export function fileTarget(file: OpenFile): Target {
  return { inode: file.inode, place: file.place, status: () => file.status() };
}

/**
 * What `dirfd` and a path of the guest name; with AT_EMPTY_PATH, an empty path is `dirfd` itself.
 * @returns a negated error number if nothing is there.
 */
export function targetAt(context: Context, dirfd: number, address: number, flags: number): Target | number {
  const path = flags & AT_EMPTY_PATH && address === 0 ? "" : loadPath(context, address);
  if (typeof path === "number") return path;
  if (path === "" && flags & AT_EMPTY_PATH) {
    if (dirfd === AT_FDCWD) {
      const { cwd } = context.sandbox;
      return { inode: cwd.inode, place: cwd, status: () => cwd.inode.status() };
    }
    const file = context.descriptors.get(dirfd);
    return file ? fileTarget(file) : -Errno.EBADF;
  }
  const found = resolveAt(context, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0);
  return typeof found === "number" ? found : targetOf(found);
}

/** Whether the guest may use what is in a place so: 0, or -EACCES. What has no place is its own. */
export function allow(context: Context, place: Place | undefined, access: Access): number {
  return place ? context.sandbox.allow(place, place.mount, access) : 0;
}

/** Where a name is to be made, removed or renamed. */
export interface Holder {
  readonly directory: NonNullable<Inode["directory"]>;
  readonly mount: Mount;
  readonly name: string;
  readonly parent: Place;
}

/** The directory that holds a name, if the guest may write there: or -EACCES. */
export function holderOf(context: Context, parent: Place, name: string): Holder | number {
  const { directory, mount, name: held } = context.sandbox.tree.holder(parent, name);
  const refused = context.sandbox.allow(parent, mount, "write", name);
  if (refused < 0) return refused;
  return directory ? { directory, mount, name: held, parent } : -Errno.ENOTDIR;
}

/** The status of a target, or a negated error number. */
export function statusOf(target: Target): FileStatus | number {
  try {
    return target.status();
  } catch (error) {
    return hostErrno(error);
  }
}
