import type { Context } from "../context.js";
import { Errno } from "../errno.js";
import { Signal } from "../signals/numbers.js";

/**
 * What becomes of a call that waits for something that only another thread or process could bring about: there is
 * none, so a guest that waited on would hang for ever. Linux would let it; here it ends, as if by `kill -9`.
 */
export function waitForever(context: Context, name: string): number {
  context.reportOnce(
    "deadlock",
    `${name}: the guest waits for something that can never happen (it has one thread and no timer); it is killed`,
  );
  context.end({ kind: "signal", signal: Signal.SIGKILL });
  return -Errno.EINTR;
}
