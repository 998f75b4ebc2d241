import { Errno } from "../errno.js";
import type { Origin } from "./anonymous-file.js";
import type { Inode } from "./inode.js";
import { isReadable, isWritable, type OpenFile, OpenFlag } from "./open-file.js";
import { createPipe, type Pipe } from "./pipe.js";
import { type Place, pathOf } from "./tree/place.js";

/** A FIFO that is being opened: an end of it that counts already, for others who open it. */
export interface FifoOpening {
  readonly file: OpenFile;
  /** Whether somebody has the other end, or has had it since: then open(2) can return. */
  ready(): boolean;
}

/** What a FIFO's openers meet in (fifo(7)). */
export interface Fifo {
  /** Opens an end, which must be closed if nobody comes to hold it; -ENXIO for a writer who does not wait while nobody reads. */
  open(flags: number, place: Place | undefined, origin: Origin): FifoOpening | number;
}

/**
 * Makes a FIFO that nobody has open.
 *
 * Who opens an end counts at once, also while waiting for the other end: two who wait for each other find each other. An
 * opener goes on when somebody has opened the other end since, even if they have closed it again (fs/pipe.c, fifo_open).
 */
export function createFifo(inode: () => Inode): Fifo {
  let pipe: Pipe | undefined;

  return {
    open(flags, place, origin) {
      const [reads, writes] = [isReadable(flags), isWritable(flags)];
      const patient = (flags & OpenFlag.NONBLOCK) === 0;
      if (writes && !reads && !patient && !pipe?.users.readers) return -Errno.ENXIO;
      pipe ??= createPipe(origin);
      const { users } = pipe;
      const alone = patient && reads !== writes && (reads ? users.writers : users.readers) === 0;
      const othersEver = (): number => (reads ? users.writersEver : users.readersEver);
      const before = othersEver();
      const end = pipe.open(flags);
      const file: OpenFile = {
        ...end,
        ...(place && { path: pathOf(place), place }),
        inode: inode(),
        status: () => inode().status(),
        changeMode: (mode) => inode().changeMode(mode),
        close() {
          end.close();
          // What nobody has read is gone with the last end.
          if (users.readers === 0 && users.writers === 0) pipe = undefined;
        },
      };
      return { file, ready: () => !alone || othersEver() !== before };
    },
  };
}
