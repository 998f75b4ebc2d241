import type { Extensions } from "../isa/riscv/extensions.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import type { Clock } from "./clock.js";
import type { Context, ExitStatus, Handler } from "./context.js";
import { HANDLERS } from "./dispatch.js";
import { Errno } from "./errno.js";
import { createDescriptors } from "./files/descriptors.js";
import { createSandbox, type FilePermissions } from "./files/sandbox.js";
import { createStream } from "./files/stream.js";
import { FIRST_PROCESS } from "./identity.js";
import { createInitialStack } from "./initial-stack.js";
import { createLimits } from "./limits.js";
import { loadProgram, type Program } from "./load.js";
import { type ReadFile, resolveProgram } from "./program-file.js";
import type { Random } from "./random.js";
import { type Registers, syscallNumber } from "./registers.js";
import { createSignalState } from "./signal-state.js";
import type { StdioSet } from "./stdio.js";
import { waitForever } from "./syscalls/wait.js";
import { syscallName } from "./table.js";
import type { Wait } from "./wait.js";

/** What a process is made of. */
export interface ProcessOptions {
  /** Empty guest memory; the process maps its program and stack into it. */
  readonly memory: GuestMemory;
  /** Path of the program, for messages, AT_EXECFN and `/proc/self/exe`. */
  readonly path: string;
  /** The bytes of the program file. */
  readonly image: Uint8Array;
  /** argv, `args[0]` being the program's name for itself. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Reads what the program needs besides its own file: its dynamic linker, a script's interpreter. Nothing unless told. */
  readonly readFile?: ReadFile | undefined;
  readonly files: FilePermissions;
  readonly stdio: StdioSet;
  readonly clock: Clock;
  readonly random: Random;
  /** What the processor has beyond RV64GC. */
  readonly extensions: Extensions;
  /** Told what the user should know about, once each: a denied file, an unknown system call. */
  readonly report: (message: string) => void;
}

/**
 * What the machine does after a system call: put `value` into a0 and go on (`return`; negative values are negated
 * error numbers), or end the guest with exit code `value`, or with signal `value`.
 */
export interface SyscallOutcome {
  readonly kind: "return" | "exit" | "signal";
  readonly value: number;
}

/** A Linux process: what the machine runs, and its kernel. */
export interface Process {
  readonly pid: number;
  readonly ppid: number;
  /** Name of the process: the last part of the program's path until it is changed (prctl(2), PR_SET_NAME). */
  readonly name: string;
  readonly program: Program;
  /** Where execution starts. */
  readonly entry: number;
  /** The first value of sp. */
  readonly stackPointer: number;
  /** How the process ended; undefined while it runs. */
  readonly exitStatus: ExitStatus | undefined;
  /**
   * Carries out the system call that the registers ask for. Writes guest memory, but no register.
   * @returns an object that the next call or signal overwrites.
   */
  syscall(registers: Registers): SyscallOutcome;
  /**
   * Raises a signal.
   * @param forced for a fault of the program itself, which cannot be blocked or ignored.
   * @returns as {@link syscall}; `return` means that the process goes on with nothing changed.
   */
  signal(signal: number, forced?: boolean): SyscallOutcome;
  /** Closes the host's files that the process has open; done by itself when the process ends. */
  dispose(): void;
}

/**
 * Starts a process: maps the program and its stack, and makes the kernel's side of it.
 *
 * @throws ElfError if the image is no program for this machine.
 * @throws StartError if arguments or environment cannot be given to it.
 */
export function createProcess(options: ProcessOptions): Process {
  const { memory, clock, random, stdio } = options;
  const identity = FIRST_PROCESS;
  const file = resolveProgram(options, options.readFile ?? (() => -Errno.ENOENT));
  const program = loadProgram(memory, file);
  const stackPointer = createInitialStack(memory, {
    env: options.env,
    program,
    identity,
    random,
  });
  const outcome: { kind: SyscallOutcome["kind"]; value: number } = { kind: "return", value: 0 };
  let exitStatus: ExitStatus | undefined;

  const reported = new Set<string>();
  const reportOnce = (key: string, message: string): void => {
    if (reported.has(key)) return;
    reported.add(key);
    options.report(message);
  };
  const born = { seconds: clock.startSeconds, nanoseconds: 0 };
  const descriptors = createDescriptors(
    stdio.map((stream, number) => createStream(stream, number, identity, born)),
  );
  const sandbox = createSandbox(options.files, options.path, reportOnce);

  function dispose(): void {
    for (const fd of descriptors.numbers()) descriptors.close(fd);
  }
  function end(status: ExitStatus): void {
    if (exitStatus) return;
    exitStatus = status;
    dispose();
  }
  let waiting: Wait | undefined;
  let deadline: number | undefined;
  const context: Context = {
    block(wait) {
      waiting = wait;
      return 0;
    },
    deadline(timeout) {
      deadline ??= clock.nanoseconds() + timeout;
      return deadline;
    },
    progress: 0,
    memory,
    clock,
    random,
    extensions: options.extensions,
    identity,
    descriptors,
    sandbox,
    signals: createSignalState({ kill: (signal) => end({ kind: "signal", signal }), reportOnce }),
    heap: { start: program.breakStart, end: program.breakStart },
    limits: createLimits(),
    name: (options.path.split("/").at(-1) ?? "").slice(0, 15),
    umask: 0o022,
    reportOnce,
    end,
  };

  function settle(value: number): SyscallOutcome {
    outcome.kind = exitStatus?.kind ?? "return";
    outcome.value = exitStatus ? (exitStatus.kind === "exit" ? exitStatus.code : exitStatus.signal) : value;
    return outcome;
  }

  /** Tries a call until it does not wait any more. */
  function carryOut(handler: Handler, registers: Registers): number {
    deadline = undefined;
    context.progress = 0;
    for (;;) {
      waiting = undefined;
      const result = handler(context, registers);
      if (waiting === undefined || exitStatus) return result;
      waitFor(waiting);
    }
  }

  function waitFor(wait: Wait): void {
    if (wait.ready()) return;
    if (wait.deadline !== undefined) clock.advance(Math.max(0, wait.deadline - clock.nanoseconds()));
    else if (wait.host) wait.host();
    else waitForever(context, "a system call");
  }

  return {
    pid: identity.pid,
    ppid: identity.ppid,
    get name() {
      return context.name;
    },
    program,
    entry: program.entry,
    stackPointer,
    get exitStatus() {
      return exitStatus;
    },
    syscall(registers) {
      const number = syscallNumber(registers);
      const handler = HANDLERS[number];
      if (handler) return settle(carryOut(handler, registers));
      reportOnce(
        `syscall ${number}`,
        `system call ${syscallName(number)} (${number}) is not supported; the guest gets ENOSYS`,
      );
      return settle(-Errno.ENOSYS);
    },
    signal(signal, forced = false) {
      context.signals.raise(signal, forced);
      return settle(0);
    },
    dispose,
  };
}
