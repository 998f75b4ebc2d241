import type { Stats } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { Errno } from "../errno.js";
import { walkPath } from "./path-walk.js";

/** Which of the host's files the guest may use. */
export interface FilePermissions {
  /** Absolute path of the guest's first working directory; where its relative paths start, allowed or not. */
  readonly cwd: string;
  /** Files, and trees of directories, that the guest may read. Relative paths start at `cwd`. */
  readonly allowRead: readonly string[];
  /** Files, and trees of directories, that the guest may create, write and remove. */
  readonly allowWrite: readonly string[];
}

/** What is wanted of a file. */
export type Access = "read" | "write" | "either";

/** A path of the guest, resolved and allowed. */
export interface ResolvedPath {
  /** Real path on the host: no link in it, except at its end if links there were not to be followed. */
  readonly path: string;
  /** What is there; undefined if nothing is. */
  readonly stats: Stats | undefined;
}

/** The guest's view of the host's files. */
export interface Sandbox {
  /** The guest's working directory, a real path. */
  cwd: string;
  /** Real path of the program file, which may always be read. */
  readonly program: string;
  /** Whether a real path may be used so. */
  allows(path: string, access: Access): boolean;
  /**
   * Resolves a guest's path from a directory, and checks that it lies in what is allowed. Whatever lies outside is
   * EACCES, present or not, so that the guest learns nothing about it; this is reported once per path.
   *
   * @param follow whether a link at the end is followed.
   * @returns the place, or a negated error number.
   */
  resolve(base: string, path: string, access: Access, follow: boolean): ResolvedPath | number;
}

interface Roots {
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Places on the way to the roots, which the guest may pass but not look at. */
  readonly passable: ReadonlySet<string>;
}

/**
 * Makes the view that `permissions` describe.
 * @param program path of the guest's own program file, which it may always read.
 * @param report told once about each path that was denied.
 */
export function createSandbox(
  permissions: FilePermissions,
  program: string,
  report: (key: string, message: string) => void,
): Sandbox {
  const passable = new Set<string>(["/"]);
  const findRoot = (path: string): string => {
    const mayPass = (place: string): boolean => {
      passable.add(place);
      return true;
    };
    return walkPath(resolvePath(permissions.cwd, path), { follow: true, mayPass }).path;
  };
  const programPath = findRoot(program);
  const roots: Roots = {
    read: [...permissions.allowRead.map(findRoot), programPath],
    write: permissions.allowWrite.map(findRoot),
    passable,
  };
  const mayPass = (path: string): boolean => passable.has(path) || allows(roots, path, "either");

  return {
    cwd: resolvePath(permissions.cwd),
    program: programPath,
    allows: (path, access) => allows(roots, path, access),
    resolve(base, path, access, follow) {
      if (path === "") return -Errno.ENOENT;
      const absolute = path.startsWith("/") ? path : `${base}/${path}`;
      const found = walkPath(absolute, { follow, mayPass });
      if (!allows(roots, found.path, access)) {
        const option = access === "write" ? "--allow-write" : "--allow-read";
        const name = resolvePath(absolute);
        report(
          `${option} ${name}`,
          `${name}: the guest may not ${verb(access)} it (EACCES); allow it with ${option}=${name}`,
        );
        return -Errno.EACCES;
      }
      return found.error === 0 ? { path: found.path, stats: found.stats } : found.error;
    },
  };
}

const verb = (access: Access): string => (access === "write" ? "write" : "read");

function allows(roots: Roots, path: string, access: Access): boolean {
  return (
    (access !== "write" && isInside(roots.read, path)) || (access !== "read" && isInside(roots.write, path))
  );
}

function isInside(roots: readonly string[], path: string): boolean {
  return roots.some((root) => path === root || root === "/" || path.startsWith(`${root}/`));
}
