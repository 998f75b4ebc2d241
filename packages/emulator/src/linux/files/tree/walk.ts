import { Errno, hostErrno } from "../../errno.js";
import { encodeName } from "../file-name.js";
import type { Caller } from "../inode.js";
import { FileType, type OpenFile } from "../open-file.js";
import type { Place } from "./place.js";
import type { Tree } from "./tree.js";

/** What a path leads to. */
export type Found =
  | {
      readonly kind: "place";
      /** The directory that holds the name. */
      readonly parent: Place;
      /** The last name, with all links resolved that were to be; `.`, `..` or `/` if the path ends in none. */
      readonly name: string;
      /** What is there; undefined if nothing is, which only the last name may be. */
      readonly place: Place | undefined;
      /** Whether the path ends in a slash: it must be a directory. */
      readonly slash: boolean;
    }
  /** A link of /proc led to an open file that has no place in the tree. */
  | { readonly kind: "file"; readonly file: OpenFile };

/** Ways of openat2(2) to restrict a walk. */
export interface Restrictions {
  /** RESOLVE_BENEATH: EXDEV where a step would leave the directory that the walk starts at. */
  readonly beneath: boolean;
  /** RESOLVE_IN_ROOT: that directory is the root. */
  readonly inRoot: boolean;
  /** RESOLVE_NO_XDEV: no other mount is entered. */
  readonly sameMount: boolean;
  /** RESOLVE_NO_MAGICLINKS. */
  readonly noJumps: boolean;
  /** RESOLVE_NO_SYMLINKS. */
  readonly noLinks: boolean;
}

/** How {@link walk} goes. */
export interface WalkOptions {
  readonly caller: Caller;
  /** Whether a link at the very end is followed. A slash behind it does that anyway. */
  readonly follow: boolean;
  readonly restrictions?: Restrictions | undefined;
  /** Told of a path that the guest has not been given: a directory, and the rest of the path from there. */
  readonly denied: (parent: Place, rest: string) => void;
}

/** Limits of the kernel: MAXSYMLINKS, NAME_MAX, PATH_MAX (path_resolution(7)). */
const MOST_LINKS = 40;
const LONGEST_NAME = 255;
const LONGEST_PATH = 4096;
/** Longest UTF-8 for one UTF-16 unit. */
const MOST_BYTES = 3;

/**
 * Resolves a path in the guest's tree as the kernel does (path_resolution(7)): name by name, following links, with `..`
 * meaning the directory one came from. The host resolves nothing: see `host/handles.ts`.
 *
 * @param start where a relative path starts.
 * @returns what was found, or a negated error number.
 */
export function walk(tree: Tree, start: Place, path: string, options: WalkOptions): Found | number {
  const { caller, restrictions } = options;
  const root = restrictions?.inRoot ? start : tree.root;
  if (path === "") return -Errno.ENOENT;
  if (isLonger(path, LONGEST_PATH - 1)) return -Errno.ENAMETOOLONG;
  if (path.startsWith("/") && restrictions?.beneath) return -Errno.EXDEV;
  let current = path.startsWith("/") ? root : start;
  const pending = path.split("/").reverse();
  let links = 0;
  let parent = current;
  let name = "/";
  let slash = false;

  try {
    while (pending.length > 0) {
      const next = pending.pop() ?? "";
      if (next === "") continue;
      const last = pending.every((rest) => rest === "");
      slash = last && pending.length > 0;
      if (!current.inode.directory) return -Errno.ENOTDIR;
      if (next === ".") {
        parent = current;
        name = ".";
        continue;
      }
      if (next === "..") {
        const up = parentOf(current, root, start, restrictions);
        if (typeof up === "number") return up;
        current = up;
        parent = up;
        name = "..";
        continue;
      }
      if (isLonger(next, LONGEST_NAME)) return -Errno.ENAMETOOLONG;
      const place = tree.child(current, next, caller);
      if (typeof place === "number") {
        if (place === -Errno.EACCES)
          options.denied(current, [next, ...pending.reverse()].filter(Boolean).join("/"));
        return place;
      }
      if (!place) {
        if (!last) return -Errno.ENOENT;
        return { kind: "place", parent: current, name: next, place: undefined, slash };
      }
      if (restrictions?.sameMount && place.mount !== start.mount) return -Errno.EXDEV;
      const isLink = place.inode.type === FileType.LINK;
      if (!isLink || (last && !slash && !options.follow)) {
        parent = current;
        name = next;
        current = place;
        continue;
      }
      if (restrictions?.noLinks) return -Errno.ELOOP;
      links += 1;
      if (links > MOST_LINKS) return -Errno.ELOOP;
      const jump = place.inode.jump?.(caller);
      if (jump !== undefined) {
        if (restrictions?.noJumps) return -Errno.ELOOP;
        if (restrictions?.beneath || restrictions?.inRoot) return -Errno.EXDEV;
        if (typeof jump === "number") return jump;
        if (jump.kind === "file") {
          return last && !slash ? { kind: "file", file: jump.file } : -Errno.ENOTDIR;
        }
        if (restrictions?.sameMount && jump.place.mount !== start.mount) return -Errno.EXDEV;
        current = jump.place;
        parent = jump.place.parent ?? jump.place;
        name = jump.place.name || "/";
        continue;
      }
      const target = place.inode.readLink(caller);
      if (typeof target === "number") return target;
      if (target === "") return -Errno.ENOENT;
      if (target.startsWith("/")) {
        if (restrictions?.beneath) return -Errno.EXDEV;
        if (restrictions?.sameMount && root.mount !== start.mount) return -Errno.EXDEV;
        current = root;
        parent = root;
        name = "/";
      }
      // A slash behind the link is one behind what it leads to.
      pending.push(...target.split("/").reverse());
    }
  } catch (error) {
    return hostErrno(error);
  }
  if (slash && !current.inode.directory) return -Errno.ENOTDIR;
  return { kind: "place", parent, name, place: current, slash };
}

function parentOf(
  current: Place,
  root: Place,
  start: Place,
  restrictions: Restrictions | undefined,
): Place | number {
  if (isSame(current, root)) return restrictions?.beneath ? -Errno.EXDEV : current;
  if (restrictions?.beneath && isSame(current, start)) return -Errno.EXDEV;
  const up = current.parent ?? current;
  return restrictions?.sameMount && up.mount !== start.mount ? -Errno.EXDEV : up;
}

/** Whether two places are the same one: places are made anew by each walk. */
function isSame(a: Place, b: Place): boolean {
  for (let x: Place | undefined = a, y: Place | undefined = b; ; x = x.parent, y = y.parent) {
    if (x === y) return true;
    if (!x || !y || x.name !== y.name) return false;
  }
}

function isLonger(text: string, most: number): boolean {
  return text.length * MOST_BYTES > most && (text.length > most || encodeName(text).length > most);
}
