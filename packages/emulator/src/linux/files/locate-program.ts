import { resolve } from "node:path";
import { Errno, errnoName } from "../errno.js";
import { createBudget, DEFAULT_FILE_LIMITS } from "./budget.js";
import { type FilePermissions, findGrants, mountGrants, pathInRoot } from "./grants.js";
import { hostError } from "./host/handles.js";
import { createHostSystem } from "./host/host-system.js";
import { createMemorySystem } from "./memory/memory-system.js";
import { readRegular } from "./read-regular.js";
import { createTree } from "./tree/tree.js";
import { walk } from "./tree/walk.js";

/** A program that the guest finds in its root. */
export interface LocatedProgram {
  /** Its path in the guest's tree. */
  readonly path: string;
  readonly image: Uint8Array;
}

/**
 * Finds a program of the host in the guest's root, and reads it: links in the root lead to where they lead for the guest,
 * so that `root/bin/sh` is the guest's `/bin/sh` even if that is a link to `/usr/bin/dash`.
 *
 * ```ts
 * const found = locateProgram({ cwd, root: "debian", allowRead: [], allowWrite: [] }, "debian/bin/sh");
 * ```
 * @returns undefined if there is no root, or the program lies outside of it.
 * @throws an error as those of `node:fs` if there is no such file.
 */
export function locateProgram(permissions: FilePermissions, path: string): LocatedProgram | undefined {
  if (permissions.root === undefined) return undefined;
  const guest = pathInRoot(permissions, resolve(permissions.cwd, path));
  if (guest === undefined) return undefined;
  const never = { seconds: 0, nanoseconds: 0 };
  const tree = createTree(never, undefined);
  const budget = createBudget(DEFAULT_FILE_LIMITS, () => {});
  const host = createHostSystem(createMemorySystem(budget, () => never));
  const close = mountGrants(tree, findGrants(permissions, guest), host, () => {});
  try {
    const found = walk(tree, tree.root, guest, {
      caller: { pid: 0, tid: 0 },
      follow: true,
      denied: () => {},
    });
    if (typeof found === "number") throw hostError(nameOf(found));
    if (found.kind === "file" || !found.place) throw hostError("ENOENT");
    const image = readRegular(found.place.inode, found.place);
    if (typeof image === "number") throw hostError(nameOf(image));
    return { path: guest, image };
  } finally {
    close();
  }
}

const nameOf = (error: number): string => (error === -Errno.ENOMEM ? "EFBIG" : (errnoName(-error) ?? "EIO"));
