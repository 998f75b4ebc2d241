import type { Context } from "../context.js";
import { Errno } from "../errno.js";
import { type OpenFile, OpenFlag } from "../files/open-file.js";
import { Poll, READABLE, WRITABLE } from "../files/readiness.js";
import { isSocket } from "../files/sockets/socket.js";
import { waitOn } from "./socket-waiting.js";

/** What becomes of a call that finds nothing to read: it waits, or fails with O_NONBLOCK. */
export function waitToRead(context: Context, file: OpenFile): number {
  return waitFor(context, file, "receive", () => {
    file.look?.();
    return (file.poll() & (READABLE | Poll.ERR | Poll.HUP)) !== 0;
  });
}

/** What becomes of a call that finds no room to write: it waits, or fails with O_NONBLOCK. */
export function waitToWrite(context: Context, file: OpenFile, bytes: Uint8Array): number {
  if (!file.fits)
    return waitFor(context, file, "send", () => (file.poll() & (WRITABLE | Poll.ERR | Poll.HUP)) !== 0);
  const copy = bytes.slice();
  return waitFor(context, file, "send", () => file.fits?.(copy) === true);
}

function waitFor(context: Context, file: OpenFile, what: "receive" | "send", ready: () => boolean): number {
  if (file.flags & OpenFlag.NONBLOCK) return -Errno.EAGAIN;
  return isSocket(file)
    ? waitOn(context, file, what, ready)
    : context.block({ ready, host: file.look !== undefined });
}
