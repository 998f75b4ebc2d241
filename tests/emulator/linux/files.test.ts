import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OpenFlag } from "../../../packages/emulator/src/linux/files/open-file.js";
import { namesIn } from "./files/file-guest.js";
import { AT_FDCWD, createTestGuest, type TestGuest } from "./test-guest.js";

const { RDONLY, WRONLY, RDWR, CREAT, EXCL, TRUNC, APPEND, DIRECTORY, NOFOLLOW, CLOEXEC } = OpenFlag;
let root: string;
let guest: TestGuest;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "qpp-files-")));
  mkdirSync(join(root, "in/sub"), { recursive: true });
  mkdirSync(join(root, "out"));
  mkdirSync(join(root, "secret"));
  writeFileSync(join(root, "in/a.txt"), "hello, world");
  writeFileSync(join(root, "in/sub/b"), "b");
  writeFileSync(join(root, "secret/key"), "42");
  symlinkSync("../secret/key", join(root, "in/leak"));
  symlinkSync("../secret", join(root, "in/leakdir"));
  symlinkSync("a.txt", join(root, "in/alias"));
  symlinkSync("loop", join(root, "in/loop"));
  symlinkSync("nowhere", join(root, "out/dangling"));
  guest = createTestGuest({
    files: { cwd: root, allowRead: [join(root, "in"), join(root, "out")], allowWrite: [join(root, "out")] },
  });
});

afterEach(() => {
  guest.kernel.dispose();
  rmSync(root, { recursive: true });
});

const open = (path: string, flags: number, mode = 0o644): string =>
  guest.errorOf("openat", AT_FDCWD, path, flags, mode);
const contents = (path: string): string => readFileSync(join(root, path), "utf8");

describe("reading", () => {
  test("goes through read, pread64, readv and lseek with one position", () => {
    const fd = Number(open("in/a.txt", RDONLY));
    expect(fd).toBe(3);
    const at = guest.scratch;
    expect(guest.call("read", fd, at, 5)).toBe(5);
    expect(guest.text(at, 5)).toBe("hello");
    expect(guest.call("pread64", fd, at, 100, 7)).toBe(5);
    expect(guest.text(at, 5)).toBe("world");
    guest.memory.view.setBigUint64(at, BigInt(at + 64), true);
    guest.memory.view.setBigUint64(at + 8, 1n, true);
    guest.memory.view.setBigUint64(at + 16, BigInt(at + 128), true);
    guest.memory.view.setBigUint64(at + 24, 100n, true);
    expect(guest.call("readv", fd, at, 2)).toBe(7);
    expect(guest.text(at + 64, 1) + guest.text(at + 128, 6)).toBe(", world");
    expect(guest.call("read", fd, at, 5)).toBe(0);
    expect([
      guest.call("lseek", fd, -3, 2),
      guest.call("lseek", fd, 1, 1),
      guest.call("lseek", fd, 2, 0),
    ]).toEqual([9, 10, 2]);
    expect(guest.errorOf("lseek", fd, -1, 0)).toBe("EINVAL");
    expect(guest.errorOf("lseek", fd, 0, 9)).toBe("EINVAL");
    expect([
      guest.call("lseek", fd, 3, 3),
      guest.call("lseek", fd, 3, 4),
      guest.errorOf("lseek", fd, 12, 3),
    ]).toEqual([3, 12, "ENXIO"]);
  });

  test("fails as Linux says", () => {
    const fd = Number(open("in/a.txt", RDONLY));
    expect(guest.errorOf("read", 77, guest.scratch, 1)).toBe("EBADF");
    expect(guest.errorOf("read", fd, 0, 1)).toBe("EFAULT");
    expect(guest.errorOf("write", fd, guest.scratch, 1)).toBe("EBADF");
    expect(guest.errorOf("pread64", fd, guest.scratch, 1, -1)).toBe("EINVAL");
    expect(guest.errorOf("readv", fd, guest.scratch, 1025)).toBe("EINVAL");
    expect(guest.errorOf("readv", fd, 8, 1)).toBe("EFAULT");
    expect(guest.errorOf("openat", AT_FDCWD, 8, RDONLY)).toBe("EFAULT");
    expect(open("in/none", RDONLY)).toBe("ENOENT");
    expect(open("in/none/x", RDONLY)).toBe("ENOENT");
    expect(open("in/a.txt/x", RDONLY)).toBe("ENOTDIR");
    expect(open("in/a.txt/", RDONLY)).toBe("ENOTDIR");
    expect(open("in/a.txt", DIRECTORY)).toBe("ENOTDIR");
    expect(open("in/loop", RDONLY)).toBe("ELOOP");
    expect(open("in/alias", NOFOLLOW)).toBe("ELOOP");
    expect(open("", RDONLY)).toBe("ENOENT");
    expect(open(`in/${"x".repeat(300)}`, RDONLY)).toBe("ENAMETOOLONG");
    expect(open(`in/${"x/".repeat(2100)}`, RDONLY)).toBe("ENAMETOOLONG");
    expect(guest.reports).toEqual([]);
  });

  test("stops short of a page that may not be written", () => {
    const fd = Number(open("in/a.txt", RDONLY));
    const edge = guest.scratch + 0x1_0000;
    expect(guest.call("read", fd, edge - 4, 12)).toBe(4);
    expect(guest.text(edge - 4, 4)).toBe("hell");
    expect(guest.errorOf("read", fd, edge, 12)).toBe("EFAULT");
  });

  test("follows links inside of what is allowed", () => {
    expect(guest.call("read", Number(open("in/alias", RDONLY)), guest.scratch, 5)).toBe(5);
    expect(guest.call("read", Number(open("in/sub/../../in/./a.txt", RDONLY)), guest.scratch, 5)).toBe(5);
  });
});

describe("what is not allowed", () => {
  test("is EACCES whether it exists or not, and is reported once a path", () => {
    for (const path of [
      "secret/key",
      "secret/none",
      "in/leak",
      "in/leakdir/key",
      "in/../secret/key",
      "/etc/passwd",
      "none",
    ]) {
      expect([path, open(path, RDONLY)]).toEqual([path, "EACCES"]);
      expect([path, open(path, RDONLY)]).toEqual([path, "EACCES"]);
    }
    expect(guest.reports).toHaveLength(4);
    expect(guest.reports[0]).toBe(
      `${root}/secret/key: the guest may not read it (EACCES); allow it with --allow-read=${root}/secret/key`,
    );
  });

  test("cannot be probed through directories on the way", () => {
    expect(open("secret/../in/a.txt", RDONLY)).toBe("EACCES");
    expect(open("/etc/../etc/hostname", RDONLY)).toBe("EACCES");
    expect(guest.errorOf("newfstatat", AT_FDCWD, "secret", guest.scratch, 0)).toBe("EACCES");
    expect(guest.errorOf("newfstatat", AT_FDCWD, "/etc", guest.scratch, 0)).toBe("EACCES");
    expect(guest.errorOf("faccessat", AT_FDCWD, "secret/key", 4)).toBe("EACCES");
    expect(guest.errorOf("chdir", "secret")).toBe("EACCES");
    expect(guest.errorOf("newfstatat", AT_FDCWD, "/proc/self/root/etc", guest.scratch, 0)).toBe("EACCES");
    expect(guest.errorOf("newfstatat", AT_FDCWD, "/", guest.scratch, 0)).toBe("0");
    expect(namesIn(guest, root)).toEqual(["in", "out"]);
    expect(namesIn(guest, "/")).not.toContain("etc");
  });

  test("cannot be written, made, removed or renamed", () => {
    for (const flags of [WRONLY, RDWR, RDONLY | TRUNC, WRONLY | APPEND])
      expect(open("in/a.txt", flags)).toBe("EACCES");
    expect(open("in/new", WRONLY | CREAT)).toBe("EACCES");
    expect(guest.errorOf("mkdirat", AT_FDCWD, "in/d", 0o777)).toBe("EACCES");
    expect(guest.errorOf("unlinkat", AT_FDCWD, "in/a.txt", 0)).toBe("EACCES");
    expect(guest.errorOf("renameat2", AT_FDCWD, "in/a.txt", AT_FDCWD, "out/x", 0)).toBe("EACCES");
    expect(guest.errorOf("truncate", "in/a.txt", 0)).toBe("EACCES");
    expect(contents("in/a.txt")).toBe("hello, world");
  });

  test("the program's own file can be read, and nothing beside it", () => {
    const other = createTestGuest({
      path: join(root, "in/a.txt"),
      files: { cwd: "/", allowRead: [], allowWrite: [] },
    });
    expect(other.errorOf("openat", AT_FDCWD, join(root, "in/a.txt"), RDONLY)).toBe("3");
    expect(other.errorOf("openat", AT_FDCWD, join(root, "in/alias"), RDONLY)).toBe("EACCES");
    expect(namesIn(other, join(root, "in"))).toEqual(["a.txt"]);
    const length = other.call("readlinkat", AT_FDCWD, "/proc/self/exe", other.scratch, 4096);
    expect(other.text(other.scratch, length)).toBe(join(root, "in/a.txt"));
    other.kernel.dispose();
  });
});

describe("writing", () => {
  test("creates, appends, truncates and writes in place", () => {
    const fd = Number(open("out/new", RDWR | CREAT | EXCL, 0o666));
    expect(guest.call("write", fd, "hello world", 11)).toBe(11);
    expect(guest.call("pwrite64", fd, "W", 1, 6)).toBe(1);
    expect(contents("out/new")).toBe("hello World");
    expect(statSync(join(root, "out/new")).mode & 0o777).toBe(0o644);
    expect(open("out/new", RDWR | CREAT | EXCL)).toBe("EEXIST");
    const append = Number(open("out/new", WRONLY | APPEND));
    expect(guest.call("write", append, "!", 1)).toBe(1);
    expect(guest.call("lseek", append, 0, 1)).toBe(12);
    expect(contents("out/new")).toBe("hello World!");
    expect(guest.errorOf("read", append, guest.scratch, 1)).toBe("EBADF");
    expect(guest.call("ftruncate", fd, 5)).toBe(0);
    expect(guest.errorOf("ftruncate", fd, -1)).toBe("EINVAL");
    expect(contents("out/new")).toBe("hello");
    expect(guest.call("truncate", "out/new", 2)).toBe(0);
    expect(contents("out/new")).toBe("he");
    expect(guest.call("fsync", fd)).toBe(0);
    open("out/new", WRONLY | TRUNC);
    expect(contents("out/new")).toBe("");
    expect(open("out", WRONLY)).toBe("EISDIR");
    expect(open("out/nodir/", WRONLY | CREAT)).toBe("EISDIR");
  });

  test("fallocate makes a file longer, never shorter", () => {
    const fd = Number(open("out/new", RDWR | CREAT));
    expect(guest.call("fallocate", fd, 0, 10, 90)).toBe(0);
    expect(guest.call("fallocate", fd, 0, 0, 5)).toBe(0);
    expect(statSync(join(root, "out/new")).size).toBe(100);
    expect(guest.errorOf("fallocate", fd, 3, 0, 5)).toBe("EOPNOTSUPP");
    expect(guest.errorOf("fallocate", fd, 0, 0, 0)).toBe("EINVAL");
    expect(guest.errorOf("fallocate", Number(open("in/a.txt", RDONLY)), 0, 0, 5)).toBe("EBADF");
  });

  test("a new file through a dangling link lands where the link leads, if that is allowed", () => {
    expect(Number(open("out/dangling", WRONLY | CREAT))).toBe(3);
    expect(contents("out/nowhere")).toBe("");
    expect(open("out/dangling", WRONLY | CREAT | EXCL)).toBe("EEXIST");
  });

  test("umask takes permission bits away", () => {
    expect(guest.call("umask", 0o077)).toBe(0o022);
    open("out/private", WRONLY | CREAT, 0o4777);
    expect(statSync(join(root, "out/private")).mode & 0o7777).toBe(0o700);
    expect(guest.call("umask", 0)).toBe(0o077);
  });
});

describe("names", () => {
  test("directories are made and removed, files renamed and removed", () => {
    expect(guest.call("mkdirat", AT_FDCWD, "out/d", 0o755)).toBe(0);
    expect(guest.errorOf("mkdirat", AT_FDCWD, "out/d", 0o755)).toBe("EEXIST");
    open("out/d/f", WRONLY | CREAT);
    expect(guest.errorOf("unlinkat", AT_FDCWD, "out/d", 0)).toBe("EISDIR");
    expect(guest.errorOf("unlinkat", AT_FDCWD, "out/d", 0x200)).toBe("ENOTEMPTY");
    expect(guest.errorOf("unlinkat", AT_FDCWD, "out/d/f", 0x200)).toBe("ENOTDIR");
    open("out/g", WRONLY | CREAT);
    expect(guest.errorOf("renameat2", AT_FDCWD, "out/d/f", AT_FDCWD, "out/g", 1)).toBe("EEXIST");
    expect(guest.call("renameat2", AT_FDCWD, "out/d/f", AT_FDCWD, "out/g", 0)).toBe(0);
    expect(guest.errorOf("renameat2", AT_FDCWD, "out/d/f", AT_FDCWD, "out/h", 0)).toBe("ENOENT");
    expect(guest.call("unlinkat", AT_FDCWD, "out/d", 0x200)).toBe(0);
    expect(guest.call("unlinkat", AT_FDCWD, "out/g", 0)).toBe(0);
    expect(guest.errorOf("unlinkat", AT_FDCWD, "out/g", 0)).toBe("ENOENT");
  });

  test("links lead only to where the guest may go, and never open what is closed", () => {
    expect(guest.call("symlinkat", "../in/a.txt", AT_FDCWD, "out/good")).toBe(0);
    expect(guest.call("symlinkat", "nothing", AT_FDCWD, "out/dangles")).toBe(0);
    expect(guest.errorOf("symlinkat", "nothing", AT_FDCWD, "out/dangles")).toBe("EEXIST");
    expect(guest.errorOf("symlinkat", "../secret/key", AT_FDCWD, "out/bad")).toBe("EACCES");
    expect(guest.errorOf("symlinkat", "/etc/passwd", AT_FDCWD, "out/bad")).toBe("EACCES");
    expect(guest.errorOf("symlinkat", "x", AT_FDCWD, "in/bad")).toBe("EACCES");
    expect(guest.errorOf("linkat", AT_FDCWD, "in/a.txt", AT_FDCWD, "out/hard", 0)).toBe("EACCES");
    open("out/f", WRONLY | CREAT);
    expect(guest.call("linkat", AT_FDCWD, "out/f", AT_FDCWD, "out/hard", 0)).toBe(0);
    expect(statSync(join(root, "out/hard")).nlink).toBe(2);
    expect(guest.errorOf("linkat", AT_FDCWD, "out/f", AT_FDCWD, "out/hard", 0)).toBe("EEXIST");
  });

  test("modes change where the guest may write", () => {
    const fd = Number(open("out/f", WRONLY | CREAT));
    expect(guest.call("fchmod", fd, 0o4600)).toBe(0);
    expect(statSync(join(root, "out/f")).mode & 0o7777).toBe(0o600);
    expect(guest.call("fchmodat", AT_FDCWD, "out/f", 0o640)).toBe(0);
    expect(statSync(join(root, "out/f")).mode & 0o7777).toBe(0o640);
    expect(guest.errorOf("fchmod", Number(open("in/a.txt", RDONLY)), 0o777)).toBe("EPERM");
    expect(guest.errorOf("fchmodat", AT_FDCWD, "in/a.txt", 0o777)).toBe("EACCES");
    expect(guest.errorOf("fchmodat", AT_FDCWD, "out/alias", 0o777)).toBe("ENOENT");
  });

  test("the working directory is the guest's own", () => {
    expect(guest.call("getcwd", guest.scratch, 4096)).toBe(root.length + 1);
    expect(guest.text(guest.scratch, root.length)).toBe(root);
    expect(guest.errorOf("getcwd", guest.scratch, 3)).toBe("ERANGE");
    expect(guest.errorOf("getcwd", 0, 4096)).toBe("EFAULT");
    expect(guest.call("chdir", "in/sub")).toBe(0);
    expect(open("b", RDONLY)).toBe("3");
    expect(open("../a.txt", RDONLY)).toBe("4");
    expect(guest.errorOf("chdir", "b")).toBe("ENOTDIR");
    expect(process.cwd()).not.toContain("qpp-files-");
    const directory = Number(open("..", DIRECTORY));
    expect(guest.call("fchdir", directory)).toBe(0);
    expect(open("a.txt", RDONLY)).toBe("6");
  });

  test("paths start at the directory that is given", () => {
    const directory = Number(open("in", DIRECTORY));
    expect(guest.errorOf("openat", directory, "a.txt", RDONLY)).toBe("4");
    expect(guest.errorOf("openat", directory, "../secret/key", RDONLY)).toBe("EACCES");
    expect(guest.errorOf("openat", 4, "a.txt", RDONLY)).toBe("ENOTDIR");
    expect(guest.errorOf("openat", 99, "a.txt", RDONLY)).toBe("EBADF");
    expect(guest.errorOf("openat", 99, join(root, "in/a.txt"), RDONLY)).toBe("5");
  });

  test("getdents64 lists sorted names, with kinds, in buffers of any size", () => {
    for (const size of [64, 4096]) {
      const directory = Number(open("in", DIRECTORY));
      const names: string[] = [];
      for (let used = guest.call("getdents64", directory, guest.scratch, size); used > 0; ) {
        for (
          let at = guest.scratch;
          at < guest.scratch + used;
          at += guest.memory.view.getUint16(at + 16, true)
        ) {
          const name = guest.memory.readCString(at + 19, 256);
          const kind = guest.memory.view.getUint8(at + 18);
          if (name instanceof Uint8Array) names.push(`${Buffer.from(name).toString()}:${kind}`);
        }
        used = guest.call("getdents64", directory, guest.scratch, size);
      }
      expect(names).toEqual([
        ".:4",
        "..:4",
        "a.txt:8",
        "alias:10",
        "leak:10",
        "leakdir:10",
        "loop:10",
        "sub:4",
      ]);
    }
    expect(guest.errorOf("getdents64", Number(open("in", DIRECTORY)), guest.scratch, 10)).toBe("EINVAL");
    expect(guest.errorOf("getdents64", Number(open("in/a.txt", RDONLY)), guest.scratch, 99)).toBe("ENOTDIR");
  });
});

describe("status", () => {
  test("stat, fstat and statx tell what the host knows", () => {
    const host = statSync(join(root, "in/a.txt"), { bigint: true });
    const { view } = guest.memory;
    const at = guest.scratch;
    const fd = Number(open("in/a.txt", RDONLY));
    for (const call of [
      () => guest.call("newfstatat", AT_FDCWD, "in/alias", at, 0),
      () => guest.call("fstat", fd, at),
      () => guest.call("newfstatat", fd, "", at, 0x1000),
    ]) {
      guest.memory.u8.fill(0xee, at, at + 256);
      expect(call()).toBe(0);
      expect(view.getBigUint64(at, true)).toBe(host.dev);
      expect(view.getBigUint64(at + 8, true)).toBe(host.ino);
      expect(view.getUint32(at + 16, true)).toBe(Number(host.mode));
      expect(view.getUint32(at + 20, true)).toBe(Number(host.nlink));
      expect(view.getBigUint64(at + 48, true)).toBe(12n);
      expect(view.getBigUint64(at + 64, true)).toBe(host.blocks);
      expect(view.getBigInt64(at + 88, true) * 1_000_000_000n + view.getBigInt64(at + 96, true)).toBe(
        host.mtimeNs,
      );
      expect(guest.memory.u8[at + 128]).toBe(0xee);
    }
    expect(guest.call("statx", AT_FDCWD, "in/a.txt", 0, 0xfff, at)).toBe(0);
    expect(view.getUint32(at, true)).toBe(0x7ff);
    expect(view.getUint16(at + 28, true)).toBe(Number(host.mode));
    expect(view.getBigUint64(at + 32, true)).toBe(host.ino);
    expect(view.getBigUint64(at + 40, true)).toBe(12n);
    expect(view.getBigInt64(at + 0x70, true) * 1_000_000_000n + BigInt(view.getUint32(at + 0x78, true))).toBe(
      host.mtimeNs,
    );
    expect(guest.call("newfstatat", AT_FDCWD, "in/alias", at, 0x100)).toBe(0);
    expect(view.getUint32(at + 16, true) & 0o170000).toBe(0o120000);
    expect(guest.errorOf("newfstatat", AT_FDCWD, "in/a.txt", 0, 0)).toBe("EFAULT");
    expect(guest.errorOf("newfstatat", AT_FDCWD, "in/a.txt", at, 0x8000)).toBe("EINVAL");
    expect(guest.errorOf("statx", AT_FDCWD, "in/a.txt", 0x6000, 0, at)).toBe("EINVAL");
    expect(guest.errorOf("fstat", 99, at)).toBe("EBADF");
  });

  test("access and readlink answer inside of what is allowed", () => {
    expect(guest.errorOf("faccessat", AT_FDCWD, "in/a.txt", 0)).toBe("0");
    expect(guest.errorOf("faccessat", AT_FDCWD, "in/a.txt", 4)).toBe("0");
    expect(guest.errorOf("faccessat", AT_FDCWD, "in/a.txt", 2)).toBe("EACCES");
    expect(guest.errorOf("faccessat2", AT_FDCWD, "in/none", 4, 0)).toBe("ENOENT");
    expect(guest.errorOf("faccessat", AT_FDCWD, "in/a.txt", 8)).toBe("EINVAL");
    expect(guest.call("readlinkat", AT_FDCWD, "in/alias", guest.scratch, 3)).toBe(3);
    expect(guest.text(guest.scratch, 3)).toBe("a.t");
    expect(guest.errorOf("readlinkat", AT_FDCWD, "in/a.txt", guest.scratch, 99)).toBe("EINVAL");
    expect(guest.errorOf("readlinkat", AT_FDCWD, "in/alias", guest.scratch, 0)).toBe("EINVAL");
  });
});

describe("descriptors", () => {
  test("the lowest free number is given, shared by dup, until the last is closed", () => {
    const fd = Number(open("in/a.txt", RDONLY));
    expect(guest.call("dup", fd)).toBe(4);
    expect(guest.call("read", 4, guest.scratch, 5)).toBe(5);
    expect(guest.call("lseek", fd, 0, 1)).toBe(5);
    expect(guest.call("dup3", fd, 9, CLOEXEC)).toBe(9);
    expect([guest.call("fcntl", 9, 1), guest.call("fcntl", 4, 1)]).toEqual([1, 0]);
    expect(guest.call("close", fd)).toBe(0);
    expect(guest.errorOf("close", fd)).toBe("EBADF");
    expect(guest.call("read", 9, guest.scratch, 1)).toBe(1);
    expect(open("in/a.txt", RDONLY)).toBe("3");
    expect(guest.call("fcntl", 3, 0, 7)).toBe(7);
    expect(guest.call("fcntl", 3, 1030, 7)).toBe(8);
    expect(guest.call("close_range", 3, 0xffff_ffff, 0)).toBe(0);
    expect(guest.errorOf("read", 9, guest.scratch, 1)).toBe("EBADF");
    expect(guest.errorOf("dup3", 1, 1, 0)).toBe("EINVAL");
    expect(guest.errorOf("dup3", 1, 5000, 0)).toBe("EBADF");
    expect(guest.errorOf("dup", 99)).toBe("EBADF");
  });

  test("F_GETFL tells access and flags, F_SETFL changes O_APPEND", () => {
    const fd = Number(open("out/log", WRONLY | CREAT));
    expect(guest.call("fcntl", fd, 3)).toBe(0o100001);
    expect(guest.call("fcntl", fd, 4, APPEND)).toBe(0);
    writeFileSync(join(root, "out/log"), "12345");
    guest.call("write", fd, "6", 1);
    expect(contents("out/log")).toBe("123456");
    expect(guest.errorOf("fcntl", fd, 9999)).toBe("EINVAL");
  });

  test("there are 1024 of them, or as many as RLIMIT_NOFILE says", () => {
    let last = "";
    let count = 0;
    while (last !== "EMFILE") {
      last = guest.errorOf("dup", 1);
      count += 1;
    }
    expect(count).toBe(1024 - 3 + 1);
    guest.memory.view.setBigUint64(guest.scratch, 20n, true);
    guest.memory.view.setBigUint64(guest.scratch + 8, 20n, true);
    guest.call("close_range", 3, 2000, 0);
    expect(guest.call("prlimit64", 0, 7, guest.scratch, 0)).toBe(0);
    expect(guest.errorOf("fcntl", 1, 0, 20)).toBe("EINVAL");
    expect(guest.errorOf("prlimit64", 0, 7, guest.scratch, 0)).toBe("0");
    guest.memory.view.setBigUint64(guest.scratch + 8, 21n, true);
    expect(guest.errorOf("prlimit64", 0, 7, guest.scratch, 0)).toBe("EPERM");
  });
});

test("mmap copies a file, whatever the alignment of its end", () => {
  const fd = Number(open("in/a.txt", RDONLY));
  const at = guest.call("mmap", 0, 5000, 1, 2, fd, 0);
  expect(guest.text(at, 13)).toBe("hello, world\0");
  expect(guest.memory.check(at + 4096, 4096, 1)).toBe(false);
  expect(guest.memory.write(at, Uint8Array.of(1))).toBe(false);
  expect(guest.memory.mappingAt(at)).toMatchObject({
    name: join(root, "in/a.txt"),
    file: true,
    offset: 0,
    shared: false,
  });
  expect(guest.errorOf("mmap", 0, 4096, 1, 2, fd, 100)).toBe("EINVAL");
  expect(guest.errorOf("mmap", 0, 4096, 1, 2, 99, 0)).toBe("EBADF");
  expect(guest.errorOf("mmap", 0, 4096, 3, 1, fd, 0)).toBe("EACCES");
  expect(guest.errorOf("mmap", 0, 4096, 1, 2, 0, 0)).toBe("ENODEV");
  const shared = guest.call("mmap", 0, 4096, 1, 1, fd, 0);
  expect(guest.errorOf("mprotect", shared, 4096, 3)).toBe("EACCES");
});
