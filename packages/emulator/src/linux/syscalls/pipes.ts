import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import type { Origin } from "../files/anonymous-file.js";
import { type OpenFile, OpenFlag } from "../files/open-file.js";
import { createPipe, isPipeEnd } from "../files/pipe.js";
import { uintArgument, wordArgument } from "../registers.js";

const SECOND = 1_000_000_000;

/** Who makes a file now. */
export function originOf(context: Context): Origin {
  const { clock, identity } = context;
  const now = clock.nanoseconds();
  return {
    ipc: context.kernel.ipc,
    uid: identity.uid,
    gid: identity.gid,
    born: { seconds: clock.startSeconds + Math.floor(now / SECOND), nanoseconds: now % SECOND },
  };
}

/** Gives descriptors to two new files and stores their numbers: both or none. */
export function addPair(
  context: Context,
  address: number,
  files: readonly [OpenFile, OpenFile],
  flags: number,
): number {
  const { descriptors, memory } = context;
  const closeOnExec = (flags & OpenFlag.CLOEXEC) !== 0;
  const first = descriptors.add(files[0], closeOnExec);
  const second = descriptors.add(files[1], closeOnExec);
  if (first >= 0 && second >= 0 && memory.writable(address, 8)) {
    memory.view.setInt32(address, first, true);
    memory.view.setInt32(address + 4, second, true);
    return 0;
  }
  for (const fd of [first, second]) if (fd >= 0) descriptors.close(fd);
  return first < 0 || second < 0 ? -Errno.EMFILE : -Errno.EFAULT;
}

/** pipe2(2). Packet mode (O_DIRECT) is refused as by kernels that have none. */
const pipe2: Handler = (context, registers) => {
  const flags = uintArgument(registers, 1);
  if (flags & ~(OpenFlag.CLOEXEC | OpenFlag.NONBLOCK)) return -Errno.EINVAL;
  const pipe = createPipe(originOf(context));
  const status = flags & OpenFlag.NONBLOCK;
  const ends = [pipe.open(OpenFlag.RDONLY | status), pipe.open(OpenFlag.WRONLY | status)] as const;
  return addPair(context, wordArgument(registers, 0), ends, flags);
};

/** F_SETPIPE_SZ and F_GETPIPE_SZ of fcntl(2): the capacity of a pipe in bytes. -EBADF for what is no pipe. */
export function pipeCapacity(file: OpenFile, wanted: number | undefined): number {
  if (!isPipeEnd(file)) return -Errno.EBADF;
  return wanted === undefined ? file.pipe.capacity : file.pipe.resize(wanted);
}

/** Pipes: pipe(2). */
export const pipeCalls: HandlerTable = { pipe2 };
