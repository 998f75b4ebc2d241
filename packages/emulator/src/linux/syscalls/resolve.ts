import type { Context } from "../context.js";
import { Errno } from "../errno.js";
import type { Access, ResolvedPath } from "../files/sandbox.js";

/** The descriptor that stands for the working directory (openat(2)). */
const AT_FDCWD = -100;

/**
 * Resolves a path as the `*at` calls do: a relative one starts at the directory `dirfd`.
 * @returns the place, or a negated error number.
 */
export function resolveAt(
  context: Context,
  dirfd: number,
  path: string,
  access: Access,
  follow: boolean,
): ResolvedPath | number {
  if (path.startsWith("/") || dirfd === AT_FDCWD) {
    return context.sandbox.resolve(context.sandbox.cwd, path, access, follow);
  }
  const directory = context.descriptors.get(dirfd);
  if (!directory) return -Errno.EBADF;
  if (!directory.isDirectory) return -Errno.ENOTDIR;
  return context.sandbox.resolve(directory.path, path, access, follow);
}
