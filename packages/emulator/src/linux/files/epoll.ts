import { Errno } from "../errno.js";
import { anonymousFile, newInode, type Origin } from "./anonymous-file.js";
import { type OpenFile, OpenFlag } from "./open-file.js";
import { createWatchers, Poll, READABLE, type Watcher } from "./readiness.js";

/** Bits of `struct epoll_event` besides the {@link Poll} bits (include/uapi/linux/eventpoll.h). */
export const Epoll = {
  EXCLUSIVE: 0x1000_0000,
  WAKEUP: 0x2000_0000,
  ONESHOT: 0x4000_0000,
  ET: 0x8000_0000,
} as const;

/** Bits that say how to report and not what; an item with nothing else is off (EPOLLONESHOT). */
const PRIVATE_BITS = Epoll.EXCLUSIVE | Epoll.WAKEUP | Epoll.ONESHOT | Epoll.ET;
/** What may stand beside EPOLLEXCLUSIVE. */
const EXCLUSIVE_BITS = Poll.IN | Poll.OUT | Poll.ERR | Poll.HUP | Epoll.WAKEUP | Epoll.ET | Epoll.EXCLUSIVE;
/** Most instances in a chain of which each watches the next (epoll_ctl(2), ELOOP). */
const LONGEST_CHAIN = 5;
/**
 * Instances that may watch each other, pair by pair, in the whole guest. Looking for circles takes time for each; Linux bounds it
 * by the number of ways that lead up from a file, with the same error (fs/eventpoll.c, path_limits).
 */
const MOST_NESTED = 500;
/** Files that one instance may watch; Linux has a limit by memory (epoll(7), max_user_watches). */
const MOST_ITEMS = 65_536;

/** `struct epoll_event`: what is wanted, or what happened, and 64 bits of the guest's own. */
export interface EpollEvent {
  readonly events: number;
  /** Low and high half. */
  readonly data: readonly [number, number];
}

/** A list of files of interest (epoll(7)). All of its operations return 0 or a negated error number. */
export interface EpollFile extends OpenFile {
  /** EPOLL_CTL_ADD: a file is known by its descriptor's number and itself. */
  addItem(fd: number, file: OpenFile, event: EpollEvent): number;
  /** EPOLL_CTL_MOD. */
  changeItem(fd: number, file: OpenFile, event: EpollEvent): number;
  /** EPOLL_CTL_DEL. */
  removeItem(fd: number, file: OpenFile): number;
  /**
   * epoll_wait(2): hands what has happened to `put`, at most so many.
   * @param put false: it has no room; the event stays.
   * @returns how many were taken.
   */
  take(most: number, put: (event: EpollEvent) => boolean): number;
  /** Looks at all that it watches, itself and through others. */
  look(): boolean;
  /** What it watches that the world outside changes. */
  readonly outside: ReadonlySet<OpenFile>;
  /** The instances that it watches, and those that watch it. */
  readonly below: ReadonlySet<EpollFile>;
  readonly above: Set<EpollFile>;
}

/** Whether a file is an epoll instance. */
export const isEpoll = (file: OpenFile): file is EpollFile => "addItem" in file;

interface Item {
  readonly fd: number;
  readonly file: OpenFile;
  readonly watcher: Watcher;
  events: number;
  data: readonly [number, number];
}

/** Instances in the longest chain that goes up or down from one, itself included. */
function chain(from: EpollFile, way: "above" | "below"): number {
  const lengths = new Map<EpollFile, number>();
  const measure = (epoll: EpollFile): number => {
    const known = lengths.get(epoll);
    if (known !== undefined) return known;
    let longest = 0;
    for (const next of epoll[way]) longest = Math.max(longest, measure(next));
    lengths.set(epoll, longest + 1);
    return longest + 1;
  };
  return measure(from);
}

/** An instance, and all that it watches through others. */
function reach(from: EpollFile): ReadonlySet<EpollFile> {
  const seen = new Set([from]);
  for (const epoll of seen) for (const next of epoll.below) seen.add(next);
  return seen;
}

/** Wakes go through each instance once, however many ways lead there: they are numbered from the outermost on. */
let wakeNumber = 0;
let wakeDepth = 0;

/** Makes an instance that watches nothing. */
export function createEpoll(origin: Origin): EpollFile {
  const watchers = createWatchers();
  const items = new Map<OpenFile, Map<number, Item>>();
  /** Those to look at, in the order in which they became ready, as in the kernel (fs/eventpoll.c). */
  let ready = new Set<Item>();
  let count = 0;
  const below = new Set<EpollFile>();
  const outside = new Set<OpenFile>();
  let lastWake = 0;

  const find = (fd: number, file: OpenFile): Item | undefined => items.get(file)?.get(fd);
  const happened = (item: Item): number => item.file.poll() & item.events & ~PRIVATE_BITS;

  function wakeWatchers(): void {
    if (wakeDepth === 0) wakeNumber += 1;
    if (lastWake === wakeNumber) return;
    lastWake = wakeNumber;
    wakeDepth += 1;
    watchers.wake(READABLE);
    wakeDepth -= 1;
  }
  function enqueue(item: Item): void {
    ready.add(item);
    wakeWatchers();
  }
  function remove(item: Item): void {
    ready.delete(item);
    item.file.watchers?.remove(item.watcher);
    const ofFile = items.get(item.file);
    ofFile?.delete(item.fd);
    count -= 1;
    if (ofFile?.size !== 0) return;
    items.delete(item.file);
    outside.delete(item.file);
    if (!isEpoll(item.file)) return;
    below.delete(item.file);
    item.file.above.delete(self);
    origin.ipc.nestedEpolls -= 1;
  }
  function set(item: Item, event: EpollEvent): void {
    item.events = event.events | Poll.ERR | Poll.HUP;
    item.data = event.data;
    if (happened(item) !== 0) enqueue(item);
  }

  const self: EpollFile = {
    ...anonymousFile({
      path: "anon_inode:[eventpoll]",
      inode: newInode(origin),
      flags: OpenFlag.RDWR,
      mode: 0o600,
      origin,
      watchers,
    }),
    /** Does nothing, as in Linux (noop_llseek). */
    seek: () => 0,
    addItem(fd, file, event) {
      if (event.events & Epoll.EXCLUSIVE && (isEpoll(file) || event.events & ~EXCLUSIVE_BITS))
        return -Errno.EINVAL;
      if (isEpoll(file)) {
        if (origin.ipc.nestedEpolls >= MOST_NESTED) return -Errno.EINVAL;
        if (reach(file).has(self)) return -Errno.ELOOP;
        if (chain(file, "below") + chain(self, "above") > LONGEST_CHAIN) return -Errno.ELOOP;
      }
      if (find(fd, file)) return -Errno.EEXIST;
      if (count >= MOST_ITEMS) return -Errno.ENOSPC;
      const item: Item = {
        fd,
        file,
        events: 0,
        data: [0, 0],
        watcher: {
          wake(events) {
            if (events & item.events & ~PRIVATE_BITS) enqueue(item);
          },
          closed: () => remove(item),
        },
      };
      const ofFile = items.get(file) ?? new Map<number, Item>();
      items.set(file, ofFile.set(fd, item));
      count += 1;
      if (!isEpoll(file)) {
        if (file.look) outside.add(file);
      } else if (!below.has(file)) {
        below.add(file);
        file.above.add(self);
        origin.ipc.nestedEpolls += 1;
      }
      file.watchers?.add(item.watcher);
      set(item, event);
      return 0;
    },
    changeItem(fd, file, event) {
      const item = find(fd, file);
      if (event.events & Epoll.EXCLUSIVE) return -Errno.EINVAL;
      if (!item) return -Errno.ENOENT;
      if (item.events & Epoll.EXCLUSIVE) return -Errno.EINVAL;
      set(item, event);
      return 0;
    },
    removeItem(fd, file) {
      const item = find(fd, file);
      if (!item) return -Errno.ENOENT;
      remove(item);
      return 0;
    },
    take(most, put) {
      const before = ready;
      ready = new Set();
      let taken = 0;
      for (const item of before) {
        if (taken === most) break;
        before.delete(item);
        const events = happened(item);
        if (events === 0) continue;
        if (!put({ events, data: item.data })) {
          before.add(item);
          ready = new Set([item, ...before, ...ready]);
          return taken;
        }
        taken += 1;
        if (item.events & Epoll.ONESHOT) item.events &= PRIVATE_BITS;
        else if (!(item.events & Epoll.ET)) ready.add(item);
      }
      ready = new Set([...before, ...ready]);
      return taken;
    },
    look() {
      let any = false;
      for (const epoll of reach(self)) for (const file of epoll.outside) any = file.look?.() || any;
      return any;
    },
    outside,
    below,
    above: new Set(),
    read: () => -Errno.EINVAL,
    write: () => -Errno.EINVAL,
    poll() {
      for (const item of ready) {
        if (happened(item) !== 0) return READABLE;
        ready.delete(item);
      }
      return 0;
    },
    close() {
      for (const ofFile of [...items.values()]) for (const item of [...ofFile.values()]) remove(item);
    },
  };
  return self;
}
