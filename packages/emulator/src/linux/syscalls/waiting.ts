import type { Context } from "../context.js";
import { Errno } from "../errno.js";
import { type OpenFile, OpenFlag } from "../files/open-file.js";
import { Poll, READABLE, WRITABLE } from "../files/readiness.js";

/** What becomes of a call that finds nothing to read: it waits, or fails with O_NONBLOCK. */
export function waitToRead(context: Context, file: OpenFile): number {
  return waitFor(context, file, () => {
    file.look?.();
    return (file.poll() & (READABLE | Poll.ERR | Poll.HUP)) !== 0;
  });
}

/** What becomes of a call that finds no room to write: it waits, or fails with O_NONBLOCK. */
export function waitToWrite(context: Context, file: OpenFile, bytes: Uint8Array): number {
  if (!file.fits) return waitFor(context, file, () => (file.poll() & (WRITABLE | Poll.ERR | Poll.HUP)) !== 0);
  const copy = bytes.slice();
  return waitFor(context, file, () => file.fits?.(copy) === true);
}

function waitFor(context: Context, file: OpenFile, ready: () => boolean): number {
  return file.flags & OpenFlag.NONBLOCK
    ? -Errno.EAGAIN
    : context.block({ ready, host: file.look !== undefined });
}
