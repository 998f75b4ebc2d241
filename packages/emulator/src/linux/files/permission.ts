import type { Identity } from "../identity.js";
import { type FileStatus, FileType } from "./open-file.js";

/** The bits of access(2), and of each of the three groups in a file's mode (inode(7)). */
export const Permit = { EXECUTE: 1, WRITE: 2, READ: 4 } as const;

/**
 * Whether a file's permission bits let somebody use it so, as path_resolution(7) says. The guest's user is never privileged,
 * whoever runs this process.
 */
export function permits(status: FileStatus, who: Pick<Identity, "uid" | "gid">, wanted: number): boolean {
  const { mode, uid, gid } = status;
  if ((mode & 0o170000) === FileType.LINK) return true;
  const shift = uid === who.uid ? 6 : gid === who.gid ? 3 : 0;
  return ((mode >>> shift) & wanted) === wanted;
}
