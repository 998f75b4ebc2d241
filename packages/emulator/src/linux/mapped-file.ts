import type { WritableSource } from "../memory/source.js";
import { hostCall } from "./errno.js";
import { type FileStatus, type OpenFile, OpenFlag } from "./files/open-file.js";
import { release, retain } from "./files/references.js";

const sources = new WeakMap<OpenFile, WritableSource>();

/** The bytes of an open file for mappings, which hold it open (mmap(2)): one for each description. */
export function mappedFile(file: OpenFile): WritableSource {
  const known = sources.get(file);
  if (known) return known;
  const source: WritableSource = {
    size: () =>
      Math.max(
        0,
        hostCall(() => file.status().size),
      ),
    read: (into, position) => hostCall(() => file.readAt(into, position)),
    write(bytes, position) {
      // Mapped pages go where they are mapped from, whatever O_APPEND says of writes.
      const { flags } = file;
      file.flags &= ~OpenFlag.APPEND;
      const count = hostCall(() => file.writeAt(bytes, position));
      file.flags = flags;
      return count;
    },
    retain: () => retain(file),
    release: () => release(file),
  };
  sources.set(file, source);
  return source;
}

/** What a file is known by, whatever it was opened as. */
export function fileKey({ device, inode }: FileStatus): string {
  return `${device}:${inode}`;
}
