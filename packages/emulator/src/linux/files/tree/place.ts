import type { Directory, Inode } from "../inode.js";

/** How the guest may use a part of its tree. */
export interface Mount {
  readonly readable: boolean;
  readonly writable: boolean;
  /** Path on the host that the mount's top stands for; undefined for what is not on the host. */
  readonly host: string | undefined;
  /** What /proc/mounts calls it. */
  readonly kind: string;
  readonly id: number;
}

/** What is mounted: a directory, or whatever there is under one name of a directory, which may come and go. */
export type Source =
  | { readonly kind: "inode"; readonly inode: Inode }
  | { readonly kind: "name"; readonly holder: Directory; readonly name: string };

/** A name that is given by the tree itself, over what is in the directory: where something is mounted, or on the way there. */
export interface MountPoint {
  /** What is mounted here, and how it may be used; undefined on the way. */
  mounted: { readonly source: Source; readonly mount: Mount } | undefined;
  /** What is mounted below. */
  readonly children: Map<string, MountPoint>;
}

/**
 * A place in the guest's tree (Linux: `struct path`): how one got to a file. `..` leads to `parent`, whatever the host
 * has there.
 */
export interface Place {
  /** Undefined for the root. */
  readonly parent: Place | undefined;
  /** Empty for the root. */
  readonly name: string;
  readonly inode: Inode;
  readonly mount: Mount;
  /** Where the mount begins that this is in. */
  readonly top: Place | undefined;
  /** What is mounted below. */
  readonly point: MountPoint | undefined;
}

/** The path of a place in the guest's tree. */
export function pathOf(place: Place): string {
  const names: string[] = [];
  for (let at = place; at.parent; at = at.parent) names.unshift(at.name);
  return `/${names.join("/")}`;
}

/** What the host calls a place; undefined where the host knows nothing of it. */
export function hostPathOf(place: Place): string | undefined {
  if (place.mount.host === undefined) return undefined;
  const names: string[] = [];
  const top = place.top ?? place;
  for (let at: Place | undefined = place; at && at !== top; at = at.parent) names.unshift(at.name);
  return [place.mount.host === "/" ? "" : place.mount.host, ...names].join("/") || "/";
}
