import { posix } from "node:path";
import type { LoadedObject } from "../symbols/contract.js";

// Formats: uftrace's doc/uftrace-record.md and utils/{data-file,session,symbol}.c, version 0.13, whose own directories are like these.

/** A function that was called, with its address relative to the object's start. */
export interface CalledFunction {
  readonly offset: number;
  readonly name: string;
  /** Whether it is a stub through which a library's function is called. */
  readonly isStub: boolean;
}

/** A program or a library, with what was called in it. */
export interface CalledFile {
  readonly path: string;
  readonly buildId: string | undefined;
  /** By their offsets. */
  readonly functions: ReadonlyMap<number, CalledFunction>;
}

/** A program that a process has executed, from a time on; forked processes have their parent's. */
export interface Session {
  readonly id: string;
  readonly pid: number;
  /** Nanoseconds. */
  readonly time: number;
  readonly program: string;
  /** What was loaded and called, in the order of the first calls. */
  readonly objects: ReadonlySet<LoadedObject>;
}

/** A thread; or a process, which is its first thread. */
export interface TaskLine {
  readonly tid: number;
  readonly pid: number;
  /** The process that has forked this one; undefined for a thread of a process that there is, and for the first process. */
  readonly forkedBy: number | undefined;
  /** Nanoseconds. */
  readonly time: number;
}

const SECOND = 1_000_000_000;

function timestamp(time: number): string {
  return `${Math.floor(time / SECOND)}.${String(time % SECOND).padStart(9, "0")}`;
}

/** `task.txt`: which processes and threads there were, and what they executed, by time. */
export function taskList(sessions: readonly Session[], tasks: readonly TaskLine[]): string {
  const lines = [
    // A program comes before the tasks that execute it, if it is not a forked one that executes it.
    ...sessions.map(({ id, pid, time, program }, i) => ({
      time,
      rank: i === 0 ? 0 : 2,
      text: `SESS timestamp=${timestamp(time)} pid=${pid} sid=${id} exename="${program}"`,
    })),
    ...tasks.map(({ tid, pid, forkedBy, time }) => ({
      time,
      rank: 1,
      text:
        forkedBy === undefined
          ? `TASK timestamp=${timestamp(time)} tid=${tid} pid=${pid}`
          : `FORK timestamp=${timestamp(time)} pid=${pid} ppid=${forkedBy}`,
    })),
  ];
  lines.sort((a, b) => a.time - b.time || a.rank - b.rank);
  return lines.map(({ text }) => `${text}\n`).join("");
}

/** Where the main thread's stack is; above it uftrace takes addresses for the kernel's. */
const STACK = "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]\n";

/** `sid-<id>.map`: what a session has loaded, as `/proc/pid/maps` has it; an object is one line. */
export function sessionMap({ objects }: Session): string {
  const address = (value: number): string => value.toString(16).padStart(8, "0");
  const lines = [...objects]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, path, buildId }) => {
      const id = buildId === undefined ? "" : ` build-id:${buildId}`;
      const where = "00000000 00:00 0                         ";
      return `${address(start)}-${address(end)} r-xp ${where} ${absolute(path)}${id}\n`;
    });
  return lines.join("") + STACK;
}

/** uftrace looks for a line's file from the first slash on. */
function absolute(path: string): string {
  return posix.resolve("/", path);
}

/** `<file>.sym`: names for what was called. */
export function symbolFile({ path, buildId, functions }: CalledFile): string {
  const sorted = [...functions.values()].sort((a, b) => a.offset - b.offset);
  // A symbol reaches to the next one, so the last one needs another behind it.
  const end = (sorted.at(-1)?.offset ?? 0) + 1;
  return [
    `# symbols: ${sorted.length}\n`,
    `# path name: ${absolute(path)}\n`,
    buildId === undefined ? "" : `# build-id: ${buildId}\n`,
    ...sorted.map(
      ({ offset, name, isStub }) =>
        `${offset.toString(16).padStart(16, "0")} ${isStub ? "P" : "T"} ${name}\n`,
    ),
    `${end.toString(16).padStart(16, "0")} ? __sym_end\n`,
  ].join("");
}

/** Symbol files by name: those of files of one name are told apart as uftrace does it, by their build ids or paths. */
export function symbolFiles(files: Iterable<CalledFile>): ReadonlyMap<string, CalledFile> {
  const named = new Map<string, CalledFile>();
  for (const file of files) {
    const path = absolute(file.path);
    const plain = posix.basename(path);
    named.set(
      named.has(`${plain}.sym`) ? `${plain}-${distinction(path, file.buildId)}.sym` : `${plain}.sym`,
      file,
    );
  }
  return named;
}

function distinction(path: string, buildId: string | undefined): string {
  if (buildId !== undefined) return buildId.slice(0, 4);
  const sum = Buffer.from(path).reduce((all, byte) => all + byte, 0) & 0xffff;
  return sum.toString(16).padStart(4, "0");
}

/** Bits of the header: what the data are like. */
const FEATURES = { TASK_SESSION: 1 << 1, SYM_REL_ADDR: 1 << 5, MAX_STACK: 1 << 6 } as const;
/** Bits of the header: what lines follow it. */
const INFO = {
  EXE_NAME: 1 << 0,
  EXIT_STATUS: 1 << 2,
  CMDLINE: 1 << 3,
  TASKINFO: 1 << 7,
  PATTERN_TYPE: 1 << 12,
  VERSION: 1 << 13,
} as const;
const FILE_VERSION = 4;
const HEADER_BYTES = 40;
const LITTLE_ENDIAN = 1;
const CLASS_64_BIT = 2;

/** `info`: that these are uftrace's data, and of what run. */
export function infoFile(run: {
  readonly program: string;
  readonly command: readonly string[];
  readonly exitCode: number;
  readonly tids: readonly number[];
  readonly maxDepth: number;
}): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("Ftrace!\0", "latin1");
  header.writeUInt32LE(FILE_VERSION, 8);
  header.writeUInt16LE(HEADER_BYTES, 12);
  header.writeUInt8(LITTLE_ENDIAN, 14);
  header.writeUInt8(CLASS_64_BIT, 15);
  header.writeUInt32LE(bits(FEATURES), 16);
  header.writeUInt32LE(bits(INFO), 24);
  header.writeUInt16LE(run.maxDepth, 32);
  const lines = [
    `exename:${run.program}`,
    // As wait(2) tells it.
    `exit_status:${run.exitCode << 8}`,
    `cmdline:${run.command.map((word) => word.replaceAll("\n", " ")).join(" ")}`,
    "taskinfo:lines=2",
    `taskinfo:nr_tid=${run.tids.length}`,
    `taskinfo:tids=${run.tids.join(",")}`,
    "pattern_type:regex",
    "uftrace_version:qpp",
  ];
  return Buffer.concat([header, Buffer.from(lines.map((line) => `${line}\n`).join(""))]);
}

function bits(flags: Readonly<Record<string, number>>): number {
  return Object.values(flags).reduce((all, bit) => all | bit, 0);
}
