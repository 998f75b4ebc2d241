import type { BigIntStats } from "node:fs";
import { FIRST_PROCESS } from "../../identity.js";
import type { FileStatus } from "../open-file.js";
import { type Overlay, SPECIAL_BITS } from "./overlay.js";

/** Users and groups that the guest has no names for (/proc/sys/kernel/overflowuid). */
const OVERFLOW_ID = 65_534;
const ownUser = process.getuid?.() ?? 0;
const ownGroups: ReadonlySet<number> = new Set([process.getgid?.() ?? 0, ...(process.getgroups?.() ?? [])]);

/**
 * The host's idea of a file. What belongs to the user who runs this process belongs to the guest's user, what is root's
 * is root's, and all other users are nobody: as in a user namespace (user_namespaces(7)). Times and special bits are those of the overlay.
 */
export function hostStatus(stats: BigIntStats, overlay: Overlay, stale?: boolean): FileStatus {
  const { accessed, modified, changed, special } = overlay.facts(stats, stale);
  return {
    device: Number(stats.dev),
    inode: stats.ino,
    mode: (Number(stats.mode) & ~SPECIAL_BITS) | special,
    links: Number(stats.nlink),
    uid: mapped(Number(stats.uid), Number(stats.uid) === ownUser, FIRST_PROCESS.uid),
    gid: mapped(Number(stats.gid), ownGroups.has(Number(stats.gid)), FIRST_PROCESS.gid),
    size: Number(stats.size),
    blockSize: Number(stats.blksize),
    blocks: Number(stats.blocks),
    accessed,
    modified,
    changed,
  };
}

function mapped(id: number, own: boolean, guests: number): number {
  if (own) return guests;
  return id === 0 ? 0 : OVERFLOW_ID;
}
