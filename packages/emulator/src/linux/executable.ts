import type { Context } from "./context.js";
import { isWritable, type OpenFile } from "./files/open-file.js";
import { pathOf } from "./files/tree/place.js";

/** The file that a process executes. */
export interface Executable {
  /** Where it is, whatever links and working directory lead there: what `/proc/self/exe` is. */
  readonly path: string;
  /** Which file it is; undefined for one that the guest does not see. */
  readonly identity: string | undefined;
}

/** The program file that a path leads to. */
export function executableAt(context: Context, path: string): Executable {
  const found = context.sandbox.find({ pid: context.process.pid, tid: context.tid }, path, { follow: true });
  if (typeof found === "number") return { path, identity: undefined };
  const place = found.kind === "file" ? found.file.place : found.place;
  return place ? { path: pathOf(place), identity: place.inode.identity } : { path, identity: undefined };
}

/** Whether a process executes this file: it cannot be written then (open(2), ETXTBSY). */
export function isExecuted({ kernel }: Context, identity: string): boolean {
  for (const { threads } of kernel.processes.values()) {
    for (const { mm } of threads) if (mm.program.executable.identity === identity) return true;
  }
  return false;
}

/** Whether a process has this file open to be written: it cannot be executed then (execve(2), ETXTBSY). Not so for memfd_create(2)'s. */
export function isBeingWritten({ kernel }: Context, identity: string | undefined): boolean {
  const writes = (file: OpenFile | undefined): boolean =>
    file?.place !== undefined && file.inode?.identity === identity && isWritable(file.flags);
  if (identity === undefined) return false;
  for (const { threads } of kernel.processes.values()) {
    for (const { descriptors } of threads)
      if (descriptors.numbers().some((fd) => writes(descriptors.get(fd)))) return true;
  }
  return false;
}
