import { Errno } from "../errno.js";
import { anonymousFile, newInode, type Origin } from "../files/anonymous-file.js";
import { type OpenFile, OpenFlag } from "../files/open-file.js";
import { createWatchers, Poll } from "../files/readiness.js";
import { FILE_INFO_SIZE, fileInfo } from "./info.js";
import { complement, reaches, type SignalSet } from "./set.js";
import type { ThreadSignals } from "./state.js";

/** A file to read signals from (signalfd(2)). */
export interface SignalFile extends OpenFile {
  /** The signals that it gives. */
  wanted: SignalSet;
}

/** Whether a file is one to read signals from. */
export const isSignalFile = (file: OpenFile): file is SignalFile => "wanted" in file;

/**
 * Makes a file that gives the signals of the thread that makes it, and of its process. Linux gives each reader its own;
 * that differs for other threads' own signals, and for descriptors that a child inherits.
 * @param flags O_NONBLOCK, or none.
 */
export function createSignalFile(
  origin: Origin,
  thread: ThreadSignals,
  wanted: SignalSet,
  flags: number,
): SignalFile {
  const watchers = createWatchers();
  const queues = [thread.pending, thread.process.pending];
  const unwanted = (): SignalSet => complement(file.wanted);
  const arrived = (): void => watchers.wake(file.poll());

  function take(): Uint8Array | undefined {
    for (const queue of queues) {
      const info = queue.takeNext(unwanted());
      if (info) return fileInfo(info);
    }
    return undefined;
  }

  const file: SignalFile = {
    ...anonymousFile({
      path: "anon_inode:[signalfd]",
      inode: newInode(origin),
      flags: flags | OpenFlag.RDWR,
      mode: 0o600,
      origin,
      watchers,
    }),
    wanted,
    read(into) {
      if (into.length < FILE_INFO_SIZE) return -Errno.EINVAL;
      let length = 0;
      while (length + FILE_INFO_SIZE <= into.length) {
        const bytes = take();
        if (bytes === undefined) break;
        into.set(bytes, length);
        length += FILE_INFO_SIZE;
      }
      return length === 0 ? -Errno.EAGAIN : length;
    },
    write: () => -Errno.EINVAL,
    poll: () => (queues.some((queue) => reaches(queue.set, unwanted())) ? Poll.IN : 0),
    close() {
      thread.process.watchers.delete(arrived);
    },
  };
  thread.process.watchers.add(arrived);
  return file;
}
