import { chmodSync, lstatSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Errno } from "../errno.js";
import { hostStatus } from "./host-status.js";
import { type OpenFile, OpenFlag, seekTo } from "./open-file.js";
import { ALWAYS_READY } from "./readiness.js";

interface Entry {
  readonly name: Uint8Array;
  readonly inode: bigint;
  /** DT_* of readdir(3): the file type bits of `st_mode`, shifted. */
  readonly type: number;
}

/** Bytes of `struct linux_dirent64` before the name (getdents64(2)). */
const ENTRY_HEADER = 19;
const encoder = new TextEncoder();

/**
 * A directory of the host. Its list is taken when it is first read, and again after a seek to the start; it is
 * sorted by name, so that the guest sees the same order in every run and on every file system.
 */
export function createHostDirectory(path: string, flags: number): OpenFile {
  let entries: readonly Entry[] | undefined;
  let position = 0;
  const notWritable = (): number => -Errno.EBADF;
  return {
    path,
    isDirectory: true,
    flags: flags | OpenFlag.DIRECTORY,
    terminal: false,
    read: () => -Errno.EISDIR,
    readAt: () => -Errno.EISDIR,
    write: notWritable,
    writeAt: notWritable,
    truncate: () => -Errno.EINVAL,
    sync: () => 0,
    changeMode(mode) {
      chmodSync(path, mode);
      return 0;
    },
    seek(offset, whence) {
      const target = seekTo(position, entries?.length ?? 0, offset, whence);
      if (target === 0) entries = undefined;
      if (target >= 0) position = target;
      return target;
    },
    readEntries(into) {
      entries ??= listDirectory(path);
      const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
      let used = 0;
      for (let entry = entries[position]; entry; entry = entries[position]) {
        const length = Math.ceil((ENTRY_HEADER + entry.name.length + 1) / 8) * 8;
        if (used + length > into.length) break;
        into.fill(0, used, used + length);
        view.setBigUint64(used, entry.inode, true);
        view.setUint32(used + 8, position + 1, true);
        view.setUint16(used + 16, length, true);
        view.setUint8(used + 18, entry.type);
        into.set(entry.name, used + ENTRY_HEADER);
        used += length;
        position += 1;
      }
      return used === 0 && position < entries.length ? -Errno.EINVAL : used;
    },
    status: () => hostStatus(statSync(path, { bigint: true })),
    poll: () => ALWAYS_READY,
    close: () => {},
  };
}

function listDirectory(path: string): Entry[] {
  const names = readdirSync(path).sort((a, b) => (a < b ? -1 : 1));
  const entries = names.flatMap((name) => {
    const stats = lstatSync(join(path, name), { bigint: true, throwIfNoEntry: false });
    return stats ? [entryOf(name, stats)] : [];
  });
  const self = lstatSync(path, { bigint: true });
  const parent = lstatSync(dirname(path), { bigint: true });
  return [entryOf(".", self), entryOf("..", parent), ...entries];
}

function entryOf(name: string, stats: { readonly ino: bigint; readonly mode: bigint }): Entry {
  return { name: encoder.encode(name), inode: stats.ino, type: Number((stats.mode >> 12n) & 15n) };
}
