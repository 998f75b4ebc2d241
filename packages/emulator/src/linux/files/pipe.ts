import { Errno } from "../errno.js";
import { anonymousFile, newInode, type Origin } from "./anonymous-file.js";
import { FileType, isReadable, isWritable, type OpenFile, OpenFlag } from "./open-file.js";
import { createWatchers, Poll, READABLE, type Watchers, WRITABLE } from "./readiness.js";

/**
 * A pipe keeps its bytes in pages, as Linux does (fs/pipe.c): a short write joins the last page if it fits there as a
 * whole, any other begins a new one. So writes of up to PIPE_BUF bytes are never split, and what "full" means is the same.
 */
const PAGE = 4096;
/** Capacity of a new pipe in pages: 64 KiB (pipe(7), "Pipe capacity"). */
const DEFAULT_PAGES = 16;
/** Most that F_SETPIPE_SZ gives: /proc/sys/fs/pipe-max-size. */
const MOST_BYTES = 1 << 20;
/** Pages that one user's pipes may hold before new ones become small (/proc/sys/fs/pipe-user-pages-soft). */
const MOST_USER_PAGES = 16_384;
const SMALL_PIPE_PAGES = 2;
/** Smallest power of two that holds no 32-bit size (fs/pipe.c, round_pipe_size). */
const TOO_MANY_BYTES = 2 ** 31;

interface Page {
  readonly bytes: Uint8Array;
  start: number;
  end: number;
}

/** How many ends of a pipe are open, and have ever been. */
export interface PipeUsers {
  readonly readers: number;
  readonly writers: number;
  readonly readersEver: number;
  readonly writersEver: number;
}

/** What the ends of one pipe share. */
export interface Pipe {
  readonly users: PipeUsers;
  /** Bytes that it can hold (F_GETPIPE_SZ). */
  readonly capacity: number;
  /** F_SETPIPE_SZ: the capacity it has then, or a negated error number. */
  resize(bytes: number): number;
  /** Opens an end: for reading, writing or both, as the access mode in `flags` says. */
  open(flags: number): PipeEnd;
}

/** An end of a pipe. */
export interface PipeEnd extends OpenFile {
  readonly pipe: Pipe;
  unread(): number;
  /** Reads, and leaves in the pipe what was read. */
  peek(into: Uint8Array): number;
}

/** Whether a file is the end of a pipe. */
export const isPipeEnd = (file: OpenFile): file is PipeEnd => "pipe" in file;

/** Makes a pipe that nobody has open. */
export function createPipe(origin: Origin): Pipe {
  const pages: Page[] = [];
  /** Of each open end, who watches it: a description has its own watchers, and a FIFO many descriptions. */
  const forReaders = new Set<Watchers>();
  const forWriters = new Set<Watchers>();
  const { ipc } = origin;
  const inode = newInode(origin);
  let most = ipc.pipePages + DEFAULT_PAGES > MOST_USER_PAGES ? SMALL_PIPE_PAGES : DEFAULT_PAGES;
  ipc.pipePages += most;
  const users = { readers: 0, writers: 0, readersEver: 0, writersEver: 0 };

  const isFull = (): boolean => pages.length >= most;

  function read(into: Uint8Array): number {
    if (into.length === 0) return 0;
    const wasFull = isFull();
    let done = 0;
    for (let page = pages[0]; page && done < into.length; page = pages[0]) {
      const count = Math.min(page.end - page.start, into.length - done);
      into.set(page.bytes.subarray(page.start, page.start + count), done);
      page.start += count;
      done += count;
      if (page.start === page.end) pages.shift();
    }
    if (wasFull && !isFull()) wake(forWriters, WRITABLE);
    return done === 0 && users.writers > 0 ? -Errno.EAGAIN : done;
  }

  function peek(into: Uint8Array): number {
    let done = 0;
    for (const page of pages) {
      const bytes = page.bytes.subarray(page.start, Math.min(page.end, page.start + into.length - done));
      into.set(bytes, done);
      done += bytes.length;
      if (done === into.length) break;
    }
    return done === 0 && users.writers > 0 ? -Errno.EAGAIN : done;
  }

  function write(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    if (users.readers === 0) return -Errno.EPIPE;
    const odd = bytes.length % PAGE;
    const last = pages.at(-1);
    let done = 0;
    if (last && odd > 0 && last.end + odd <= PAGE) {
      last.bytes.set(bytes.subarray(0, odd), last.end);
      last.end += odd;
      done = odd;
    }
    while (done < bytes.length && !isFull()) {
      const end = Math.min(PAGE, bytes.length - done);
      const page = new Uint8Array(PAGE);
      page.set(bytes.subarray(done, done + end));
      pages.push({ bytes: page, start: 0, end });
      done += end;
    }
    if (done === 0) return -Errno.EAGAIN;
    wake(forReaders, READABLE);
    return done;
  }

  /** @param unmet a reader came when nobody wrote, and did not wait: it is told that writers are gone once there was one. */
  function poll(flags: number, unmet: boolean): number {
    let events = 0;
    if (isReadable(flags)) events |= pages.length > 0 ? READABLE : 0;
    if (isReadable(flags) && users.writers === 0 && !unmet) events |= Poll.HUP;
    if (isWritable(flags)) events |= (isFull() ? 0 : WRITABLE) | (users.readers === 0 ? Poll.ERR : 0);
    return events;
  }

  function close(flags: number): void {
    if (isReadable(flags)) users.readers -= 1;
    if (isWritable(flags)) users.writers -= 1;
    if (users.readers === 0 && users.writers === 0) ipc.pipePages -= most;
    if (users.readers > 0 === users.writers > 0) return;
    const events = READABLE | WRITABLE | Poll.ERR | Poll.HUP;
    wake(forReaders, events);
    wake(forWriters, events);
  }

  const pipe: Pipe = {
    users,
    get capacity() {
      return most * PAGE;
    },
    resize(bytes) {
      if (bytes > TOO_MANY_BYTES) return -Errno.EINVAL;
      const wanted = 2 ** Math.ceil(Math.log2(Math.max(bytes, PAGE)));
      const more = wanted / PAGE - most;
      if (more > 0 && (wanted > MOST_BYTES || ipc.pipePages + more > MOST_USER_PAGES)) return -Errno.EPERM;
      if (wanted / PAGE < pages.length) return -Errno.EBUSY;
      const wasFull = isFull();
      most += more;
      ipc.pipePages += more;
      if (wasFull && !isFull()) wake(forWriters, WRITABLE);
      return pipe.capacity;
    },
    open(flags) {
      const [reads, writes] = [isReadable(flags), isWritable(flags)];
      const [readers, writers] = [reads ? 1 : 0, writes ? 1 : 0];
      users.readers += readers;
      users.writers += writers;
      users.readersEver += readers;
      users.writersEver += writers;
      const watchers = createWatchers();
      if (reads) forReaders.add(watchers);
      if (writes) forWriters.add(watchers);
      const met = users.writers > 0 || (flags & OpenFlag.NONBLOCK) === 0 ? -1 : users.writersEver;
      return {
        ...anonymousFile({
          path: `pipe:[${inode}]`,
          inode,
          flags,
          mode: FileType.FIFO | 0o600,
          origin,
          watchers,
        }),
        pipe,
        read,
        write,
        peek,
        poll: () => poll(flags, users.writersEver === met),
        unread: () => pages.reduce((total, page) => total + page.end - page.start, 0),
        close() {
          forReaders.delete(watchers);
          forWriters.delete(watchers);
          close(flags);
        },
      };
    },
  };
  return pipe;
}

function wake(ends: ReadonlySet<Watchers>, events: number): void {
  for (const watchers of ends) watchers.wake(events);
}
