/** Event bits of poll(2) (include/uapi/asm-generic/poll.h); epoll_ctl(2) has the same ones. */
export const Poll = {
  IN: 0x1,
  PRI: 0x2,
  OUT: 0x4,
  ERR: 0x8,
  HUP: 0x10,
  NVAL: 0x20,
  RDNORM: 0x40,
  RDBAND: 0x80,
  WRNORM: 0x100,
  WRBAND: 0x200,
  RDHUP: 0x2000,
} as const;

/** What poll(2) says of a file that never keeps anybody waiting: regular files, directories, /dev/null. */
export const ALWAYS_READY: number = Poll.IN | Poll.OUT | Poll.RDNORM | Poll.WRNORM;

/** Bits by which a change tells that bytes can be read, and written. */
export const READABLE: number = Poll.IN | Poll.RDNORM;
/** See {@link READABLE}. */
export const WRITABLE: number = Poll.OUT | Poll.WRNORM;

/** One who wants to know when a file's readiness may have changed. */
export interface Watcher {
  /** Something happened: `events` are {@link Poll} bits that may hold from now on. */
  wake(events: number): void;
  /** The last reference to the file is gone. */
  closed(): void;
}

/** Those who watch one file, as the kernel's wait queue does for epoll(7). */
export interface Watchers {
  add(watcher: Watcher): void;
  remove(watcher: Watcher): void;
  wake(events: number): void;
  closed(): void;
}

/** Makes an empty set of watchers. */
export function createWatchers(): Watchers {
  const watchers = new Set<Watcher>();
  return {
    add: (watcher) => void watchers.add(watcher),
    remove: (watcher) => void watchers.delete(watcher),
    wake(events) {
      for (const watcher of watchers) watcher.wake(events);
    },
    closed() {
      for (const watcher of [...watchers]) watcher.closed();
      watchers.clear();
    },
  };
}
