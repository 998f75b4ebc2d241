import { writeSync } from "node:fs";
import { codeOf } from "./failure.js";

const STDERR = 2;
const RETRY_MILLISECONDS = 5;

/**
 * Writes all of it, now: what is said must stand before what the guest writes next, and nothing may be lost at the exit.
 * @throws the error of `write(2)`, but for a descriptor that is only busy.
 */
export function writeFully(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      if (codeOf(error) !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MILLISECONDS);
    }
  }
}

/** Writes to standard error. That nobody reads it any more is no reason to stop. */
export function say(text: string): void {
  try {
    writeFully(STDERR, Buffer.from(text));
  } catch {
    // There is nowhere left to say so.
  }
}
