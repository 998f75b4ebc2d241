import { Errno } from "../errno.js";
import { FileType, type OpenFile, OpenFlag } from "./open-file.js";
import { ALWAYS_READY } from "./readiness.js";
import { type Place, pathOf } from "./tree/place.js";

/** What open(2) gives with O_PATH: a place, by which other calls find the file, and nothing to read or write. */
export function openPath(place: Place): OpenFile {
  const { inode } = place;
  const refused = (): number => -Errno.EBADF;
  return {
    path: pathOf(place),
    isDirectory: inode.type === FileType.DIRECTORY,
    place,
    inode,
    flags: OpenFlag.PATH,
    terminal: false,
    read: refused,
    write: refused,
    readAt: refused,
    writeAt: refused,
    seek: refused,
    truncate: refused,
    sync: refused,
    changeMode: refused,
    readEntries: refused,
    status: () => inode.status(),
    poll: () => ALWAYS_READY,
    close: () => {},
  };
}
