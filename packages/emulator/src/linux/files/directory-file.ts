import { Errno } from "../errno.js";
import { encodeName } from "./file-name.js";
import type { Caller, Entry } from "./inode.js";
import { FileType, type OpenFile, OpenFlag, STATUS_FLAGS, seekTo } from "./open-file.js";
import { ALWAYS_READY } from "./readiness.js";
import { type Place, pathOf } from "./tree/place.js";
import type { Tree } from "./tree/tree.js";

/** Bytes of `struct linux_dirent64` before the name (getdents64(2)). */
const ENTRY_HEADER = 19;

/**
 * Opens a directory. Its list is taken when it is first read, and again after a seek to the start: names that come or go
 * meanwhile change nothing, and the cookies of getdents64(2), which count names, stay good.
 */
export function openDirectory(tree: Tree, place: Place, flags: number, caller: Caller): OpenFile {
  const { inode } = place;
  let entries: readonly Entry[] | undefined;
  let position = 0;
  const notWritable = (): number => -Errno.EBADF;
  return {
    path: pathOf(place),
    isDirectory: true,
    place,
    inode,
    flags: (flags & STATUS_FLAGS) | OpenFlag.DIRECTORY,
    terminal: false,
    read: () => -Errno.EISDIR,
    readAt: () => -Errno.EISDIR,
    write: notWritable,
    writeAt: notWritable,
    truncate: () => -Errno.EINVAL,
    sync: () => 0,
    changeMode: (mode) => inode.changeMode(mode),
    seek(offset, whence) {
      const target = seekTo(position, entries?.length ?? 0, offset, whence);
      if (target === 0) entries = undefined;
      if (target >= 0) position = target;
      return target;
    },
    readEntries(into) {
      entries ??= listAll(tree, place, caller);
      const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
      let used = 0;
      for (let entry = entries[position]; entry; entry = entries[position]) {
        const name = encodeName(entry.name);
        const length = Math.ceil((ENTRY_HEADER + name.length + 1) / 8) * 8;
        if (used + length > into.length) break;
        into.fill(0, used, used + length);
        view.setBigUint64(used, entry.inode, true);
        view.setUint32(used + 8, position + 1, true);
        view.setUint16(used + 16, length, true);
        // DT_* of readdir(3) are the file type bits of `st_mode`, shifted.
        view.setUint8(used + 18, entry.type >>> 12);
        into.set(name, used + ENTRY_HEADER);
        used += length;
        position += 1;
      }
      return used === 0 && position < entries.length ? -Errno.EINVAL : used;
    },
    status: () => inode.status(),
    poll: () => ALWAYS_READY,
    close: () => {},
  };
}

function listAll(tree: Tree, place: Place, caller: Caller): Entry[] {
  const self = (name: string, at: Place): Entry => ({
    name,
    inode: at.inode.status().inode,
    type: FileType.DIRECTORY,
  });
  return [self(".", place), self("..", place.parent ?? place), ...tree.list(place, caller)];
}
