import { afterEach, beforeEach, expect, test } from "vitest";
import { AT_FDCWD, createTestGuest, type TestGuest } from "../test-guest.js";
import { linkOf, namesIn, textOf, writeText } from "./file-guest.js";

const RDWR_CREAT = 0o102;
const MIB = 1 << 20;
let guest: TestGuest;

beforeEach(() => {
  guest = createTestGuest({
    files: { cwd: "/", allowRead: [], allowWrite: [], tmpfs: ["/tmp"], maxFiles: 50 },
  });
});

afterEach(() => guest.kernel.dispose());

const u32 = (at: number): number => guest.memory.view.getUint32(at, true);

test("directories, links and names behave as on a disk", () => {
  expect(guest.call("mkdirat", AT_FDCWD, "/tmp/a", 0o755)).toBe(0);
  expect(guest.call("mkdirat", AT_FDCWD, "/tmp/a/b", 0o755)).toBe(0);
  expect(guest.errorOf("mkdirat", AT_FDCWD, "/tmp/a", 0o755)).toBe("EEXIST");
  expect(guest.errorOf("mkdirat", AT_FDCWD, "/tmp/none/b", 0o755)).toBe("ENOENT");
  expect(writeText(guest, "/tmp/a/f", "text")).toBe("0");
  expect(guest.errorOf("symlinkat", "../a/f", AT_FDCWD, "/tmp/a/link")).toBe("0");
  expect(textOf(guest, "/tmp/a/link")).toBe("text");
  expect(linkOf(guest, "/tmp/a/link")).toBe("../a/f");
  expect(guest.errorOf("linkat", AT_FDCWD, "/tmp/a/f", AT_FDCWD, "/tmp/a/b/again", 0)).toBe("0");
  expect(guest.call("newfstatat", AT_FDCWD, "/tmp/a/f", guest.scratch, 0)).toBe(0);
  expect(u32(guest.scratch + 20)).toBe(2);
  expect(guest.errorOf("unlinkat", AT_FDCWD, "/tmp/a/b", 0x200)).toBe("ENOTEMPTY");
  expect(guest.errorOf("unlinkat", AT_FDCWD, "/tmp/a/b", 0)).toBe("EISDIR");
  expect(guest.errorOf("unlinkat", AT_FDCWD, "/tmp/a/f/", 0)).toBe("ENOTDIR");
  expect(guest.errorOf("unlinkat", AT_FDCWD, "/tmp/a/.", 0x200)).toBe("EINVAL");
  expect(guest.errorOf("unlinkat", AT_FDCWD, "/tmp/a/..", 0x200)).toBe("ENOTEMPTY");
  expect(guest.errorOf("unlinkat", AT_FDCWD, "/tmp", 0x200)).toBe("EACCES");
  expect(namesIn(guest, "/tmp/a")).toEqual(["b", "f", "link"]);
});

test("renaming moves, replaces and exchanges, and refuses what would tie a knot", () => {
  const rename = (from: string, to: string, flags = 0): string =>
    guest.errorOf("renameat2", AT_FDCWD, from, AT_FDCWD, to, flags);
  guest.call("mkdirat", AT_FDCWD, "/tmp/d", 0o755);
  guest.call("mkdirat", AT_FDCWD, "/tmp/d/e", 0o755);
  writeText(guest, "/tmp/f", "f");
  writeText(guest, "/tmp/g", "g");
  expect(rename("/tmp/d", "/tmp/d/e/x")).toBe("EINVAL");
  expect(rename("/tmp/d/e", "/tmp/d")).toBe("ENOTEMPTY");
  expect(rename("/tmp/d", "/tmp/f")).toBe("ENOTDIR");
  expect(rename("/tmp/f", "/tmp/d")).toBe("EISDIR");
  expect(rename("/tmp/f", "/tmp/g", 1)).toBe("EEXIST");
  expect(rename("/tmp/f", "/tmp/none", 2)).toBe("ENOENT");
  expect(rename("/tmp/f", "/tmp/g", 2)).toBe("0");
  expect([textOf(guest, "/tmp/f"), textOf(guest, "/tmp/g")]).toEqual(["g", "f"]);
  expect(rename("/tmp/f", "/tmp/g")).toBe("0");
  expect(textOf(guest, "/tmp/g")).toBe("g");
  expect(rename("/tmp/g", "/dev/shm/g")).toBe("EXDEV");
  expect(rename("/tmp/.", "/tmp/x")).toBe("EBUSY");
  expect(rename("/tmp/d/e", "/tmp/moved")).toBe("0");
  expect(namesIn(guest, "/tmp")).toEqual(["d", "g", "moved"]);
});

test("a file without a name lives as long as it is open, and gives its memory back", () => {
  const fd = guest.call("openat", AT_FDCWD, "/tmp/f", RDWR_CREAT, 0o644);
  const before = guest.task.sandbox.budget.memoryLeft;
  expect(guest.call("pwrite64", fd, "tail", 4, 3 * MIB)).toBe(4);
  expect(guest.call("unlinkat", AT_FDCWD, "/tmp/f", 0)).toBe(0);
  expect(guest.call("pread64", fd, guest.scratch, 8, 3 * MIB - 4)).toBe(8);
  expect(guest.text(guest.scratch, 8)).toBe("\0\0\0\0tail");
  expect(before - guest.task.sandbox.budget.memoryLeft).toBeLessThan(MIB);
  expect(linkOf(guest, `/proc/self/fd/${fd}`)).toBe("/tmp/f (deleted)");
  guest.call("close", fd);
  expect(guest.task.sandbox.budget.memoryLeft).toBe(before);
  const nameless = guest.call("memfd_create", "mine", 1);
  expect(guest.call("write", nameless, "abc", 3)).toBe(3);
  expect(linkOf(guest, `/proc/self/fd/${nameless}`)).toBe("/memfd:mine (deleted)");
  expect(textOf(guest, `/proc/self/fd/${nameless}`)).toBe("abc");
});

test("a sparse giant costs what is in it, and no more than there is", () => {
  const fd = guest.call("openat", AT_FDCWD, "/tmp/giant", RDWR_CREAT, 0o644);
  expect(guest.call("ftruncate", fd, 2n ** 50n)).toBe(0);
  expect(guest.errorOf("ftruncate", fd, 2n ** 62n)).toBe("EFBIG");
  expect(guest.call("pwrite64", fd, "x", 1, 2n ** 49n)).toBe(1);
  guest.memory.map(0x7000_0000, 16 * MIB, 3);
  let written = 0;
  for (;;) {
    const count = guest.call("write", fd, 0x7000_0000, 16 * MIB);
    if (count < 0) break;
    written += count;
  }
  expect(guest.errorOf("write", fd, 0x7000_0000, MIB)).toBe("ENOSPC");
  expect(written).toBeGreaterThan(500 * MIB);
  expect(written).toBeLessThan(513 * MIB);
  expect(guest.call("unlinkat", AT_FDCWD, "/tmp/giant", 0)).toBe(0);
  guest.call("close", fd);
  expect(writeText(guest, "/tmp/small", "fits")).toBe("0");
});

test("only so many files can be made as --max-files says", () => {
  let made = 0;
  while (guest.call("mkdirat", AT_FDCWD, `/tmp/${made}`, 0o755) === 0) made += 1;
  expect(made).toBe(50);
  expect(guest.errorOf("symlinkat", "x", AT_FDCWD, "/dev/shm/l")).toBe("ENOSPC");
  expect(guest.reports).toEqual([
    "the guest has made 50 files, and may make no more (ENOSPC); allow more with --max-files",
  ]);
  expect(guest.call("unlinkat", AT_FDCWD, "/tmp/7", 0x200)).toBe(0);
  expect(writeText(guest, "/dev/shm/f", "x")).toBe("0");
});

test("names are bytes", () => {
  const at = guest.scratch + 0x4000;
  guest.memory.poke(at, Uint8Array.of(...Buffer.from("/tmp/"), 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0));
  expect(guest.call("openat", AT_FDCWD, at, RDWR_CREAT, 0o644)).toBe(3);
  const directory = guest.call("openat", AT_FDCWD, "/tmp", 0o200000);
  const used = guest.call("getdents64", directory, guest.scratch, 4096);
  const last = guest.memory.peek(guest.scratch + used - 32, 32) ?? new Uint8Array();
  expect([...last.subarray(19, 26)]).toEqual([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0]);
  expect(guest.call("unlinkat", AT_FDCWD, at, 0)).toBe(0);
  expect(namesIn(guest, "/tmp")).toEqual([]);
});

test("locks of a process and of an open file keep others out, and go with their owner", () => {
  const at = guest.scratch;
  const { view } = guest.memory;
  const flock = (type: number, start: number, length: number): void => {
    guest.memory.u8.fill(0, at, at + 32);
    view.setInt16(at, type, true);
    view.setBigInt64(at + 8, BigInt(start), true);
    view.setBigInt64(at + 16, BigInt(length), true);
  };
  const first = guest.call("openat", AT_FDCWD, "/tmp/f", RDWR_CREAT, 0o644);
  const second = guest.call("openat", AT_FDCWD, "/tmp/f", RDWR_CREAT, 0o644);
  flock(1, 10, 10);
  expect(guest.call("fcntl", first, 37, at)).toBe(0);
  flock(0, 15, 0);
  expect(guest.errorOf("fcntl", second, 37, at)).toBe("EAGAIN");
  expect(guest.errorOf("fcntl", second, 6, at)).toBe("EAGAIN");
  expect(guest.call("fcntl", second, 36, at)).toBe(0);
  expect([view.getInt16(at, true), view.getBigInt64(at + 8, true), view.getBigInt64(at + 16, true)]).toEqual([
    1,
    10n,
    10n,
  ]);
  expect(view.getInt32(at + 24, true)).toBe(-1);
  flock(0, 20, 5);
  expect(guest.call("fcntl", second, 37, at)).toBe(0);
  flock(2, 12, 3);
  expect(guest.call("fcntl", first, 37, at)).toBe(0);
  flock(1, 12, 3);
  expect(guest.call("fcntl", second, 37, at)).toBe(0);
  flock(1, 14, 2);
  expect(guest.errorOf("fcntl", second, 37, at)).toBe("EAGAIN");
  guest.call("close", first);
  expect(guest.call("fcntl", second, 37, at)).toBe(0);
  flock(5, 0, 0);
  expect(guest.errorOf("fcntl", second, 6, at)).toBe("EINVAL");

  const third = guest.call("openat", AT_FDCWD, "/tmp/f", 0);
  expect(guest.call("flock", second, 2)).toBe(0);
  expect(guest.errorOf("flock", third, 5)).toBe("EAGAIN");
  expect(guest.errorOf("flock", third, 3)).toBe("EINVAL");
  expect(guest.call("flock", second, 1)).toBe(0);
  expect(guest.call("flock", third, 5)).toBe(0);
  guest.call("close", third);
  expect(guest.call("flock", second, 6)).toBe(0);
});
