import { afterEach, beforeEach, expect, test } from "vitest";
import { AT_FDCWD, createTestGuest, type TestGuest } from "../test-guest.js";
import { linkOf, namesIn, textOf, writeText } from "./file-guest.js";

let guest: TestGuest;

beforeEach(() => {
  guest = createTestGuest({
    args: ["prog", "-x", ""],
    env: { A: "1", B: "two" },
    path: "/guest/some-program",
  });
});

afterEach(() => guest.kernel.dispose());

test("/proc/self tells of the process what its memory and descriptors hold", () => {
  expect(linkOf(guest, "/proc/self")).toBe("100");
  expect(linkOf(guest, "/proc/thread-self")).toBe("100/task/100");
  expect(textOf(guest, "/proc/self/cmdline")).toBe("prog\0-x\0\0");
  expect(textOf(guest, "/proc/100/environ")).toBe("A=1\0B=two\0");
  expect(textOf(guest, "/proc/self/comm")).toBe("some-program\n");
  expect(linkOf(guest, "/proc/self/exe")).toBe("/guest/some-program");
  expect(linkOf(guest, "/proc/self/root")).toBe("/");
  const maps = textOf(guest, "/proc/self/maps").trimEnd().split("\n");
  expect(maps).toHaveLength(guest.memory.mappings.length);
  expect(maps.some((line) => /^60000000-60010000 rw-p 00000000 00:00 0 $/.test(line))).toBe(true);
  expect(maps.find((line) => line.endsWith("[stack]"))?.indexOf("[stack]")).toBe(73);
  const status = new Map(
    textOf(guest, "/proc/self/status")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(":\t") as [string, string]),
  );
  expect([status.get("Name"), status.get("Pid"), status.get("PPid"), status.get("Threads")]).toEqual([
    "some-program",
    "100",
    "1",
    "1",
  ]);
  expect(Number.parseInt(status.get("VmSize") ?? "", 10)).toBe(guest.memory.mappedBytes / 1024);
  const stat = textOf(guest, "/proc/self/task/100/stat").split(" ");
  expect(stat.slice(0, 4)).toEqual(["100", "(some-program)", "R", "1"]);
  expect(stat).toHaveLength(52);
  expect(Number(stat[22])).toBe(guest.memory.mappedBytes);
  expect(textOf(guest, "/proc/self/statm").split(" ")).toHaveLength(7);
});

test("the auxiliary vector is the one on the stack", () => {
  const fd = guest.call("openat", AT_FDCWD, "/proc/self/auxv", 0);
  const length = guest.call("read", fd, guest.scratch, 4096);
  const entries = new Map<bigint, bigint>();
  for (let at = guest.scratch; at < guest.scratch + length; at += 16) {
    entries.set(guest.memory.view.getBigUint64(at, true), guest.memory.view.getBigUint64(at + 8, true));
  }
  expect([entries.get(6n), entries.get(11n), entries.has(25n), entries.get(0n)]).toEqual([
    4096n,
    1000n,
    true,
    0n,
  ]);
});

test("descriptors are listed, lead to what they are open on, and are gone when closed", () => {
  const fd = guest.call("openat", AT_FDCWD, "/dev/null", 2);
  expect(namesIn(guest, "/proc/self/fd")).toEqual(["0", "1", "2", String(fd), String(fd + 1)]);
  expect(linkOf(guest, `/proc/self/fd/${fd}`)).toBe("/dev/null");
  expect(linkOf(guest, "/dev/stdout")).toBe("/proc/self/fd/1");
  expect(textOf(guest, `/proc/self/fdinfo/${fd}`)).toMatch(/^pos:\t0\nflags:\t0000002\nmnt_id:\t\d+\n$/);
  guest.call("close", fd);
  expect(linkOf(guest, `/proc/self/fd/${fd}`)).toBe("ENOENT");
  expect(guest.errorOf("openat", AT_FDCWD, "/proc/self/fd/01", 0)).toBe("ENOENT");
  expect(writeText(guest, "/dev/stdout", "through /dev")).toBe("0");
  expect(guest.output()).toBe("through /dev");
  expect(guest.errorOf("openat", AT_FDCWD, "/dev/stdin", 1)).toBe("EACCES");
});

test("the machine is told of, and nothing of the host", () => {
  expect(textOf(guest, "/proc/sys/kernel/osrelease")).toBe("6.12.0\n");
  expect(textOf(guest, "/proc/version")).toMatch(/^Linux version 6\.12\.0 \(qpp\)/);
  expect(textOf(guest, "/proc/cpuinfo")).toMatch(/^processor\t: 0\n/);
  expect(textOf(guest, "/proc/meminfo")).toMatch(/^MemTotal: +\d+ kB\n/);
  expect(textOf(guest, "/proc/sys/kernel/hostname")).toBe("qpp\n");
  expect(textOf(guest, "/proc/sys/kernel/random/boot_id")).toBe(
    textOf(guest, "/proc/sys/kernel/random/boot_id"),
  );
  expect(textOf(guest, "/proc/sys/kernel/random/uuid")).toMatch(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n$/,
  );
  expect(textOf(guest, "/proc/mounts")).toMatch(/^proc \/proc proc ro,nosuid,nodev,noatime 0 0$/m);
  expect(textOf(guest, "/proc/1/status")).toBe("ENOENT");
  expect(textOf(guest, "/proc/self/mem")).toBe("ENOENT");
  expect(textOf(guest, "/proc/kcore")).toBe("ENOENT");
});

test("nothing of it can be written, made, renamed or removed", () => {
  expect(writeText(guest, "/proc/self/comm", "x")).toBe("EACCES");
  expect(writeText(guest, "/proc/sys/kernel/core_pattern", "x")).toBe("EACCES");
  expect(guest.errorOf("mkdirat", AT_FDCWD, "/proc/x", 0o755)).toBe("EACCES");
  expect(guest.errorOf("unlinkat", AT_FDCWD, "/proc/cpuinfo", 0)).toBe("EACCES");
  expect(guest.errorOf("renameat2", AT_FDCWD, "/proc/cpuinfo", AT_FDCWD, "/proc/y", 0)).toBe("EACCES");
  expect(guest.errorOf("mknodat", AT_FDCWD, "/dev/shm/disk", 0o060644, 0x800)).toBe("EPERM");
  expect(guest.errorOf("mknodat", AT_FDCWD, "/dev/shm/plain", 0o100644, 0)).toBe("0");
  expect(guest.errorOf("chroot", "/dev")).toBe("EPERM");
});

test("devices do what null(4), full(4) and random(4) say", () => {
  const read = (path: string): string => {
    const fd = guest.call("openat", AT_FDCWD, path, 2);
    guest.memory.u8.fill(0x55, guest.scratch, guest.scratch + 16);
    const count = guest.call("read", fd, guest.scratch, 16);
    return `${count} ${guest.text(guest.scratch, 4) === "\0\0\0\0"} ${guest.errorOf("write", fd, guest.scratch, 4)}`;
  };
  expect(read("/dev/null")).toBe("0 false 4");
  expect(read("/dev/zero")).toBe("16 true 4");
  expect(read("/dev/full")).toBe("16 true ENOSPC");
  expect(read("/dev/urandom")).toBe("16 false 4");
  expect(guest.errorOf("openat", AT_FDCWD, "/dev/tty", 2)).toBe("ENXIO");
  expect(guest.errorOf("openat", AT_FDCWD, "/dev/ptmx", 2)).toBe("ENOENT");
  expect(guest.errorOf("openat", AT_FDCWD, "/dev/mem", 0)).toBe("ENOENT");
});

test("openat2 keeps a walk where it is told to stay", () => {
  const how = (resolve: number, flags = 0): number => {
    guest.memory.view.setBigUint64(guest.scratch, BigInt(flags), true);
    guest.memory.view.setBigUint64(guest.scratch + 8, 0n, true);
    guest.memory.view.setBigUint64(guest.scratch + 16, BigInt(resolve), true);
    return guest.scratch;
  };
  const shm = guest.call("openat", AT_FDCWD, "/dev/shm", 0o200000);
  guest.call("mkdirat", shm, "d", 0o755);
  guest.call("symlinkat", "/dev/null", shm, "absolute");
  guest.call("symlinkat", "../..", shm, "d/up");
  guest.call("symlinkat", "d", shm, "inside");
  const open = (path: string, resolve: number): string =>
    guest.errorOf("openat2", shm, path, how(resolve), 24);
  const opens = /^\d+$/;
  const [NO_XDEV, NO_MAGIC, NO_LINKS, BENEATH, IN_ROOT] = [1, 2, 4, 8, 16] as const;
  expect(open("d/..", BENEATH)).toMatch(opens);
  expect(open("inside", BENEATH)).toMatch(opens);
  for (const path of ["..", "d/../..", "/dev", "absolute", "d/up"])
    expect([path, open(path, BENEATH)]).toEqual([path, "EXDEV"]);
  expect(open("../../..", IN_ROOT)).toMatch(opens);
  expect(open("/d", IN_ROOT)).toMatch(opens);
  expect(open("absolute", IN_ROOT)).toBe("ENOENT");
  expect(open("d/up", IN_ROOT)).toMatch(opens);
  expect(open("..", NO_XDEV)).toBe("EXDEV");
  expect(open("inside", NO_LINKS)).toBe("ELOOP");
  expect(open("/proc/self/fd/0", NO_MAGIC)).toBe("ELOOP");
  expect(open("/proc/self/cwd", BENEATH | IN_ROOT)).toBe("EINVAL");
  expect(open("d", 64)).toBe("EINVAL");
  expect(open("d", 32)).toBe("EAGAIN");
  expect(guest.errorOf("openat2", shm, "d", how(0, 0x4000_0000), 24)).toBe("EINVAL");
  expect(guest.errorOf("openat2", shm, "d", how(0), 23)).toBe("EINVAL");
  guest.memory.view.setBigUint64(guest.scratch + 24, 1n, true);
  expect(guest.errorOf("openat2", shm, "d", how(0), 32)).toBe("E2BIG");
});
