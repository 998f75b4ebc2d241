import type { Buffer } from "node:buffer";
import { type BigIntStats, closeSync, constants, existsSync, fstatSync, lstatSync, openSync } from "node:fs";
import { hostPath } from "../file-name.js";

/**
 * Directories of the host, so held that nobody can swap one for something else between a check and a use.
 *
 * Node has no openat(2). On Linux a path `/proc/self/fd/N/name` does the same: the kernel goes to the directory that
 * descriptor N is open on, wherever it may be by now, and looks up one name there. Each directory is opened (O_PATH,
 * O_DIRECTORY, O_NOFOLLOW) through the descriptor of the one it is in, and functions that do not follow a link at the end are
 * the only ones called with such a path. So the host's kernel never resolves more than one name of the guest's, and
 * never a link: another program that renames directories or plants links while the guest walks can make a walk fail,
 * but cannot lead it out.
 *
 * Elsewhere (no /proc) every use first checks that all directories on the way are still the ones that were entered; a swap in
 * the microseconds between that and the use is not noticed. `docs/security.md` says so.
 */
export interface HostDirectory {
  /** Device and inode number: two directories are the same if these are. */
  readonly identity: string;
  readonly device: bigint;
  readonly inode: bigint;
  /** Path of the top, of which `parent` is undefined; else the name in the parent. Changes with a rename. */
  name: string;
  parent: HostDirectory | undefined;
  /** The open descriptor, while there is one. */
  descriptor: number | undefined;
}

/** O_PATH (open(2)), which Node does not name: the generic value, that of x86-64, arm64 and riscv64. */
const O_PATH = 0o10000000;
const usesDescriptors: boolean = process.platform === "linux" && existsSync("/proc/self/fd");
/** Directories held open at a time, besides the tops of mounts; others are opened anew. */
const MOST_OPEN = 128;

/** An error as the host would raise it. */
export function hostError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Directories that are held open, least recently used first; by identity. */
const held = new Map<string, HostDirectory>();

/**
 * The top of a tree: links in its path are followed, for it is the user's own. It stays open as long as this process runs.
 * @throws an error of the host.
 */
export function topDirectory(path: string): HostDirectory {
  const descriptor = openSync(hostPath(path), constants.O_RDONLY | constants.O_DIRECTORY);
  const stats = fstatSync(descriptor, { bigint: true });
  return { ...identified(stats), name: path, parent: undefined, descriptor };
}

/** Gives up the top of a tree. */
export function closeTop(directory: HostDirectory): void {
  if (directory.descriptor !== undefined) closeSync(directory.descriptor);
  directory.descriptor = undefined;
}

/** The path by which to use `name` in a directory; without a name, for the directory itself. Good for one call. */
export function pathIn(directory: HostDirectory, name?: string): string | Buffer {
  if (!usesDescriptors) {
    checkChain(directory);
    const path = plainPath(directory);
    return hostPath(name === undefined ? path : `${path}/${name}`);
  }
  const base = `/proc/self/fd/${descriptorOf(directory)}`;
  return name === undefined ? `${base}/.` : hostPath(`${base}/${name}`);
}

/** What has a name in a directory; undefined if nothing has. */
export function statusIn(directory: HostDirectory, name: string): BigIntStats | undefined {
  return lstatSync(pathIn(directory, name), { bigint: true, throwIfNoEntry: false });
}

/**
 * A directory in a directory.
 * @param seen what was found there; if it is not the same any more, the new one is taken.
 * @throws an error of the host: ENOTDIR if it is no directory, or a link.
 */
export function enter(parent: HostDirectory, name: string, seen: BigIntStats): HostDirectory {
  const known = held.get(identityOf(seen));
  if (known) {
    // It may have been moved by another program; what is under its old name is another one then.
    known.name = name;
    known.parent = parent;
    return known;
  }
  const found: HostDirectory = { ...identified(seen), name, parent, descriptor: undefined };
  if (!usesDescriptors) return found;
  const { descriptor, stats } = openDirectory(parent, name);
  const real: HostDirectory = { ...found, ...identified(stats), descriptor };
  const same = held.get(real.identity);
  if (same) {
    closeSync(descriptor);
    return same;
  }
  hold(real);
  return real;
}

/**
 * Opens the regular file of a name, and nothing else: a pipe or a device is not even touched.
 * @throws an error of the host: ELOOP for a link, EACCES for what is no regular file.
 */
export function openRegular(directory: HostDirectory, name: string, flags: number): number {
  const safe = flags | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
  if (!usesDescriptors) {
    const path = pathIn(directory, name);
    if (!lstatSync(path).isFile()) throw hostError("EACCES");
    return demandRegular(openSync(path, safe));
  }
  const place = openSync(pathIn(directory, name), O_PATH | constants.O_NOFOLLOW);
  try {
    const stats = fstatSync(place);
    if (stats.isSymbolicLink()) throw hostError("ELOOP");
    if (!stats.isFile()) throw hostError("EACCES");
    // The descriptor is of this very file: O_NOFOLLOW would refuse the link in /proc that leads to it.
    return openSync(`/proc/self/fd/${place}`, flags | constants.O_NONBLOCK | constants.O_NOCTTY);
  } finally {
    closeSync(place);
  }
}

/** Opens once more what a descriptor is open on. @throws an error of the host. */
export function reopen(descriptor: number, flags: number): number {
  if (!usesDescriptors) throw hostError("EACCES");
  return openSync(`/proc/self/fd/${descriptor}`, flags | constants.O_NONBLOCK | constants.O_NOCTTY);
}

/** Makes a regular file that was not there, and opens it. @throws an error of the host: EEXIST if it is there. */
export function createRegular(directory: HostDirectory, name: string, flags: number, mode: number): number {
  const path = pathIn(directory, name);
  return openSync(path, flags | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, mode);
}

/**
 * Does something with a file through a path that follows no link: for functions of `node:fs` that would follow one at the
 * end. @throws an error of the host: ELOOP for a link.
 */
export function withFile<T>(directory: HostDirectory, name: string, action: (path: string | Buffer) => T): T {
  if (!usesDescriptors) {
    const path = pathIn(directory, name);
    if (lstatSync(path).isSymbolicLink()) throw hostError("ELOOP");
    return action(path);
  }
  const place = openSync(pathIn(directory, name), O_PATH | constants.O_NOFOLLOW);
  try {
    if (fstatSync(place).isSymbolicLink()) throw hostError("ELOOP");
    return action(`/proc/self/fd/${place}`);
  } finally {
    closeSync(place);
  }
}

/** The identity of a file of the host. */
export function identityOf(stats: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${stats.dev}:${stats.ino}`;
}

function identified(stats: BigIntStats): Pick<HostDirectory, "identity" | "device" | "inode"> {
  return { identity: identityOf(stats), device: stats.dev, inode: stats.ino };
}

function openDirectory(parent: HostDirectory, name: string): { descriptor: number; stats: BigIntStats } {
  const flags = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const descriptor = openSync(pathIn(parent, name), flags);
  return { descriptor, stats: fstatSync(descriptor, { bigint: true }) };
}

function descriptorOf(directory: HostDirectory): number {
  if (directory.descriptor !== undefined) {
    if (directory.parent && held.delete(directory.identity)) held.set(directory.identity, directory);
    return directory.descriptor;
  }
  const { parent } = directory;
  if (!parent) throw hostError("ENOENT");
  const { descriptor, stats } = openDirectory(parent, directory.name);
  if (identityOf(stats) !== directory.identity) {
    closeSync(descriptor);
    throw hostError("ENOENT");
  }
  const other = held.get(directory.identity);
  if (other && other !== directory) release(other);
  directory.descriptor = descriptor;
  hold(directory);
  return descriptor;
}

function hold(directory: HostDirectory): void {
  held.set(directory.identity, directory);
  for (const oldest of held.values()) {
    if (held.size <= MOST_OPEN) return;
    release(oldest);
  }
}

function release(directory: HostDirectory): void {
  held.delete(directory.identity);
  if (directory.descriptor !== undefined) closeSync(directory.descriptor);
  directory.descriptor = undefined;
}

function plainPath(directory: HostDirectory): string {
  return directory.parent ? `${plainPath(directory.parent)}/${directory.name}` : directory.name;
}

function checkChain(directory: HostDirectory): void {
  for (let at: HostDirectory | undefined = directory; at?.parent; at = at.parent) {
    const stats = lstatSync(hostPath(plainPath(at)), { bigint: true });
    if (!stats.isDirectory() || identityOf(stats) !== at.identity) throw hostError("ENOENT");
  }
}

function demandRegular(descriptor: number): number {
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw hostError("EACCES");
}
