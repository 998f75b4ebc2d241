import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { openHostTop } from "./host/host-inode.js";
import type { HostSystem } from "./host/host-system.js";
import type { Tree } from "./tree/tree.js";

/** Which of the host's files the guest may use, and where it finds them. */
export interface FilePermissions {
  /** Absolute path of the host's directory that relative paths start at: those below, and the guest's as far as it may go there. */
  readonly cwd: string;
  /**
   * The host's directory that is the guest's `/`, to be read. Without one, the guest has the host's own paths, and sees
   * only those that it is given.
   */
  readonly root?: string | undefined;
  /**
   * Files, and trees of directories, that the guest may read: `HOST`, or `HOST:/GUEST` for the place where the guest
   * finds it. Without `GUEST`, what lies inside of the root is found where the root has it, all else under its own path.
   */
  readonly allowRead: readonly string[];
  /** Files, and trees of directories, that the guest may create, write and remove; written as in `allowRead`. */
  readonly allowWrite: readonly string[];
  /** Directories of the guest that are kept in memory, empty at first. `/tmp` is one if there is a root. */
  readonly tmpfs?: readonly string[] | undefined;
  /** Path of a program outside of the root, which the guest sees under its own path. */
  readonly program?: string | undefined;
  /** Most files that may be open on the host, and be made: 100,000 unless told. */
  readonly maxFiles?: number | undefined;
  /** Most bytes that may be written to the host, and length of the longest file: 4 GiB unless told. */
  readonly maxOutput?: number | undefined;
}

/** A path of the host that is shown at a path of the guest. */
interface Grant {
  readonly host: string;
  readonly guest: string;
  readonly read: boolean;
  readonly write: boolean;
}

/** Where everything is, for {@link mountGrants}. */
export interface Grants {
  readonly grants: readonly Grant[];
  /** Path of the working directory in the guest's tree. */
  readonly cwd: string;
}

/** Absolute path with the links in it resolved, as far as there is something. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

const isInside = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);

/** A path inside of a directory, as one of the guest's below `top`. */
const below = (top: string, directory: string, path: string): string => {
  const rest = relative(directory, path).split(sep).join("/");
  return rest === "" ? top : `${top === "/" ? "" : top}/${rest}`;
};

/** The guest's path for an absolute path of the host that lies in the root; undefined for one outside. */
export function pathInRoot({ cwd, root }: FilePermissions, path: string): string | undefined {
  if (root === undefined) return undefined;
  const given = resolve(cwd, root);
  if (isInside(path, given)) return below("/", given, path);
  // By another name of the root; a link at the very end is the guest's to follow.
  const real = realPath(given);
  const named = join(realPath(dirname(path)), basename(path));
  return isInside(named, real) ? below("/", real, named) : undefined;
}

/** `HOST:/GUEST`, from behind, so that a colon in the host's path does no harm. */
function split(text: string): { host: string; guest: string | undefined } {
  const at = text.lastIndexOf(":/");
  if (at <= 0) return { host: text, guest: undefined };
  return { host: text.slice(0, at), guest: normal(text.slice(at + 1)) };
}

const normal = (path: string): string => `/${path.split("/").filter(Boolean).join("/")}`;

/**
 * Works out what the guest is given.
 * @param program path of the program, which the guest may always read unless it has a root.
 */
export function findGrants(permissions: FilePermissions, program: string): Grants {
  const { cwd } = permissions;
  const root = permissions.root === undefined ? undefined : realPath(resolve(cwd, permissions.root));
  const grants: Grant[] = root === undefined ? [] : [{ host: root, guest: "/", read: true, write: false }];

  function grant(text: string, read: boolean, write: boolean): void {
    const { host, guest } = split(text);
    const path = resolve(cwd, host);
    const real = realPath(path);
    if (guest !== undefined) grants.push({ host: real, guest, read, write });
    else if (root !== undefined && isInside(real, root)) {
      grants.push({ host: real, guest: below("/", root, real), read, write });
    } else {
      grants.push({ host: real, guest: real, read, write });
      if (real !== path) grants.push({ host: real, guest: path, read, write });
    }
  }

  for (const text of permissions.allowRead) grant(text, true, false);
  for (const text of permissions.allowWrite) grant(text, false, true);
  const shown = root === undefined ? program : permissions.program;
  if (shown !== undefined) {
    const path = resolve(cwd, shown);
    const real = realPath(path);
    grants.push({ host: real, guest: real, read: true, write: false });
    if (real !== path) grants.push({ host: real, guest: path, read: true, write: false });
  }
  return { grants, cwd: guestCwd(grants, root, resolve(cwd)) };
}

function guestCwd(grants: readonly Grant[], root: string | undefined, cwd: string): string {
  if (root === undefined) return cwd;
  const holder = grants
    .filter(({ host, guest }) => isInside(realPath(cwd), host) && guest !== "/")
    .sort((a, b) => b.host.length - a.host.length)[0];
  if (holder) return below(holder.guest, holder.host, realPath(cwd));
  return isInside(realPath(cwd), root) ? below("/", root, realPath(cwd)) : "/";
}

/** Whether everything of `inner` is also in `outer`, under the same path. */
const covers = (outer: Grant, inner: Grant): boolean =>
  isInside(inner.guest, outer.guest) &&
  inner.host === resolve(outer.host, relative(outer.guest, inner.guest));

/**
 * Puts what the guest is given into its tree.
 * @param problem told of what cannot be opened, which is left out.
 * @returns closes what the host has open for it.
 */
export function mountGrants(
  tree: Tree,
  { grants }: Grants,
  host: HostSystem,
  problem: (path: string, error: unknown) => void,
): () => void {
  const closers: (() => void)[] = [];
  const done = new Set<string>();
  for (const grant of [...grants].sort((a, b) => a.guest.length - b.guest.length)) {
    if (done.has(grant.guest)) continue;
    const same = grants.filter((other) => covers(other, grant));
    const how = {
      readable: same.some(({ read }) => read),
      writable: same.some(({ write }) => write),
      host: grant.host,
      kind: "ext4",
    };
    try {
      const { directory, name } = mountable(grant.host);
      const top = openHostTop(directory, host);
      closers.push(top.close);
      const { inode } = top;
      if (name === undefined) tree.mount(grant.guest, { kind: "inode", inode }, how);
      else if (inode.directory) {
        // What is missing on the way to a name is the guest's to make, from the first missing directory on.
        const missing = relative(directory, grant.host).split(sep).length - 1;
        const guest = grant.guest
          .split("/")
          .slice(0, missing === 0 ? undefined : -missing)
          .join("/");
        const at = resolve(directory, name);
        tree.mount(guest, { kind: "name", holder: inode.directory, name }, { ...how, host: at });
      }
      done.add(grant.guest);
    } catch (error) {
      problem(grant.host, error);
    }
  }
  return () => {
    for (const close of closers) close();
  };
}

/** The directory to open for a path, and the name in it that is granted unless it is the directory itself. */
function mountable(path: string): { directory: string; name: string | undefined } {
  if (isDirectory(path)) return { directory: path, name: undefined };
  let parent = dirname(path);
  let name = basename(path);
  while (!isDirectory(parent) && parent !== dirname(parent)) {
    name = basename(parent);
    parent = dirname(parent);
  }
  return { directory: parent, name };
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
