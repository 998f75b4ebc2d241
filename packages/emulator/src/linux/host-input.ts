import { constants, fstatSync, openSync, readSync } from "node:fs";
import { isatty } from "node:tty";

const STDIN = 0;

/** What a read that would have to wait says, or one at a terminal's end of input on some systems. */
const NOTHING_YET = "EAGAIN";
const END = "EOF";

/** The host's name of an error; undefined for what is no error of its. */
export function hostCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Whether this process's standard input can keep its reader waiting: pipes, sockets and terminals can, files and /dev/null cannot. */
function canWait(): boolean {
  try {
    const status = fstatSync(STDIN);
    return status.isFIFO() || status.isSocket() || isatty(STDIN);
  } catch {
    // It is closed: a read says so.
    return false;
  }
}

let opened: number | undefined;

/**
 * Standard input opened once more, not to wait: that is a property of what was opened, which other processes may share.
 * A socket cannot be opened again; Node lets its own not wait as soon as somebody asks for the stream, and undoes it at the
 * process's end.
 */
function open(): number {
  try {
    return openSync(`/proc/self/fd/${STDIN}`, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    void process.stdin;
    return STDIN;
  }
}

/** Reads what there is of standard input; undefined if that would wait. @throws the host's error */
function tryRead(into: Uint8Array): number | undefined {
  opened ??= open();
  try {
    return readSync(opened, into, 0, into.length, null);
  } catch (error) {
    const code = hostCode(error);
    if (code === NOTHING_YET) return undefined;
    if (code === END) return 0;
    throw error;
  }
}

/** How to read this process's standard input without waiting; undefined where no read of it waits. */
export function inputThatWaits(): typeof tryRead | undefined {
  return canWait() ? tryRead : undefined;
}
