import { chmodSync, linkSync, mkdirSync, renameSync, rmdirSync, symlinkSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno, hostCall } from "../errno.js";
import type { ResolvedPath } from "../files/sandbox.js";
import { intArgument, type Registers, uintArgument, wordArgument } from "../registers.js";
import { loadPath } from "../user-memory.js";
import { resolveAt } from "./resolve.js";

const AT_REMOVEDIR = 0x200;
const AT_SYMLINK_FOLLOW = 0x400;
const RENAME_NOREPLACE = 1;
const encoder = new TextEncoder();

/** The place that the arguments `index` (a directory) and `index + 1` (a path) name, to be changed. */
function placeToChange(
  context: Context,
  registers: Registers,
  index: number,
  follow = false,
): ResolvedPath | number {
  const path = loadPath(context, wordArgument(registers, index + 1));
  if (typeof path === "number") return path;
  return resolveAt(context, intArgument(registers, index), path, "write", follow);
}

const mkdirat: Handler = (context, registers) => {
  const place = placeToChange(context, registers, 0);
  if (typeof place === "number") return place;
  if (place.stats) return -Errno.EEXIST;
  return hostCall(() => {
    mkdirSync(place.path, uintArgument(registers, 2) & 0o777 & ~context.umask);
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
  const place = placeToChange(context, registers, 1);
  if (typeof place === "number") return place;
  if (place.stats) return -Errno.EEXIST;
  const end = context.sandbox.resolve(dirname(place.path), target, "either", true);
  if (end === -Errno.EACCES) return end;
  return hostCall(() => {
    symlinkSync(target, place.path);
    return 0;
  });
};

/** Both names must be in what the guest may write: a second name must not open what the first one closes. */
const linkat: Handler = (context, registers) => {
  const flags = uintArgument(registers, 4);
  if (flags & ~AT_SYMLINK_FOLLOW) return -Errno.EINVAL;
  const from = placeToChange(context, registers, 0, (flags & AT_SYMLINK_FOLLOW) !== 0);
  if (typeof from === "number") return from;
  const to = placeToChange(context, registers, 2);
  if (typeof to === "number") return to;
  if (!from.stats) return -Errno.ENOENT;
  if (to.stats) return -Errno.EEXIST;
  if (from.stats.isDirectory()) return -Errno.EPERM;
  return hostCall(() => {
    linkSync(from.path, to.path);
    return 0;
  });
};

const fchmodat: Handler = (context, registers) => {
  const place = placeToChange(context, registers, 0, true);
  if (typeof place === "number") return place;
  if (!place.stats) return -Errno.ENOENT;
  return hostCall(() => {
    chmodSync(place.path, uintArgument(registers, 2) & 0o777);
    return 0;
  });
};

const unlinkat: Handler = (context, registers) => {
  const flags = uintArgument(registers, 2);
  if (flags & ~AT_REMOVEDIR) return -Errno.EINVAL;
  const place = placeToChange(context, registers, 0);
  if (typeof place === "number") return place;
  const { path, stats } = place;
  if (!stats) return -Errno.ENOENT;
  if (flags & AT_REMOVEDIR && !stats.isDirectory()) return -Errno.ENOTDIR;
  if (!(flags & AT_REMOVEDIR) && stats.isDirectory()) return -Errno.EISDIR;
  return hostCall(() => {
    if (flags & AT_REMOVEDIR) rmdirSync(path);
    else unlinkSync(path);
    return 0;
  });
};

const renameat2: Handler = (context, registers) => {
  const flags = uintArgument(registers, 4);
  if (flags & ~RENAME_NOREPLACE) return -Errno.EINVAL;
  return rename(context, registers, flags);
};

function rename(context: Context, registers: Registers, flags: number): number {
  const from = placeToChange(context, registers, 0);
  if (typeof from === "number") return from;
  const to = placeToChange(context, registers, 2);
  if (typeof to === "number") return to;
  if (!from.stats) return -Errno.ENOENT;
  if (to.stats && flags & RENAME_NOREPLACE) return -Errno.EEXIST;
  return hostCall(() => {
    renameSync(from.path, to.path);
    return 0;
  });
}

/** The directory that is to become the working directory, or a negated error number. */
function changeTo(context: Context, found: ResolvedPath | number): number {
  if (typeof found === "number") return found;
  if (!found.stats) return -Errno.ENOENT;
  if (!found.stats.isDirectory()) return -Errno.ENOTDIR;
  context.sandbox.cwd = found.path;
  return 0;
}

const chdir: Handler = (context, registers) => {
  const path = loadPath(context, wordArgument(registers, 0));
  if (typeof path === "number") return path;
  return changeTo(context, context.sandbox.resolve(context.sandbox.cwd, path, "either", true));
};

const fchdir: Handler = (context, registers) => {
  const file = context.descriptors.get(intArgument(registers, 0));
  if (!file) return -Errno.EBADF;
  if (!file.isDirectory) return -Errno.ENOTDIR;
  return changeTo(context, context.sandbox.resolve("/", file.path, "either", true));
};

/** getcwd(2) as the kernel has it: the length with the NUL. */
const getcwd: Handler = (context, registers) => {
  const bytes = encoder.encode(`${context.sandbox.cwd}\0`);
  if (wordArgument(registers, 1) < bytes.length) return -Errno.ERANGE;
  return context.memory.write(wordArgument(registers, 0), bytes) ? bytes.length : -Errno.EFAULT;
};

/** Names of files: mkdir(2), link(2), symlink(2), unlink(2), rename(2), chmod(2), and the working directory. */
export const directoryCalls: HandlerTable = {
  mkdirat,
  symlinkat,
  linkat,
  fchmodat,
  unlinkat,
  renameat2,
  renameat: (context, registers) => rename(context, registers, 0),
  chdir,
  fchdir,
  getcwd,
  umask(context, registers) {
    const old = context.umask;
    context.umask = uintArgument(registers, 0) & 0o777;
    return old;
  },
};
