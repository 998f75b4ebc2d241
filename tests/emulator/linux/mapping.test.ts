import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OpenFlag } from "../../../packages/emulator/src/linux/files/open-file.js";
import { describeMapping } from "../../../packages/emulator/src/linux/proc-maps.js";
import { AT_FDCWD, createTestGuest, type TestGuest } from "./test-guest.js";

const PAGE = 4096;
const READ = 1;
const READ_WRITE = 3;
const SHARED = 1;
const PRIVATE = 2;
const ANONYMOUS = 0x20;
const FIXED = 0x10;

let root: string;
let guest: TestGuest;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "qpp-mapping-")));
  writeFileSync(join(root, "two"), Buffer.concat([Buffer.alloc(PAGE, "a"), Buffer.from("bcd")]));
  guest = createTestGuest({ files: { cwd: root, allowRead: [root], allowWrite: [root] } });
});
afterEach(() => {
  guest.memory.reset();
  rmSync(root, { recursive: true, force: true });
});

const open = (name: string, flags: number): number => guest.call("openat", AT_FDCWD, name, flags, 0o600);
const mmap = (length: number, prot: number, flags: number, fd = -1, offset = 0): number =>
  guest.call("mmap", 0, length, prot, flags, fd, offset);
const byteAt = (address: number): number | undefined => guest.memory.read(address, 1)?.[0];

describe("a private mapping of a file", () => {
  test("shows the file, zeros to the end of its last page, and nothing behind", () => {
    const at = mmap(3 * PAGE, READ, PRIVATE, open("two", OpenFlag.RDONLY));
    expect(guest.text(at + PAGE - 1, 4)).toBe("abcd");
    expect(byteAt(at + 2 * PAGE - 1)).toBe(0);
    expect(byteAt(at + 2 * PAGE)).toBeUndefined();
    expect([at, at + 2 * PAGE, 0].map((a) => guest.memory.faultCause(a))).toEqual([
      "denied",
      "beyond-file",
      "unmapped",
    ]);
  });

  test("is the guest's own: the file stays as it is, and comes back when the pages are discarded", () => {
    const fd = open("two", OpenFlag.RDONLY);
    const at = mmap(2 * PAGE, READ_WRITE, PRIVATE, fd);
    guest.call("close", fd);
    guest.memory.write(at + PAGE, Buffer.from("xyz"));
    expect(readFileSync(join(root, "two"), "latin1").slice(-3)).toBe("bcd");
    expect(guest.call("madvise", at, 2 * PAGE, 4)).toBe(0);
    expect(guest.text(at + PAGE, 3)).toBe("bcd");
  });

  test("can be made longer and moved by mremap", () => {
    const at = mmap(PAGE, READ_WRITE, PRIVATE, open("two", OpenFlag.RDONLY));
    guest.memory.write(at, Buffer.from("X"));
    const moved = guest.call("mremap", at, PAGE, 3 * PAGE, 1);
    expect(guest.text(moved, 2)).toBe("Xa");
    expect(guest.text(moved + PAGE, 3)).toBe("bcd");
    expect(byteAt(moved + 2 * PAGE)).toBeUndefined();
  });
});

describe("a shared mapping of a file", () => {
  test("writes to the file, however it is opened, when msync says so, or at the end", () => {
    const fd = open("two", OpenFlag.RDWR | OpenFlag.APPEND);
    const at = mmap(2 * PAGE, READ_WRITE, SHARED, fd);
    guest.call("close", fd);
    guest.memory.write(at + PAGE - 1, Buffer.from("XYZ"));
    expect(guest.call("msync", at, 2 * PAGE, 4)).toBe(0);
    expect(readFileSync(join(root, "two"), "latin1").slice(PAGE - 1)).toBe("XYZd");
    guest.memory.write(at + PAGE + 2, Buffer.from("!?"));
    guest.memory.reset();
    expect(readFileSync(join(root, "two"), "latin1").slice(PAGE - 1)).toBe("XYZ!");
  });

  test("is refused without the rights to it", () => {
    const fd = open("two", OpenFlag.RDONLY);
    expect(guest.errorOf("mmap", 0, PAGE, READ_WRITE, SHARED, fd, 0)).toBe("EACCES");
    const at = mmap(PAGE, READ, SHARED, fd);
    expect(guest.errorOf("mprotect", at, PAGE, READ_WRITE)).toBe("EACCES");
    const writable = mmap(PAGE, READ_WRITE, SHARED, open("two", OpenFlag.RDWR));
    guest.memory.write(writable, Buffer.from("Q"));
    guest.call("msync", writable, PAGE, 4);
    expect(readFileSync(join(root, "two"), "latin1")[0]).toBe("Q");
  });

  test("agrees with read and write of the same file by anybody", () => {
    const fd = open("two", OpenFlag.RDWR);
    const other = open("two", OpenFlag.RDWR);
    const at = mmap(2 * PAGE, READ_WRITE, SHARED, fd);
    guest.memory.write(at + 3, Buffer.from("mapped"));
    expect(guest.call("pread64", other, guest.scratch, 6, 3)).toBe(6);
    expect(guest.text(guest.scratch, 6)).toBe("mapped");
    expect(guest.call("pwrite64", other, "written", 7, 5)).toBe(7);
    expect(guest.text(at, 14)).toBe("aaamawrittenaa");
    expect(guest.call("ftruncate", other, 10)).toBe(0);
    expect([guest.text(at + 9, 2), byteAt(at + PAGE)]).toEqual(["t\0", undefined]);
    expect(guest.call("ftruncate", other, 2 * PAGE)).toBe(0);
    expect(byteAt(at + PAGE)).toBe(0);
    guest.memory.write(at + PAGE, Buffer.from("end"));
    open("two", OpenFlag.WRONLY | OpenFlag.TRUNC);
    expect(byteAt(at)).toBeUndefined();
    guest.call("munmap", at, 2 * PAGE);
    expect(guest.memory.host.files.count).toBe(0);
  });
});

describe("shared memory without a name", () => {
  test("can be seen twice, be made zeros, and ends where it was made to end", () => {
    const at = mmap(2 * PAGE, READ_WRITE, SHARED | ANONYMOUS);
    const again = guest.call("mremap", at, 0, 2 * PAGE, 1);
    guest.memory.write(at, Uint8Array.of(5));
    expect(byteAt(again)).toBe(5);
    expect(guest.memory.sharedKey(again)).toEqual(guest.memory.sharedKey(at));
    expect(guest.call("madvise", at, PAGE, 9)).toBe(0);
    expect(byteAt(again)).toBe(0);
    const longer = guest.call("mremap", at, 2 * PAGE, 3 * PAGE, 1);
    expect(guest.memory.faultCause(longer + 2 * PAGE)).toBe("beyond-file");
  });
});

describe("flags and advice", () => {
  test("of all kinds are taken or refused as by Linux", () => {
    for (const flag of [0x100, 0x4000, 0x8000, 0x2_0000]) {
      expect(mmap(PAGE, READ_WRITE, PRIVATE | ANONYMOUS | flag)).toBeGreaterThan(0);
    }
    expect(guest.errorOf("mmap", 0, PAGE, 3, PRIVATE | ANONYMOUS | 0x4_0000, -1, 0)).toBe("ENOMEM");
    expect(guest.errorOf("mmap", 0, PAGE, 3, 3 | ANONYMOUS | 0x8_0000, -1, 0)).toBe("EOPNOTSUPP");
    const at = mmap(2 * PAGE, READ_WRITE, PRIVATE | ANONYMOUS);
    expect(guest.errorOf("madvise", at, PAGE, 9)).toBe("EINVAL");
    expect([22, 23, 8, 25].map((advice) => guest.call("madvise", at, PAGE, advice))).toEqual([0, 0, 0, 0]);
    guest.call("mprotect", at, PAGE, READ);
    expect(guest.errorOf("madvise", at, PAGE, 23)).toBe("EFAULT");
    expect(guest.errorOf("msync", at, PAGE, 5)).toBe("EINVAL");
    expect(guest.errorOf("mlockall", 0)).toBe("EINVAL");
    expect(guest.errorOf("mlock2", at, PAGE, 2)).toBe("EINVAL");
    expect(guest.call("mlock", at + 5, 3)).toBe(0);
  });

  test("say what a child finds", () => {
    const at = mmap(3 * PAGE, READ_WRITE, PRIVATE | ANONYMOUS);
    const kinds = (): unknown[] => [0, 1, 2].map((i) => guest.memory.mappingAt(at + i * PAGE)?.onFork);
    expect(guest.call("madvise", at, PAGE, 10)).toBe(0);
    expect(guest.call("madvise", at + PAGE, PAGE, 18)).toBe(0);
    expect(kinds()).toEqual(["absent", "zeros", undefined]);
    expect(guest.call("madvise", at, 3 * PAGE, 11)).toBe(0);
    expect(kinds()).toEqual([undefined, "zeros", undefined]);
    expect(guest.call("madvise", at, 3 * PAGE, 19)).toBe(0);
    expect(kinds()).toEqual([undefined, undefined, undefined]);
    const shared = mmap(PAGE, READ_WRITE, SHARED | ANONYMOUS);
    expect(guest.errorOf("madvise", shared, PAGE, 18)).toBe("EINVAL");
  });

  test("stacks can be made executable from their start", () => {
    const top = 0xbfff_f000;
    const start = guest.memory.mappingAt(top)?.start ?? 0;
    expect(guest.call("mprotect", top, PAGE, 0x0100_0007)).toBe(0);
    expect(guest.memory.check(start, 1, 4)).toBe(true);
    const at = mmap(PAGE, READ, PRIVATE | ANONYMOUS);
    expect(guest.errorOf("mprotect", at, PAGE, 0x0100_0007)).toBe("EINVAL");
  });

  test("membarrier answers, once registered", () => {
    const command = (number: number): string => guest.errorOf("membarrier", number, 0, 0);
    expect([0, 8, 16, 8, 1, 128].map(command)).toEqual(["31", "EPERM", "0", "0", "0", "EINVAL"]);
  });
});

describe("the limit", () => {
  test("lets reservations be as large as they like, and is told about when it is reached", () => {
    const small = createTestGuest({ limit: 64 << 20 });
    const map = (length: number, prot: number): string =>
      small.errorOf("mmap", 0, length, prot, PRIVATE | ANONYMOUS | 0x4000, -1, 0);
    expect(Number(map(0x5000_0000, 0))).toBeGreaterThan(0);
    expect(map(64 << 20, READ_WRITE)).toBe("ENOMEM");
    expect(map(64 << 20, READ_WRITE)).toBe("ENOMEM");
    expect(small.reports).toEqual([
      "the guest has all the memory that it may have, 64 MiB; it gets ENOMEM: raise the limit with --max-memory",
    ]);
  });
});

describe("what is mapped", () => {
  test("is described with what /proc/self/maps says", () => {
    const at = mmap(PAGE, READ | 4, PRIVATE, open("two", OpenFlag.RDONLY), PAGE);
    const found = guest.memory.mappingAt(at);
    const { dev, ino } = statSync(join(root, "two"), { bigint: true });
    expect(found && describeMapping(found)).toEqual({
      start: at,
      end: at + PAGE,
      permissions: "r-xp",
      offset: PAGE,
      device: Number(dev),
      inode: ino,
      name: join(root, "two"),
    });
  });

  test("has the names that Linux gives", () => {
    const at = mmap(PAGE, READ, SHARED | ANONYMOUS);
    const describe = (address: number): unknown => {
      const found = guest.memory.mappingAt(address);
      return found && [describeMapping(found).permissions, describeMapping(found).name];
    };
    expect(describe(at)).toEqual(["r--s", "/dev/zero (deleted)"]);
    guest.call("mmap", at, PAGE, 0, PRIVATE | ANONYMOUS | FIXED, -1, 0);
    expect(describe(at)).toEqual(["---p", ""]);
    expect(describe(0xbfff_f000)).toEqual(["rw-p", "[stack]"]);
  });
});
