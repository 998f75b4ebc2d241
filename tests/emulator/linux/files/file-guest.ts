import { AT_FDCWD, type TestGuest } from "../test-guest.js";

const AT_END = 0;
const ENTRY_NAME = 19;

/** The names in a directory, as getdents64 lists them, without `.` and `..`; or the name of an error. */
export function namesIn(guest: TestGuest, path: string): readonly string[] | string {
  const fd = guest.call("openat", AT_FDCWD, path, 0o200000);
  if (fd < 0) return guest.errorOf("openat", AT_FDCWD, path, 0o200000);
  const names: string[] = [];
  for (;;) {
    const used = guest.call("getdents64", fd, guest.scratch, 4096);
    if (used === AT_END) break;
    for (
      let at = guest.scratch;
      at < guest.scratch + used;
      at += guest.memory.view.getUint16(at + 16, true)
    ) {
      const name = guest.memory.readCString(at + ENTRY_NAME, 256);
      if (name instanceof Uint8Array) names.push(Buffer.from(name).toString());
    }
  }
  guest.call("close", fd);
  return names.filter((name) => name !== "." && name !== "..");
}

/** What a file holds, or the name of an error. */
export function textOf(guest: TestGuest, path: string): string {
  const fd = guest.call("openat", AT_FDCWD, path, 0);
  if (fd < 0) return guest.errorOf("openat", AT_FDCWD, path, 0);
  let text = "";
  for (;;) {
    const count = guest.call("read", fd, guest.scratch, 4096);
    if (count <= 0) break;
    text += guest.text(guest.scratch, count);
  }
  guest.call("close", fd);
  return text;
}

/** Writes text to a file, made if it is not there: 0, or the name of an error. */
export function writeText(guest: TestGuest, path: string, text: string): string {
  const opened = guest.errorOf("openat", AT_FDCWD, path, 0o1101, 0o644);
  if (!/^\d+$/.test(opened)) return opened;
  const written = guest.errorOf("write", Number(opened), text, Buffer.byteLength(text));
  guest.call("close", Number(opened));
  return written === String(Buffer.byteLength(text)) ? "0" : written;
}

/** Where a link leads, or the name of an error. */
export function linkOf(guest: TestGuest, path: string): string {
  const length = guest.call("readlinkat", AT_FDCWD, path, guest.scratch, 4096);
  return length < 0
    ? guest.errorOf("readlinkat", AT_FDCWD, path, guest.scratch, 4096)
    : guest.text(guest.scratch, length);
}

/** The working directory. */
export function cwdOf(guest: TestGuest): string {
  return guest.text(guest.scratch, guest.call("getcwd", guest.scratch, 4096) - 1);
}
