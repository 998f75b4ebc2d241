import { type FSWatcher, watch } from "node:fs";
import { dirname, join } from "node:path";

/** Files that are watched, whether they are there or not. */
export interface WatchedFiles {
  readonly size: number;
  add(file: string): void;
}

/** Editors write a file in several steps; what comes within this time is one change. */
const SETTLED_MILLISECONDS = 100;

/**
 * @param changed called for a change, with the file's path. Also when it came to be, or is gone.
 */
export function watchFiles(changed: (file: string) => void): WatchedFiles {
  const files = new Set<string>();
  const folders = new Map<string, FSWatcher | undefined>();
  let timer: NodeJS.Timeout | undefined;
  const event = (file: string): void => {
    if (!files.has(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => changed(file), SETTLED_MILLISECONDS);
  };
  return {
    get size() {
      return files.size;
    },
    add(file) {
      files.add(file);
      const folder = dirname(file);
      if (folders.has(folder)) return;
      folders.set(folder, watchFolder(folder, event));
    },
  };
}

/** The folder and not the file: many editors put a new file into the place of the old one. */
function watchFolder(folder: string, event: (file: string) => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, (_kind, name) => {
      if (name !== null) event(join(folder, name));
    });
    return watcher.on("error", () => watcher.close());
  } catch {
    // It is not there; a change above it, where the file is imported, will bring it in.
    return undefined;
  }
}
