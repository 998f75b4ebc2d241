import type { BigIntStats } from "node:fs";
import type { FileStatus, FileTime } from "./open-file.js";

const NANOSECONDS = 1_000_000_000n;

/** The host's idea of a file, which only allowed files ever show to the guest. */
export function hostStatus(stats: BigIntStats): FileStatus {
  return {
    device: Number(stats.dev),
    inode: stats.ino,
    mode: Number(stats.mode),
    links: Number(stats.nlink),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: Number(stats.size),
    blockSize: Number(stats.blksize),
    blocks: Number(stats.blocks),
    accessed: fileTime(stats.atimeNs),
    modified: fileTime(stats.mtimeNs),
    changed: fileTime(stats.ctimeNs),
  };
}

function fileTime(nanoseconds: bigint): FileTime {
  const rest = ((nanoseconds % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
  return { seconds: Number((nanoseconds - rest) / NANOSECONDS), nanoseconds: Number(rest) };
}
