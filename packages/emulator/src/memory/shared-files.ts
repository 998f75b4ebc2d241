import { createSharedFile, type SharedFile } from "./shared-object.js";
import type { WritableSource } from "./source.js";

/** The files that any process has mapped shared: one object for each file, whatever it is called. */
export interface SharedFiles {
  /** How many there are; while there are none, nothing has to be kept coherent. */
  readonly count: number;
  /** The file of a name that is its alone, such as its device and inode. */
  get(key: string): SharedFile | undefined;
  /** The same; made, if it is not there. What was opened only for reading so far is written to by `writable` ones. */
  obtain(key: string, source: WritableSource, writable: boolean): SharedFile;
  /** Writes to all files what mappings have changed: 0, or the last negated error number. */
  flush(): number;
  /** Takes notice of files that were cut or have grown. */
  refreshResized(): void;
}

/** Makes the list for a machine. */
export function createSharedFiles(): SharedFiles {
  const files = new Map<string, SharedFile>();
  return {
    get count() {
      return files.size;
    },
    get: (key) => files.get(key),
    obtain(key, source, writable) {
      const known = files.get(key);
      if (known) {
        if (writable) known.writeThrough(source);
        return known;
      }
      const made = createSharedFile(source, writable, () => files.delete(key));
      files.set(key, made);
      return made;
    },
    flush() {
      let error = 0;
      for (const file of files.values()) error = file.flush() || error;
      return error;
    },
    refreshResized() {
      for (const file of files.values()) {
        if (file.source?.size() !== file.size) file.refresh(file.size, 0);
      }
    },
  };
}
