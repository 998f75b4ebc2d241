import type { DecodedSyscall } from "../syscalls/contract.js";
import { type Change, type Descriptors, pathFrom } from "./descriptors.js";

/** What a system call that came back did to files. */
export interface Effects {
  readonly changes: readonly Change[];
  /** A path that was, or should have been, opened. */
  readonly opened?: string;
  /** Descriptors that bytes were read from, written to, or mapped of. */
  readonly read?: number;
  readonly written?: number;
  readonly mapped?: number;
  readonly bytes: number;
}

const O_CLOEXEC = 0o2000000;
const FD_CLOEXEC = 1;
const CLOSE_RANGE_CLOEXEC = 4;
const F_DUPFD = 0;
const F_SETFD = 2;
const F_DUPFD_CLOEXEC = 1030;
const MAP_ANONYMOUS = 0x20;

const READS = new Set(["read", "readv", "pread64", "preadv", "preadv2", "recvfrom", "recvmsg", "getdents64"]);
const WRITES = new Set(["write", "writev", "pwrite64", "pwritev", "pwritev2", "sendto", "sendmsg"]);
/** Both: from one descriptor to another, given by these arguments. */
const COPIES: Readonly<Record<string, readonly [from: number, to: number]>> = {
  sendfile: [1, 0],
  copy_file_range: [0, 2],
  splice: [0, 2],
  tee: [0, 1],
};
/** What they open has no path; flags are in this argument. */
const NAMELESS: Readonly<Record<string, readonly [path: string, flags: number]>> = {
  socket: ["(socket)", 1],
  accept: ["(socket)", -1],
  accept4: ["(socket)", 3],
  epoll_create1: ["(epoll)", 0],
  eventfd2: ["(eventfd)", 1],
  timerfd_create: ["(timerfd)", 1],
  signalfd4: ["(signalfd)", 3],
};

/** @param readInts integers of 32 bits in the guest's memory */
export function effectsOf(
  { name, args }: DecodedSyscall,
  result: number,
  present: Descriptors,
  readInts: (address: number, count: number) => readonly number[],
): Effects {
  const arg = (i: number): number => args[i]?.value ?? 0;
  const failed = result < 0;
  if (name === "openat" || name === "openat2") {
    const path = pathFrom(present, arg(0), args[1]?.string ?? "");
    const flags = name === "openat" ? arg(2) : (readInts(arg(2), 1)[0] ?? 0);
    const closesOnExec = (flags & O_CLOEXEC) !== 0;
    return {
      changes: failed ? [] : [{ kind: "opened", fd: result, path, closesOnExec }],
      opened: path,
      bytes: 0,
    };
  }
  if (failed) return NOTHING;
  if (READS.has(name)) return { changes: [], read: arg(0), bytes: result };
  if (WRITES.has(name)) return { changes: [], written: arg(0), bytes: result };
  const copy = COPIES[name];
  if (copy !== undefined) return { changes: [], read: arg(copy[0]), written: arg(copy[1]), bytes: result };
  const nameless = NAMELESS[name];
  if (nameless !== undefined) {
    const [path, flags] = nameless;
    // The kernel's SOCK_CLOEXEC, EFD_CLOEXEC and the like are all O_CLOEXEC.
    const closesOnExec = flags >= 0 && (arg(flags) & O_CLOEXEC) !== 0;
    return changing({ kind: "opened", fd: result, path, closesOnExec });
  }
  switch (name) {
    case "memfd_create":
      return changing({
        kind: "opened",
        fd: result,
        path: `(memory ${args[0]?.string ?? ""})`,
        closesOnExec: (arg(1) & 1) !== 0,
      });
    case "pipe2":
    case "socketpair": {
      const isPipe = name === "pipe2";
      const closesOnExec = (arg(1) & O_CLOEXEC) !== 0;
      const path = isPipe ? "(pipe)" : "(socket)";
      const ends = readInts(arg(isPipe ? 0 : 3), 2);
      return { changes: ends.map((fd) => ({ kind: "opened", fd, path, closesOnExec })), bytes: 0 };
    }
    case "dup":
      return changing({ kind: "copied", from: arg(0), to: result, closesOnExec: false });
    case "dup3":
      return changing({ kind: "copied", from: arg(0), to: result, closesOnExec: (arg(2) & O_CLOEXEC) !== 0 });
    case "fcntl":
      return afterFcntl(arg(0), arg(1), arg(2), result);
    case "close":
      return changing({ kind: "closed", first: arg(0), last: arg(0) });
    case "close_range":
      return (arg(2) & CLOSE_RANGE_CLOEXEC) !== 0
        ? { changes: marked(present, arg(0), arg(1)), bytes: 0 }
        : changing({ kind: "closed", first: arg(0), last: arg(1) });
    case "chdir":
      return changing({ kind: "moved", folder: pathFrom(present, -100, args[0]?.string ?? "") });
    case "fchdir":
      return changing({ kind: "moved", folder: present.open.get(arg(0))?.path ?? "" });
    case "execve":
    case "execveat":
      return changing({ kind: "executed" });
    case "mmap":
      return (arg(3) & MAP_ANONYMOUS) !== 0 ? NOTHING : { changes: [], mapped: arg(4), bytes: arg(1) };
    default:
      return NOTHING;
  }
}

const NOTHING: Effects = { changes: [], bytes: 0 };

const changing = (change: Change): Effects => ({ changes: [change], bytes: 0 });

function afterFcntl(fd: number, command: number, argument: number, result: number): Effects {
  if (command === F_DUPFD || command === F_DUPFD_CLOEXEC)
    return changing({ kind: "copied", from: fd, to: result, closesOnExec: command === F_DUPFD_CLOEXEC });
  if (command === F_SETFD)
    return changing({ kind: "marked", fd, closesOnExec: (argument & FD_CLOEXEC) !== 0 });
  return NOTHING;
}

const marked = ({ open }: Descriptors, first: number, last: number): Change[] =>
  [...open.keys()]
    .filter((fd) => fd >= first && fd <= last)
    .map((fd) => ({ kind: "marked", fd, closesOnExec: true }));
