import { posix } from "node:path";

/** The open files of a process, and where it is. */
export interface Descriptors {
  readonly open: ReadonlyMap<number, Opened>;
  /** Undefined until it is known. */
  readonly folder: string | undefined;
}

/** What a descriptor stands for. */
export interface Opened {
  readonly path: string;
  /** Whether it goes when another program is executed. */
  readonly closesOnExec: boolean;
}

/** What a system call did to a process's descriptors. */
export type Change =
  | { readonly kind: "opened"; readonly fd: number; readonly path: string; readonly closesOnExec: boolean }
  | { readonly kind: "copied"; readonly from: number; readonly to: number; readonly closesOnExec: boolean }
  | { readonly kind: "closed"; readonly first: number; readonly last: number }
  | { readonly kind: "marked"; readonly fd: number; readonly closesOnExec: boolean }
  | { readonly kind: "moved"; readonly folder: string }
  | { readonly kind: "executed" };

/** Those of a process that nothing is known of. */
export const STANDARD: Descriptors = {
  open: new Map(
    ["(standard input)", "(standard output)", "(standard error)"].map((path, fd) => [
      fd,
      { path, closesOnExec: false },
    ]),
  ),
  folder: undefined,
};

/** What is open after a change. */
export function changed(before: Descriptors, change: Change): Descriptors {
  const open = new Map(before.open);
  switch (change.kind) {
    case "opened":
      open.set(change.fd, { path: change.path, closesOnExec: change.closesOnExec });
      break;
    case "copied": {
      const { path } = open.get(change.from) ?? { path: `(descriptor ${change.from})` };
      open.set(change.to, { path, closesOnExec: change.closesOnExec });
      break;
    }
    case "closed":
      for (const fd of before.open.keys()) if (fd >= change.first && fd <= change.last) open.delete(fd);
      break;
    case "marked": {
      const known = open.get(change.fd);
      if (known !== undefined) open.set(change.fd, { ...known, closesOnExec: change.closesOnExec });
      break;
    }
    case "executed":
      for (const [fd, { closesOnExec }] of before.open) if (closesOnExec) open.delete(fd);
      break;
    case "moved":
      return { open, folder: change.folder };
  }
  return { open, folder: before.folder };
}

/** A path, behind the folder of the descriptor or process that it is relative to, if that is known. */
export function pathFrom({ open, folder }: Descriptors, directory: number, path: string): string {
  if (path.startsWith("/")) return path;
  const base = directory === AT_FDCWD ? folder : open.get(directory)?.path;
  return base === undefined ? path : posix.join(base, path);
}

/** `AT_FDCWD`: "relative to the working directory" (openat(2)). */
const AT_FDCWD = -100;
