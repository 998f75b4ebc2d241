import { readSync, writeSync } from "node:fs";
import { hostCode, inputThatWaits } from "./host-input.js";
import { hostSleep } from "./host-sleep.js";

/** What is behind one of the guest's descriptors 0, 1 and 2. */
export interface Stdio {
  /**
   * Reads what there is, waiting for at least one byte; 0 at the end of the input.
   * May throw an error with a host `code`, which the guest gets as its error number.
   */
  read(into: Uint8Array): number;
  /**
   * As `read`, but never waits: undefined while there is nothing. With it, the guest's other threads run while one waits for
   * input, and poll(2) tells whether there is any; without it, a read stops them all, and poll(2) says that there is.
   */
  readonly tryRead?: ((into: Uint8Array) => number | undefined) | undefined;
  /** Writes all bytes. May throw as `read`; code `EPIPE` means that nobody reads any more. */
  write(bytes: Uint8Array): void;
  /**
   * Whether the guest is to see a terminal. Without it the guest sees a pipe, whatever the host has there, so that
   * it behaves the same in every run.
   */
  readonly terminal?: boolean;
}

/** Standard input, output and error. */
export type StdioSet = readonly [Stdio, Stdio, Stdio];

const RETRY_MILLISECONDS = 5;

/** A descriptor of ours that some other program set to non-blocking answers EAGAIN: wait and ask again. */
function retrying(operation: () => number): number {
  for (;;) {
    try {
      return operation();
    } catch (error) {
      const code = hostCode(error);
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      hostSleep(RETRY_MILLISECONDS);
    }
  }
}

function hostStream(fd: number): Stdio {
  return {
    read: (into) => (into.length === 0 ? 0 : retrying(() => readSync(fd, into, 0, into.length, null))),
    write(bytes) {
      let done = 0;
      while (done < bytes.length) {
        const rest = bytes.subarray(done);
        done += retrying(() => writeSync(fd, rest));
      }
    },
  };
}

/** This process's own standard input, output and error, read and written synchronously. */
export function createHostStdio(): StdioSet {
  return [{ ...hostStream(0), tryRead: inputThatWaits() }, hostStream(1), hostStream(2)];
}
