import type { Context, Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";
import { type Executable, executableAt, isBeingWritten } from "../executable.js";
import { createInitialStack } from "../initial-stack.js";
import { LONGEST_NAME } from "../kernel.js";
import { loadProgram } from "../load.js";
import { createMm } from "../mm.js";
import { execErrno, type ProgramFile, resolveProgram } from "../program-file.js";
import { intArgument, type Registers, wordArgument } from "../registers.js";
import { Signal } from "../signals/numbers.js";
import { forgetProgram } from "../signals/state.js";
import { load64 } from "../structures.js";
import { releaseThread } from "../thread-end.js";
import { forgetTimers } from "../timers/process-timers.js";
import { loadPath } from "../user-memory.js";

/** Longest argument with its NUL, and all of them (execve(2), "Limits on size of arguments and environment"). */
const MOST_STRING = 0x2_0000;
const MOST_BYTES = 0x20_0000;
const SP = 2;
const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const AT_SYMLINK_NOFOLLOW = 0x100;

/** Reads an array of strings that ends with a null pointer; a null pointer instead of it is an empty one. */
function loadStrings({ memory }: Context, address: number): Uint8Array[] | number {
  const strings: Uint8Array[] = [];
  if (address === 0) return strings;
  let bytes = 0;
  for (let at = address; ; at += 8) {
    if (!memory.read(at, 8)) return -Errno.EFAULT;
    const pointer = load64(memory, at);
    if (pointer === 0) return strings;
    const string = memory.readCString(pointer, MOST_STRING);
    if (string === undefined) return -Errno.EFAULT;
    if (string === "too-long") return -Errno.E2BIG;
    bytes += string.length + 9;
    if (bytes > MOST_BYTES) return -Errno.E2BIG;
    strings.push(string.slice());
  }
}

function execute(context: Context, path: string, args: number, env: number): number {
  const argv = loadStrings(context, args);
  if (typeof argv === "number") return argv;
  const envp = loadStrings(context, env);
  if (typeof envp === "number") return envp;
  const read = (wanted: string): Uint8Array | number =>
    context.sandbox.readProgram({ pid: context.process.pid, tid: context.tid }, wanted);
  const image = read(path);
  if (typeof image === "number") return image;
  if (isBeingWritten(context, executableAt(context, path).identity)) return -Errno.ETXTBSY;
  let file: ProgramFile;
  try {
    // Linux gives a program without arguments an empty argv[0].
    file = resolveProgram({ path, image, args: argv.length > 0 ? argv : [new Uint8Array()] }, read);
  } catch (error) {
    return execErrno(error);
  }
  const executable = executableAt(context, file.program.path);
  if (isBeingWritten(context, executable.identity)) return -Errno.ETXTBSY;
  return become(context, file, envp, executable);
}

/** The point of no return: whatever fails from here on ends the process. */
function become(
  context: Context,
  file: ProgramFile,
  env: readonly Uint8Array[],
  executable: Executable,
): number {
  const { kernel, process, vcpu } = context;
  for (const other of [...process.threads]) if (other !== context) kernel.dismiss(other);
  releaseThread(context, kernel.futexes);
  context.tid = process.pid;
  const alone = context.mm.users === 1;
  context.mm.users--;
  kernel.execution.renew(vcpu, alone);
  forgetProgram(context.signals);
  forgetTimers(process.timers, process.signals);
  context.descriptors = context.descriptors.forExec();
  process.executed = true;
  process.dumpable = 1;
  context.name = (file.path.split("/").at(-1) ?? "").slice(0, LONGEST_NAME);
  try {
    const program = { ...loadProgram(vcpu.memory, file), executable };
    const { identity, random } = context;
    const stackPointer = createInitialStack(vcpu.memory, { env, program, identity, random });
    context.mm = createMm(program, stackPointer);
    vcpu.registers.u32[2 * SP] = stackPointer;
    vcpu.pc = program.entry;
  } catch (error) {
    execErrno(error);
    context.mm = { ...context.mm, users: 1 };
    kernel.endProcess(process, { kind: "signal", signal: Signal.SIGKILL });
  }
  return context.jump();
}

const execve: Handler = (context, registers) => {
  const path = loadPath(context, wordArgument(registers, 0));
  if (typeof path === "number") return path;
  return execute(context, path, wordArgument(registers, 1), wordArgument(registers, 2));
};

const execveat: Handler = (context, registers) => {
  const path = pathAt(context, registers);
  return typeof path === "number"
    ? path
    : execute(context, path, wordArgument(registers, 2), wordArgument(registers, 3));
};

/** The path that a descriptor and a path from there mean: as Linux names it, through `/proc/self/fd`. */
function pathAt(context: Context, registers: Registers): string | number {
  const fd = intArgument(registers, 0);
  const flags = intArgument(registers, 4);
  const path = loadPath(context, wordArgument(registers, 1));
  if (typeof path === "number") return path;
  if ((flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) !== 0) return -Errno.EINVAL;
  if (path.startsWith("/") || (fd === AT_FDCWD && path !== "")) return path;
  if (path === "" && (flags & AT_EMPTY_PATH) === 0) return -Errno.ENOENT;
  if (fd === AT_FDCWD) return -Errno.EACCES;
  if (!context.descriptors.get(fd)) return -Errno.EBADF;
  return `/proc/self/fd/${fd}${path && `/${path}`}`;
}

/** Executing another program: execve(2), execveat(2). */
export const executeCalls: HandlerTable = { execve, execveat };
