import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FilePermissions } from "../../../../packages/emulator/src/linux/files/sandbox.js";
import { AT_FDCWD, createTestGuest, type TestGuest } from "../test-guest.js";
import { cwdOf, linkOf, namesIn, textOf, writeText } from "./file-guest.js";

let top: string;
let root: string;
const guests: TestGuest[] = [];

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "qpp-root-")));
  root = join(top, "root");
  for (const folder of ["usr/bin", "etc", "home/me", "var", "outside-of-it"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, "usr/bin/tool"), "a tool");
  writeFileSync(join(root, "etc/passwd"), "the guest's");
  symlinkSync("usr/bin", join(root, "bin"));
  symlinkSync("/etc/passwd", join(root, "absolute"));
  symlinkSync("../../../../../../etc/passwd", join(root, "usr/bin/climbs"));
  mkdirSync(join(top, "beside"));
  writeFileSync(join(top, "beside/secret"), "secret");
  mkdirSync(join(top, "data"));
  writeFileSync(join(top, "data/file"), "data");
});

afterEach(() => {
  for (const guest of guests.splice(0)) guest.kernel.dispose();
  rmSync(top, { recursive: true });
});

function guestWith(files: Partial<FilePermissions> = {}): TestGuest {
  const guest = createTestGuest({
    path: files.program ?? "/usr/bin/tool",
    files: { cwd: top, root, allowRead: [], allowWrite: [], ...files },
  });
  guests.push(guest);
  return guest;
}

describe("a root", () => {
  test("is what the guest's paths start at, and all that there is", () => {
    const guest = guestWith();
    expect(textOf(guest, "/usr/bin/tool")).toBe("a tool");
    expect(textOf(guest, "/etc/passwd")).toBe("the guest's");
    expect(textOf(guest, join(top, "beside/secret"))).toBe("ENOENT");
    expect(cwdOf(guest)).toBe("/");
    expect(namesIn(guest, "/")).toEqual([
      "absolute",
      "bin",
      "etc",
      "home",
      "outside-of-it",
      "usr",
      "var",
      "tmp",
      "proc",
      "dev",
    ]);
    expect(linkOf(guest, "/proc/self/exe")).toBe("/usr/bin/tool");
    expect(guest.reports).toEqual([]);
  });

  test("is where absolute links start, and where .. ends", () => {
    const guest = guestWith();
    expect(textOf(guest, "/absolute")).toBe("the guest's");
    expect(textOf(guest, "/bin/climbs")).toBe("the guest's");
    expect(textOf(guest, "/../../../../../etc/passwd")).toBe("the guest's");
    expect(textOf(guest, "/bin/../lib")).toBe("ENOENT");
    expect(textOf(guest, "/bin/../bin/tool")).toBe("a tool");
    expect(guest.call("chdir", "/usr/bin")).toBe(0);
    expect(textOf(guest, "../../../../beside/secret")).toBe("ENOENT");
    expect(linkOf(guest, "/proc/self/cwd")).toBe("/usr/bin");
    expect(textOf(guest, "/proc/self/cwd/../../absolute")).toBe("the guest's");
    expect(textOf(guest, "/proc/self/root/../../etc/passwd")).toBe("the guest's");
  });

  test("is only read, but /tmp and /dev/shm are the guest's own", () => {
    const guest = guestWith();
    expect(writeText(guest, "/etc/passwd", "x")).toBe("EACCES");
    expect(writeText(guest, "/new", "x")).toBe("EACCES");
    expect(guest.errorOf("mkdirat", AT_FDCWD, "/etc", 0o755)).toBe("EEXIST");
    expect(guest.errorOf("mkdirat", AT_FDCWD, "/etc/d", 0o755)).toBe("EACCES");
    expect(guest.reports[0]).toBe(
      `${root}/etc/passwd: the guest may not write it (EACCES); allow it with --allow-write=${root}/etc/passwd`,
    );
    const told = guest.reports.length;
    expect(guest.errorOf("mkdirat", AT_FDCWD, "/etc/__pycache__", 0o755)).toBe("EACCES");
    expect(guest.reports).toHaveLength(told);
    expect(writeText(guest, "/tmp/x", "in memory")).toBe("0");
    expect(textOf(guest, "/tmp/x")).toBe("in memory");
    expect(writeText(guest, "/dev/shm/x", "shared")).toBe("0");
    expect(readdirSync(root).includes("tmp")).toBe(false);
    expect(textOf(guestWith(), "/tmp/x")).toBe("ENOENT");
  });

  test("can be written where that is allowed, by the host's path inside of it", () => {
    const guest = guestWith({ allowWrite: [join(root, "home/me"), "root/var/log/new.txt"], cwd: top });
    expect(writeText(guest, "/home/me/x", "mine")).toBe("0");
    expect(readFileSync(join(root, "home/me/x"), "utf8")).toBe("mine");
    expect(textOf(guest, "/home/me/x")).toBe("mine");
    expect(writeText(guest, "/home/x", "mine")).toBe("EACCES");
    expect(guest.errorOf("mkdirat", AT_FDCWD, "/var/log", 0o755)).toBe("0");
    expect(writeText(guest, "/var/log/new.txt", "log")).toBe("0");
    expect(guest.errorOf("renameat2", AT_FDCWD, "/home/me", AT_FDCWD, "/home/you", 0)).toBe("EACCES");
    expect(guest.errorOf("unlinkat", AT_FDCWD, "/home/me", 0x200)).toBe("EACCES");
  });

  test("has other folders of the host where they are asked for", () => {
    const guest = guestWith({ allowRead: [`${join(top, "data")}:/mnt/here`, join(top, "data")] });
    expect(textOf(guest, "/mnt/here/file")).toBe("data");
    expect(textOf(guest, join(top, "data/file"))).toBe("data");
    expect(textOf(guest, join(top, "beside/secret"))).toBe("ENOENT");
    expect(namesIn(guest, "/mnt")).toEqual(["here"]);
    expect(textOf(guest, "/mnt/here/../../etc/passwd")).toBe("the guest's");
    expect(guest.errorOf("unlinkat", AT_FDCWD, "/mnt/here", 0x200)).toBe("EACCES");
  });

  test("has a program from outside of it where the host has it", () => {
    const program = join(top, "beside/secret");
    const guest = guestWith({ program });
    expect(textOf(guest, program)).toBe("secret");
    expect(namesIn(guest, join(top, "beside"))).toEqual(["secret"]);
    expect(linkOf(guest, "/proc/self/exe")).toBe(program);
  });

  test("begins where the host's working directory is, if that is inside", () => {
    expect(cwdOf(guestWith({ cwd: join(root, "home/me"), root: "../.." }))).toBe("/home/me");
    expect(cwdOf(guestWith({ cwd: join(top, "data"), allowRead: [`.:/mnt`], root: "../root" }))).toBe("/mnt");
  });

  test("shows nothing of a kernel of the host", () => {
    symlinkSync("/proc", join(root, "hostproc"));
    const guest = guestWith({ allowRead: ["/proc:/host", "/sys:/hostsys"] });
    expect(textOf(guest, "/host/self/environ")).toBe("ENOENT");
    expect(guest.reports.some((line) => line.startsWith("/proc: the guest cannot have it"))).toBe(true);
    expect(textOf(guest, "/hostproc/self/environ")).toBe("");
  });
});

describe("when the host changes a tree while it is used", () => {
  test("a directory that became a link leads nowhere", () => {
    const guest = guestWith({ allowWrite: [join(root, "home")] });
    const fd = guest.call("openat", AT_FDCWD, "/home/me", 0o200000);
    renameSync(join(root, "home/me"), join(root, "home/moved"));
    symlinkSync(join(top, "beside"), join(root, "home/me"));
    expect(guest.errorOf("openat", AT_FDCWD, "/home/me/secret", 0)).toBe("ENOENT");
    expect(writeText(guest, "/home/me/planted", "x")).toBe("ENOENT");
    // The descriptor is still of the directory that it was opened on.
    expect(Number(guest.errorOf("openat", fd, "kept", 0o101, 0o644))).toBeGreaterThan(0);
    expect(readdirSync(join(root, "home/moved"))).toEqual(["kept"]);
    expect(readdirSync(join(top, "beside"))).toEqual(["secret"]);
  });

  test("a file that became a link is neither read nor written", () => {
    writeFileSync(join(root, "home/me/f"), "mine");
    const guest = guestWith({ allowWrite: [join(root, "home")] });
    expect(textOf(guest, "/home/me/f")).toBe("mine");
    rmSync(join(root, "home/me/f"));
    symlinkSync(join(top, "beside/secret"), join(root, "home/me/f"));
    expect(textOf(guest, "/home/me/f")).toBe("ENOENT");
    expect(guest.errorOf("truncate", "/home/me/f", 0)).toBe("ENOENT");
    expect(guest.errorOf("fchmodat", AT_FDCWD, "/home/me/f", 0o777)).toBe("ENOENT");
    expect(guest.errorOf("linkat", AT_FDCWD, "/home/me/f", AT_FDCWD, "/home/me/g", 0)).toBe("0");
    expect(readlinkSync(join(root, "home/me/g"))).toBe(join(top, "beside/secret"));
    expect(readFileSync(join(top, "beside/secret"), "utf8")).toBe("secret");
  });
});

test("what a descriptor is open on can be opened again, however its name has changed", () => {
  const guest = guestWith({ allowWrite: [join(root, "home")] });
  writeFileSync(join(root, "home/me/f"), "first");
  const fd = guest.call("openat", AT_FDCWD, "/home/me/f", 0);
  expect(linkOf(guest, `/proc/self/fd/${fd}`)).toBe("/home/me/f");
  expect(textOf(guest, `/dev/fd/${fd}`)).toBe("first");
  rmSync(join(root, "home/me/f"));
  writeFileSync(join(root, "home/me/f"), "second");
  expect(textOf(guest, `/proc/self/fd/${fd}`)).toBe("first");
  expect(linkOf(guest, `/proc/self/fd/${fd}`)).toBe("/home/me/f (deleted)");
  const readOnly = guest.call("openat", AT_FDCWD, "/etc/passwd", 0);
  expect(guest.errorOf("openat", AT_FDCWD, `/proc/self/fd/${readOnly}`, 2)).toBe("EACCES");
  expect(guest.errorOf("openat", AT_FDCWD, `/proc/self/fd/${readOnly}`, 0o1000)).toBe("EACCES");
  expect(guest.errorOf("linkat", AT_FDCWD, `/proc/self/fd/${readOnly}`, AT_FDCWD, "/home/me/p", 0x400)).toBe(
    "EXDEV",
  );
  expect(readFileSync(join(root, "etc/passwd"), "utf8")).toBe("the guest's");
});

test("files keep the permissions that the host gave them", () => {
  const guest = guestWith({ allowWrite: [join(root, "home")] });
  writeFileSync(join(root, "home/me/closed"), "x");
  chmodSync(join(root, "home/me/closed"), 0);
  expect(textOf(guest, "/home/me/closed")).toBe("EACCES");
  linkSync(join(root, "home/me/closed"), join(root, "home/me/again"));
  expect(guest.errorOf("faccessat", AT_FDCWD, "/home/me/again", 4)).toBe("EACCES");
  expect(guest.errorOf("fchmodat", AT_FDCWD, "/home/me/again", 0o4755)).toBe("0");
  expect(lstatSync(join(root, "home/me/closed")).mode & 0o7777).toBe(0o755);
});
