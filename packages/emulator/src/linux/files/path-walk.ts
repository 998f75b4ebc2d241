import { Buffer } from "node:buffer";
import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { Errno, hostErrno } from "../errno.js";

/** Where a path leads: every link resolved, so that `path` is what the host's kernel would call it. */
export interface WalkResult {
  /** The place, or, after an error, the place where the walk stopped. */
  readonly path: string;
  /** What is there; undefined if nothing, which is an error only if something was to be there. */
  readonly stats: Stats | undefined;
  /** Negated error number, or 0. `-ENOENT` only when a directory on the way is missing. */
  readonly error: number;
}

/** How {@link walkPath} goes. */
export interface WalkOptions {
  /** Whether a link at the very end is followed. */
  readonly follow: boolean;
  /** Asked before anything is looked up at a place: whether the walk may go there. */
  readonly mayPass: (path: string) => boolean;
}

const MOST_LINKS = 40;
const LONGEST_NAME = 255;
const LONGEST_PATH = 4096;

/**
 * Resolves an absolute path as the kernel does (path_resolution(7)): component by component, following links, with
 * `..` meaning the parent of where a link led. Node's own functions would cut `..` away before looking.
 */
export function walkPath(path: string, options: WalkOptions): WalkResult {
  const pending = path.split("/").reverse();
  let current = "/";
  let links = 0;
  let place: Stats | undefined;
  const stop = (error: number, at: string): WalkResult => ({ path: at, stats: undefined, error: -error });

  if (Buffer.byteLength(path) >= LONGEST_PATH) return stop(Errno.ENAMETOOLONG, current);
  while (pending.length > 0) {
    const name = pending.pop() ?? "";
    const last = pending.every((rest) => rest === "");
    if (name === "" || name === ".") continue;
    if (name === "..") {
      current = dirname(current);
      place = undefined;
      continue;
    }
    const next = current === "/" ? `/${name}` : `${current}/${name}`;
    if (!options.mayPass(next)) return stop(Errno.EACCES, next);
    if (Buffer.byteLength(name) > LONGEST_NAME) return stop(Errno.ENAMETOOLONG, next);
    try {
      place = lstatSync(next, { throwIfNoEntry: false });
      if (!place) return last ? { path: next, stats: undefined, error: 0 } : stop(Errno.ENOENT, next);
      const mustBeDirectory = pending.length > 0;
      if (place.isSymbolicLink() && (!last || options.follow || mustBeDirectory)) {
        links += 1;
        if (links > MOST_LINKS) return stop(Errno.ELOOP, next);
        const target = readlinkSync(next);
        if (target.startsWith("/")) current = "/";
        pending.push(...target.split("/").reverse());
        place = undefined;
        continue;
      }
      if (mustBeDirectory && !place.isDirectory()) return stop(Errno.ENOTDIR, next);
    } catch (error) {
      return { path: next, stats: undefined, error: hostErrno(error) };
    }
    current = next;
  }
  return finish(current, place);
}

function finish(path: string, known: Stats | undefined): WalkResult {
  try {
    const stats = known ?? lstatSync(path, { throwIfNoEntry: false });
    return { path, stats, error: stats ? 0 : -Errno.ENOENT };
  } catch (error) {
    return { path, stats: undefined, error: hostErrno(error) };
  }
}
