import { posix } from "node:path";
import type { Extensions } from "../../isa/riscv/extensions.js";
import type { Clock } from "../clock.js";
import { Errno, errnoName, hostErrno } from "../errno.js";
import { FIRST_PROCESS } from "../identity.js";
import type { Random } from "../random.js";
import { type Budget, createBudget, DEFAULT_FILE_LIMITS } from "./budget.js";
import { deviceDirectory } from "./dev/devices.js";
import { type FilePermissions, findGrants, mountGrants } from "./grants.js";
import { createHostSystem } from "./host/host-system.js";
import type { Caller } from "./inode.js";
import type { MemorySystem } from "./memory/memory-base.js";
import { createMemoryDirectory } from "./memory/memory-inode.js";
import { createMemorySystem } from "./memory/memory-system.js";
import { type FileTime, FileType, type OpenFile } from "./open-file.js";
import { Permit, permits } from "./permission.js";
import { procDirectory } from "./proc/proc.js";
import type { ProcessList } from "./proc/process-facts.js";
import { readRegular } from "./read-regular.js";
import { hostPathOf, type Mount, type Place, pathOf } from "./tree/place.js";
import { createTree, type Tree } from "./tree/tree.js";
import { type Found, type Restrictions, walk } from "./tree/walk.js";

export type { FilePermissions } from "./grants.js";

/** What is wanted of a file. */
export type Access = "read" | "write";

/** What files are made from that are not the host's. */
export interface FileWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly processes: ProcessList;
  /** Most bytes that a process may map: what /proc/meminfo tells. */
  readonly memoryLimit: number;
  /** What the processor has beyond RV64GC. */
  readonly extensions: Extensions;
  /** Opens the terminal that controls the guest (`/dev/tty`); undefined if none does. */
  readonly terminal?: (() => OpenFile) | undefined;
}

/** How {@link Sandbox.find} goes. */
export interface FindOptions {
  /** Where a relative path starts; the working directory unless told. */
  readonly start?: Place | undefined;
  /** Whether a link at the end is followed. */
  readonly follow: boolean;
  readonly restrictions?: Restrictions | undefined;
}

/** The guest's files as one process sees them: all see the same tree, each has its own working directory. */
export interface Sandbox {
  /** The working directory. */
  cwd: Place;
  /** Path of the first program, in the guest's tree. */
  readonly program: string;
  readonly tree: Tree;
  readonly budget: Budget;
  /** Where files in memory are kept. */
  readonly memory: MemorySystem;
  /** Resolves a path. What the guest was not given is EACCES, and the user is told of it once. */
  find(caller: Caller, path: string, options: FindOptions): Found | number;
  /**
   * Whether the guest may use a part of the tree so: 0, or -EACCES, of which the user is told once.
   * @param place what is to be used, or, with a name, the directory in which something is to be made.
   */
  allow(place: Place, mount: Mount, access: Access, name?: string): number;
  /** The bytes of a program file, which must be executable (execve(2)); or a negated error number. */
  readProgram(caller: Caller, path: string): Uint8Array | number;
  /** The same files with a working directory of its own, at first the same (fork(2)). */
  copy(): Sandbox;
  /** Closes what the host has open for the tree. For all copies. */
  close(): void;
}

const SECOND = 1_000_000_000;
const STICKY = 0o1777;
/**
 * Where Python keeps compiled modules if it can, and does well without if it cannot (PEP 3147): every run would tell of it, and
 * nobody has to know.
 */
const PYTHON_CACHE = "__pycache__";

/**
 * Makes the guest's tree of files.
 * @param program path of the program, which the guest may read.
 * @param report told once, by key, of what was denied or cannot be had.
 */
export function createSandbox(
  permissions: FilePermissions,
  program: string,
  report: (key: string, message: string) => void,
  world: FileWorld,
): Sandbox {
  const { clock } = world;
  const limits = {
    ...DEFAULT_FILE_LIMITS,
    ...(permissions.maxFiles !== undefined && { files: permissions.maxFiles }),
    ...(permissions.maxOutput !== undefined && { output: permissions.maxOutput }),
  };
  const budget = createBudget(limits, report);
  const born: FileTime = { seconds: clock.startSeconds, nanoseconds: 0 };
  const hasRoot = permissions.root !== undefined;
  const tree = createTree(born, hasRoot ? undefined : -Errno.EACCES);
  const grants = findGrants(permissions, program);
  const now = (): FileTime => {
    const nanoseconds = clock.nanoseconds();
    return {
      seconds: clock.startSeconds + Math.floor(nanoseconds / SECOND),
      nanoseconds: Math.floor(nanoseconds % SECOND),
    };
  };
  const memory = createMemorySystem(budget, now);
  const host = createHostSystem(memory);
  const closeGrants = mountGrants(tree, grants, host, (path, error) => {
    report(`grant ${path}`, `${path}: the guest cannot have it (${errorCode(error)})`);
  });

  const made = { host: undefined, readable: true };
  const mountInMemory = (path: string): void => {
    const inode = createMemoryDirectory(memory, STICKY);
    tree.mount(path, { kind: "inode", inode }, { ...made, writable: true, kind: "tmpfs" });
  };
  const isWritable = (path: string): boolean =>
    grants.grants.some(({ guest, write }) => write && (guest === path || guest === "/"));
  const inMemory = (permissions.tmpfs ?? []).map((path) => `/${path.split("/").filter(Boolean).join("/")}`);
  if (hasRoot && !isWritable("/tmp") && !inMemory.includes("/tmp")) inMemory.push("/tmp");
  for (const path of inMemory) mountInMemory(path);
  const proc = procDirectory({ ...world, tree: () => tree });
  tree.mount("/proc", { kind: "inode", inode: proc }, { ...made, writable: false, kind: "proc" });
  const devices = deviceDirectory({ ...world, born });
  tree.mount("/dev", { kind: "inode", inode: devices }, { ...made, writable: false, kind: "devtmpfs" });
  mountInMemory("/dev/shm");

  function denied(place: Place, rest: string | undefined, access: Access): void {
    const path = hostPathOf(place) ?? pathOf(place);
    const full = rest === undefined ? path : posix.resolve(path, rest);
    if (access === "write" && full.split("/").includes(PYTHON_CACHE)) return;
    const option = access === "write" ? "--allow-write" : "--allow-read";
    report(
      `${option} ${full}`,
      `${full}: the guest may not ${access} it (EACCES); allow it with ${option}=${full}`,
    );
  }

  function view(cwd: Place): Sandbox {
    const sandbox: Sandbox = {
      cwd,
      program: findProgram(tree, program, permissions),
      tree,
      budget,
      memory,
      find: (caller, path, { start = sandbox.cwd, follow, restrictions }) =>
        walk(tree, start, path, {
          caller,
          follow,
          restrictions,
          denied: (parent, name) => denied(parent, name, "read"),
        }),
      allow(place, mount, access, name) {
        if (access === "read" ? mount.readable : mount.writable) return 0;
        denied(place, name, access);
        return -Errno.EACCES;
      },
      readProgram: (caller, path) => readProgram(sandbox, caller, path),
      copy: () => view(sandbox.cwd),
      close: closeGrants,
    };
    return sandbox;
  }

  return view(findCwd(tree, grants.cwd));
}

/** Nobody's: while the tree is made. */
const NOBODY: Caller = { pid: 0, tid: 0 };

/** The place of the first working directory, which is shown even where the guest has nothing. */
function findCwd(tree: Tree, path: string): Place {
  for (let shown = false; ; shown = true) {
    const found = walk(tree, tree.root, path, { caller: NOBODY, follow: true, denied: () => {} });
    if (typeof found === "object" && found.kind === "place" && found.place?.inode.directory)
      return found.place;
    if (shown) return tree.root;
    tree.show(path);
  }
}

/** The path that the guest's tree has for the first program. */
function findProgram(tree: Tree, program: string, permissions: FilePermissions): string {
  const path = permissions.program ?? program;
  const start = permissions.root === undefined || permissions.program !== undefined ? permissions.cwd : "/";
  const absolute = posix.resolve(start, path);
  const found = walk(tree, tree.root, absolute, { caller: NOBODY, follow: true, denied: () => {} });
  return typeof found === "object" && found.kind === "place" && found.place ? pathOf(found.place) : absolute;
}

function readProgram(sandbox: Sandbox, caller: Caller, path: string): Uint8Array | number {
  const found = sandbox.find(caller, path, { follow: true });
  if (typeof found === "number") return found;
  const inode = found.kind === "file" ? found.file.inode : found.place?.inode;
  if (!inode) return found.kind === "file" ? -Errno.EACCES : -Errno.ENOENT;
  if (inode.type !== FileType.REGULAR) return -Errno.EACCES;
  try {
    if (!permits(inode.status(), FIRST_PROCESS, Permit.EXECUTE)) return -Errno.EACCES;
  } catch (error) {
    return hostErrno(error);
  }
  return readRegular(inode, found.kind === "file" ? found.file.place : found.place);
}

const errorCode = (error: unknown): string => errnoName(-hostErrno(error)) ?? "EIO";
