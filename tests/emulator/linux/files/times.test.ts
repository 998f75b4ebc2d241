import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AT_FDCWD, createTestGuest, type TestGuest } from "../test-guest.js";
import { writeText } from "./file-guest.js";

/** What `struct stat` says of times, in nanoseconds since the guest's start. */
interface Times {
  readonly accessed: number;
  readonly modified: number;
  readonly changed: number;
}

const SECOND = 1_000_000_000;
/** A minute of the host's time long before, and long after, all guests. */
const PAST = 1_000_000_000;
let folder: string;
let guest: TestGuest;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "qpp-times-")));
  writeFileSync(join(folder, "old"), "text");
  mkdirSync(join(folder, "d"));
  utimesSync(join(folder, "old"), PAST, PAST + 1);
  guest = createTestGuest({
    files: { cwd: folder, allowRead: [folder], allowWrite: [folder], tmpfs: ["/memory"] },
  });
});

afterEach(() => {
  guest.kernel.dispose();
  rmSync(folder, { recursive: true });
});

function timesAt(address: number): Times {
  const word = (at: number): number => Number(guest.memory.view.getBigInt64(address + at, true));
  const since = (at: number): number => (word(at) - guest.clock.startSeconds) * SECOND + word(at + 8);
  return { accessed: since(72), modified: since(88), changed: since(104) };
}

const AT_SYMLINK_NOFOLLOW = 0x100;
const STATUS = 1024;

/** The path goes to the start of the scratch page, what is told of it behind. */
function timesOf(path: string): Times {
  expect(guest.call("newfstatat", AT_FDCWD, path, guest.scratch + STATUS, AT_SYMLINK_NOFOLLOW)).toBe(0);
  return timesAt(guest.scratch + STATUS);
}

const at = (time: number): Times => ({ accessed: time, modified: time, changed: time });
const wait = (): number => {
  guest.clock.advance(5 * SECOND);
  return guest.clock.nanoseconds();
};

test("a file that the guest makes on the host is of the guest's time, and of the host's for the host", () => {
  const before = Date.now() - 1000;
  const born = wait();
  expect(writeText(guest, "new", "text")).toBe("0");
  expect(timesOf("new")).toEqual(at(born));
  const later = wait();
  const fd = guest.call("openat", AT_FDCWD, "new", 1);
  expect(timesOf("new")).toEqual(at(born));
  guest.call("write", fd, "more", 4);
  expect(timesOf("new")).toEqual({ ...at(later), accessed: born });
  expect(guest.call("fstat", fd, guest.scratch)).toBe(0);
  expect(timesAt(guest.scratch)).toEqual({ ...at(later), accessed: born });
  expect(statSync(join(folder, "new")).mtimeMs).toBeGreaterThan(before);
});

test("an open file without a name keeps the guest's time, and a new file begins anew", () => {
  wait();
  const fd = guest.call("openat", AT_FDCWD, "new", 0o102, 0o644);
  const removed = wait();
  expect(guest.call("unlinkat", AT_FDCWD, "new", 0)).toBe(0);
  expect(timesOf(".").modified).toBe(removed);
  guest.call("fstat", fd, guest.scratch);
  expect(timesAt(guest.scratch).changed).toBe(removed);
  const written = wait();
  guest.call("write", fd, "x", 1);
  guest.call("fstat", fd, guest.scratch);
  expect(timesAt(guest.scratch).modified).toBe(written);
  guest.call("close", fd);
  const again = wait();
  expect(writeText(guest, "new", "text")).toBe("0");
  expect(timesOf("new")).toEqual(at(again));
});

test("what the guest only reads has the host's times, and reading does not show", () => {
  const read = timesOf("old");
  expect(read.modified).toBe((PAST + 1 - guest.clock.startSeconds) * SECOND);
  expect(read.accessed).toBe(read.modified);
  utimesSync(join(folder, "old"), new Date(), PAST + 1);
  expect(timesOf("old").accessed).toBe(read.accessed);
});

test("each change says so in the times that Linux has for it", () => {
  const { modified } = timesOf("old");
  const changed = wait();
  guest.call("fchmodat", AT_FDCWD, "old", 0o600);
  expect(timesOf("old")).toEqual({ accessed: modified, modified, changed });
  const cut = wait();
  guest.call("truncate", "old", 1);
  expect(timesOf("old")).toEqual({ accessed: modified, modified: cut, changed: cut });
  const emptied = wait();
  guest.call("close", guest.call("openat", AT_FDCWD, "old", 0o1001));
  expect(timesOf("old").modified).toBe(emptied);

  const linked = wait();
  guest.memory.write(guest.scratch + STATUS, Buffer.from("link\0"));
  expect(guest.call("linkat", AT_FDCWD, "old", AT_FDCWD, guest.scratch + STATUS, 0)).toBe(0);
  expect([timesOf("link").changed, timesOf("old").changed, timesOf(".").modified]).toEqual(
    new Array(3).fill(linked),
  );
  const unlinked = wait();
  guest.call("unlinkat", AT_FDCWD, "link", 0);
  expect([timesOf("old").changed, timesOf(".").modified]).toEqual([unlinked, unlinked]);

  const made = wait();
  expect(guest.call("mkdirat", AT_FDCWD, "e", 0o755)).toBe(0);
  expect([timesOf("e"), timesOf(".").modified]).toEqual([at(made), made]);
  const renamed = wait();
  guest.memory.write(guest.scratch + STATUS, Buffer.from("d/e\0"));
  expect(guest.call("renameat2", AT_FDCWD, "e", AT_FDCWD, guest.scratch + STATUS, 0)).toBe(0);
  expect([timesOf("d/e").changed, timesOf("d").modified, timesOf(".").modified]).toEqual(
    new Array(3).fill(renamed),
  );
  const symlinked = wait();
  guest.memory.write(guest.scratch + STATUS, Buffer.from("s\0"));
  expect(guest.call("symlinkat", "old", AT_FDCWD, guest.scratch + STATUS)).toBe(0);
  expect(timesOf("s")).toEqual(at(symlinked));
});

test("what fails changes no time", () => {
  const before = timesOf(".");
  wait();
  expect(guest.errorOf("mkdirat", AT_FDCWD, "d", 0o755)).toBe("EEXIST");
  expect(guest.errorOf("unlinkat", AT_FDCWD, "missing", 0)).toBe("ENOENT");
  expect(timesOf(".")).toEqual(before);
});

test("times that are set are exact to the nanosecond for the guest, and reach the host", () => {
  const { view } = guest.memory;
  const address = guest.scratch + STATUS;
  const set = (index: number, seconds: number, nanoseconds: number): void => {
    view.setBigInt64(address + 16 * index, BigInt(seconds), true);
    view.setBigInt64(address + 16 * index + 8, BigInt(nanoseconds), true);
  };
  set(0, PAST + 7, 123_456_789);
  set(1, PAST + 9, 987_654_321);
  const changed = wait();
  expect(guest.call("utimensat", AT_FDCWD, "old", address, 0)).toBe(0);
  const since = (PAST - guest.clock.startSeconds) * SECOND;
  expect(timesOf("old")).toEqual({
    accessed: since + 7_123_456_789,
    modified: since + 9_987_654_321,
    changed,
  });
  expect(Math.floor(statSync(join(folder, "old")).mtimeMs)).toBe((PAST + 9) * 1000 + 987);
  const now = wait();
  expect(guest.call("utimensat", AT_FDCWD, "old", 0, 0)).toBe(0);
  expect(timesOf("old")).toEqual(at(now));
  expect(statSync(join(folder, "old")).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
});

test("a file that another program writes to is of the host's time again", () => {
  wait();
  expect(writeText(guest, "new", "text")).toBe("0");
  timesOf("new");
  utimesSync(join(folder, "new"), PAST, PAST + 3);
  expect(timesOf("new").modified).toBe((PAST + 3 - guest.clock.startSeconds) * SECOND);
});

test("special bits are the guest's own: the host's file never has them, and writing takes them away", () => {
  const modeOf = (path: string): number => {
    expect(guest.call("newfstatat", AT_FDCWD, path, guest.scratch + STATUS, 0)).toBe(0);
    return guest.memory.view.getUint32(guest.scratch + STATUS + 16, true) & 0o7777;
  };
  for (const place of [".", "/memory"]) {
    const file = `${place}/f`;
    expect(writeText(guest, file, "text")).toBe("0");
    expect(guest.call("fchmodat", AT_FDCWD, file, 0o6755)).toBe(0);
    expect(modeOf(file)).toBe(0o6755);
    expect(writeText(guest, file, "other")).toBe("0");
    expect(modeOf(file)).toBe(0o755);
    const fd = guest.call("openat", AT_FDCWD, file, 2);
    expect(guest.call("fchmod", fd, 0o7711)).toBe(0);
    expect(modeOf(file)).toBe(0o7711);
    guest.call("ftruncate", fd, 0);
    expect(modeOf(file)).toBe(0o1711);
    guest.call("close", fd);

    expect(guest.call("mkdirat", AT_FDCWD, `${place}/g`, 0o6755)).toBe(0);
    expect(modeOf(`${place}/g`)).toBe(0o755);
    expect(guest.call("fchmodat", AT_FDCWD, `${place}/g`, 0o3775)).toBe(0);
    expect(guest.call("mkdirat", AT_FDCWD, `${place}/g/h`, 0o755)).toBe(0);
    expect([modeOf(`${place}/g`), modeOf(`${place}/g/h`)]).toEqual([0o3775, 0o2755]);
  }
  expect(statSync(join(folder, "f")).mode & 0o6000).toBe(0);
  expect(statSync(join(folder, "g")).mode & 0o6000).toBe(0);
});

test("files of the host and files in memory have the same times after the same calls", () => {
  const step = fc.constantFrom("make", "write", "chmod", "remove", "rename", "cut", "mkdir", "rmdir", "link");
  const name = fc.constantFrom("a", "b");
  fc.assert(
    fc.property(fc.array(fc.tuple(step, name, name), { maxLength: 12 }), (steps) => {
      guest.kernel.dispose();
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      guest = createTestGuest({
        files: { cwd: folder, allowRead: [folder], allowWrite: [folder], tmpfs: ["/memory"] },
      });
      const second = guest.scratch + STATUS;
      const twice = (call: (place: string) => unknown): void => {
        expect(call("/memory")).toEqual(call(folder));
      };
      const pair = (call: string, one: string, other: string): number => {
        guest.memory.write(second, Buffer.from(`${other}\0`));
        return guest.call(call, AT_FDCWD, one, AT_FDCWD, second, 0);
      };
      // What is at the top has a history of its own.
      twice((place) => guest.call("mkdirat", AT_FDCWD, `${place}/top`, 0o755));
      for (const [what, one, other] of steps) {
        wait();
        twice((top) => {
          const place = `${top}/top`;
          switch (what) {
            case "make":
              return writeText(guest, `${place}/${one}`, "text");
            case "write": {
              const fd = guest.call("openat", AT_FDCWD, `${place}/${one}`, 1);
              const count = fd < 0 ? fd : guest.call("write", fd, "x", 1);
              guest.call("close", fd);
              return count;
            }
            case "chmod":
              return guest.call("fchmodat", AT_FDCWD, `${place}/${one}`, 0o700);
            case "remove":
              return guest.call("unlinkat", AT_FDCWD, `${place}/${one}`, 0);
            case "rename":
              return pair("renameat2", `${place}/${one}`, `${place}/${other}`);
            case "link":
              return pair("linkat", `${place}/${one}`, `${place}/${other}`);
            case "cut":
              return guest.call("truncate", `${place}/${one}`, 1);
            case "mkdir":
              return guest.call("mkdirat", AT_FDCWD, `${place}/${one}`, 0o755);
            default:
              return guest.call("unlinkat", AT_FDCWD, `${place}/${one}`, 0x200);
          }
        });
        for (const path of ["top", "top/a", "top/b"]) {
          twice((place) =>
            guest.call("newfstatat", AT_FDCWD, `${place}/${path}`, second, AT_SYMLINK_NOFOLLOW) < 0
              ? undefined
              : timesAt(second),
          );
        }
      }
    }),
    { numRuns: 60 },
  );
});
