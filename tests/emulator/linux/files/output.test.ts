import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AT_FDCWD, createTestGuest, type TestGuest } from "../test-guest.js";

const RDWR_CREAT = 0o102;
let folder: string;
let guest: TestGuest;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qpp-output-")));
  guest = createTestGuest({
    files: { cwd: folder, allowRead: [folder], allowWrite: [folder], maxOutput: 1000, maxFiles: 3 },
  });
});

afterEach(() => {
  guest.kernel.dispose();
  rmSync(folder, { recursive: true });
});

const size = (name: string): number => statSync(join(folder, name)).size;

test("no more is written than --max-output says, to files and streams together", () => {
  const fd = guest.call("openat", AT_FDCWD, "f", RDWR_CREAT, 0o644);
  // A signal that is ignored does not end the guest: SIGXFSZ.
  guest.memory.view.setBigUint64(guest.scratch, 1n, true);
  guest.call("rt_sigaction", 25, guest.scratch, 0, 8);
  expect(guest.call("write", fd, guest.scratch, 600)).toBe(600);
  expect(guest.call("write", 1, guest.scratch, 300)).toBe(300);
  expect(guest.reports).toEqual([]);
  expect(guest.call("write", fd, guest.scratch, 600)).toBe(100);
  expect(guest.errorOf("write", fd, guest.scratch, 1)).toBe("EFBIG");
  expect(guest.errorOf("write", 1, guest.scratch, 1)).toBe("EFBIG");
  expect(guest.errorOf("ftruncate", fd, 701)).toBe("EFBIG");
  expect(guest.call("ftruncate", fd, 10)).toBe(0);
  expect(size("f")).toBe(10);
  expect(guest.reports).toEqual([
    "the guest has no more than 1000 bytes to write (EFBIG, SIGXFSZ); allow more with --max-output",
  ]);
});

test("no file becomes longer, not even with a hole", () => {
  const fd = guest.call("openat", AT_FDCWD, "f", RDWR_CREAT, 0o644);
  expect(guest.errorOf("ftruncate", fd, 1001)).toBe("EFBIG");
  expect(guest.errorOf("truncate", "f", 2n ** 40n)).toBe("EFBIG");
  expect(guest.errorOf("fallocate", fd, 0, 0, 1001)).toBe("EFBIG");
  expect(guest.errorOf("pwrite64", fd, guest.scratch, 1, 2n ** 40n)).toBe("EFBIG");
  expect(guest.errorOf("pwrite64", fd, guest.scratch, 1, 2n ** 62n)).toBe("EFBIG");
  expect(size("f")).toBe(0);
});

test("only so many files are open on the host as --max-files says", () => {
  writeFileSync(join(folder, "here"), "");
  const opened = [1, 2, 3, 4].map(() => guest.errorOf("openat", AT_FDCWD, "here", 1));
  expect(opened).toEqual(["3", "4", "5", "ENFILE"]);
  guest.call("close", 4);
  expect(guest.errorOf("openat", AT_FDCWD, "here", 1)).toBe("4");
});

test("files are copied within the kernel, from where they are or from where it is said", () => {
  const u64 = (at: number): bigint => guest.memory.view.getBigUint64(at, true);
  writeFileSync(join(folder, "from"), "0123456789");
  guest = createTestGuest({ files: { cwd: folder, allowRead: [folder], allowWrite: [folder] } });
  const from = guest.call("openat", AT_FDCWD, "from", 0);
  const to = guest.call("openat", AT_FDCWD, "to", RDWR_CREAT, 0o644);
  expect(guest.call("sendfile", to, from, 0, 4)).toBe(4);
  guest.memory.view.setBigUint64(guest.scratch, 6n, true);
  expect(guest.call("sendfile", to, from, guest.scratch, 100)).toBe(4);
  expect(u64(guest.scratch)).toBe(10n);
  expect(guest.call("lseek", from, 0, 1)).toBe(4);
  expect(guest.call("copy_file_range", from, 0, to, 0, 2, 0)).toBe(2);
  expect(readFileSync(join(folder, "to"), "utf8")).toBe("0123678945");
  expect(guest.errorOf("copy_file_range", from, 0, to, 0, 2, 1)).toBe("EINVAL");
  expect(guest.errorOf("copy_file_range", to, 0, to, guest.scratch, 2, 0)).toBe("EINVAL");
  expect(guest.errorOf("copy_file_range", 1, 0, to, 0, 2, 0)).toBe("EBADF");
  expect(guest.errorOf("sendfile", from, to, 0, 2)).toBe("EBADF");
  expect(guest.call("pipe2", guest.scratch, 0)).toBe(0);
  const [reader, writer] = [0, 4].map((at) => guest.memory.view.getInt32(guest.scratch + at, true));
  guest.memory.view.setBigUint64(guest.scratch + 16, 0n, true);
  expect(guest.call("splice", from, guest.scratch + 16, writer ?? -1, 0, 5, 0)).toBe(5);
  guest.memory.view.setBigUint64(guest.scratch + 16, 1n, true);
  expect(guest.call("splice", reader ?? -1, 0, to, guest.scratch + 16, 100, 0)).toBe(5);
  expect(readFileSync(join(folder, "to"), "utf8")).toBe("0012348945");
  expect(guest.errorOf("splice", reader ?? -1, 0, to, 0, 5, 2)).toBe("EAGAIN");
  expect(guest.errorOf("splice", from, 0, to, 0, 5, 0)).toBe("EINVAL");
});
