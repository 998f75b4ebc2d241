import { readSync, writeSync } from "node:fs";

/** What is behind one of the guest's descriptors 0, 1 and 2. */
export interface Stdio {
  /**
   * Reads what there is, waiting for at least one byte; 0 at the end of the input.
   * May throw an error with a host `code`, which the guest gets as its error number.
   */
  read(into: Uint8Array): number;
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
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** A descriptor of ours that some other program set to non-blocking answers EAGAIN: wait and ask again. */
function retrying(operation: () => number): number {
  for (;;) {
    try {
      return operation();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(sleeper, 0, 0, RETRY_MILLISECONDS);
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
  return [hostStream(0), hostStream(1), hostStream(2)];
}
