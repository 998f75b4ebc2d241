import { releaseLocks } from "./file-locks.js";
import type { OpenFile } from "./open-file.js";

/** How many hold each description: descriptor tables of all processes, messages with descriptors in them. */
const references = new WeakMap<OpenFile, number>();

/** Counts one more holder of a description. */
export function retain(file: OpenFile): void {
  references.set(file, (references.get(file) ?? 0) + 1);
}

/** Counts one holder less; the last one closes the file. May throw an error of the host. */
export function release(file: OpenFile): void {
  const left = (references.get(file) ?? 1) - 1;
  if (left > 0) {
    references.set(file, left);
    return;
  }
  references.delete(file);
  file.watchers?.closed();
  releaseLocks(file, file);
  file.close();
}

/** Closes a description that nobody came to hold. */
export function releaseUnheld(file: OpenFile): void {
  if (!references.has(file)) release(file);
}
