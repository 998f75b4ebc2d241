import { beforeEach, describe, expect, test } from "vitest";
import { faultInfo } from "../../../packages/emulator/src/linux/signals/info.js";
import { createTestGuest, type TestGuest } from "./test-guest.js";

let guest: TestGuest;
beforeEach(() => {
  guest = createTestGuest();
});

const u64 = (at: number): number => Number(guest.memory.view.getBigUint64(at, true));
const u32 = (at: number): number => guest.memory.view.getUint32(at, true);
const set64 = (at: number, value: number | bigint): void =>
  guest.memory.view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
const PRIVATE_ANONYMOUS = 0x22;
const FIXED = 0x10;

describe("streams", () => {
  test("standard input is read, and ends", () => {
    guest = createTestGuest({ input: "line\n" });
    expect(guest.call("read", 0, guest.scratch, 100)).toBe(5);
    expect(guest.text(guest.scratch, 5)).toBe("line\n");
    expect(guest.call("read", 0, guest.scratch, 100)).toBe(0);
    expect(guest.errorOf("write", 0, guest.scratch, 1)).toBe("EBADF");
    expect(guest.errorOf("read", 1, guest.scratch, 1)).toBe("EBADF");
    expect(guest.errorOf("lseek", 0, 0, 1)).toBe("ESPIPE");
  });

  test("look like pipes unless they are to be terminals", () => {
    expect(guest.call("fstat", 1, guest.scratch)).toBe(0);
    expect(u32(guest.scratch + 16)).toBe(0o010600);
    expect(guest.errorOf("ioctl", 1, 0x5401, guest.scratch)).toBe("ENOTTY");
    guest = createTestGuest({ stdout: { read: () => 0, write: () => {}, terminal: true } });
    expect(guest.call("fstat", 1, guest.scratch)).toBe(0);
    expect(u32(guest.scratch + 16)).toBe(0o020620);
    expect(guest.call("ioctl", 1, 0x5401, guest.scratch)).toBe(0);
    expect(guest.call("ioctl", 1, 0x5413, guest.scratch)).toBe(0);
    expect(u32(guest.scratch)).toBe(24 + 80 * 0x1_0000);
  });

  test("a reader that is gone is EPIPE and SIGPIPE, unless that is ignored", () => {
    const stdout = {
      read: () => 0,
      write: () => {
        throw Object.assign(new Error("closed"), { code: "EPIPE" });
      },
    };
    guest = createTestGuest({ stdout });
    guest.call("write", 1, "x", 1);
    expect(guest.task.process.exitStatus).toEqual({ kind: "signal", signal: 13 });
    guest = createTestGuest({ stdout });
    set64(guest.scratch, 1);
    guest.call("rt_sigaction", 13, guest.scratch, 0, 8);
    expect(guest.errorOf("write", 1, "x", 1)).toBe("EPIPE");
    expect(guest.task.process.exitStatus).toBeUndefined();
  });

  test("writev writes piece by piece, and stops at a bad one", () => {
    guest.memory.poke(guest.scratch + 64, Buffer.from("abcdef"));
    [guest.scratch + 64, 2, 0, 0, guest.scratch + 68, 2, 8, 5].forEach((word, index) => {
      set64(guest.scratch + 8 * index, word);
    });
    expect(guest.call("writev", 1, guest.scratch, 3)).toBe(4);
    expect(guest.call("writev", 1, guest.scratch, 4)).toBe(4);
    expect(guest.output()).toBe("abefabef");
    set64(guest.scratch + 8, -1);
    expect(guest.errorOf("writev", 1, guest.scratch, 1)).toBe("EINVAL");
  });

  test("poll finds them ready, bad descriptors invalid, and lets time pass for none", () => {
    const entries = [0, 1, 55, -1];
    entries.forEach((fd, index) => {
      guest.memory.view.setInt32(guest.scratch + 8 * index, fd, true);
      guest.memory.view.setInt16(guest.scratch + 8 * index + 4, 0x5, true);
    });
    expect(guest.call("ppoll", guest.scratch, 4, 0, 0, 8)).toBe(3);
    expect(
      entries.map((_, index) => guest.memory.view.getInt16(guest.scratch + 8 * index + 6, true)),
    ).toEqual([1, 4, 0x20, 0]);
    set64(guest.scratch + 64, 2);
    set64(guest.scratch + 72, 5);
    expect(guest.call("ppoll", guest.scratch + 24, 1, guest.scratch + 64, 0, 8)).toBe(0);
    expect(guest.clock.nanoseconds()).toBe(1000 + 2_000_000_005);
  });
});

test("select clears what is not ready, and sleeps when there is nothing to watch", () => {
  const [readers, writers, time] = [guest.scratch, guest.scratch + 128, guest.scratch + 256];
  set64(readers, 0b111);
  set64(writers, 0b110);
  expect(guest.call("pselect6", 3, readers, writers, 0, 0, 0)).toBe(3);
  expect([u64(readers), u64(writers)]).toEqual([0b001, 0b110]);
  set64(readers, 0b10_0000);
  expect(guest.errorOf("pselect6", 6, readers, 0, 0, 0, 0)).toBe("EBADF");
  expect(guest.errorOf("pselect6", 6, 8, 0, 0, 0, 0)).toBe("EFAULT");
  expect(guest.errorOf("pselect6", -1, 0, 0, 0, 0, 0)).toBe("EINVAL");
  set64(time, 1);
  set64(time + 8, 0);
  expect(guest.call("pselect6", 0, 0, 0, 0, time, 0)).toBe(0);
  expect(guest.clock.nanoseconds()).toBe(1_000_001_000);
});

describe("mappings", () => {
  test("brk moves the end of the heap, gives zeros again, and stays where it cannot move", () => {
    const start = guest.call("brk", 0);
    expect(start % 4096).toBe(0);
    expect(guest.call("brk", start + 5000)).toBe(start + 5000);
    expect(guest.memory.write(start + 8191, Uint8Array.of(9))).toBe(true);
    expect(guest.memory.mappingAt(start)?.name).toBe("[heap]");
    expect(guest.call("brk", start + 10)).toBe(start + 10);
    expect(guest.memory.isMapped(start + 4096, 4096)).toBe(false);
    expect(guest.call("brk", start + 8192)).toBe(start + 8192);
    expect(guest.memory.read(start + 8191, 1)).toEqual(Uint8Array.of(0));
    expect(guest.call("brk", start - 1)).toBe(start + 8192);
    expect(guest.call("brk", 2 ** 40)).toBe(start + 8192);
    expect(guest.call("brk", guest.scratch + 4096)).toBe(start + 8192);
  });

  test("mmap places from the top down, next to each other, the same in every run", () => {
    const a = guest.call("mmap", 0, 4096, 3, PRIVATE_ANONYMOUS, -1, 0);
    const b = guest.call("mmap", 0, 5000, 3, PRIVATE_ANONYMOUS, -1, 0);
    expect([a, b]).toEqual([0xbeff_f000, 0xbeff_d000]);
    expect(guest.call("munmap", a, 4096)).toBe(0);
    expect(guest.call("mmap", 0, 4096, 3, PRIVATE_ANONYMOUS, -1, 0)).toBe(a);
    expect(guest.call("mmap", 0x5000_0001, 4096, 3, PRIVATE_ANONYMOUS, -1, 0)).toBe(0x5000_1000);
    expect(guest.call("mmap", 0x5000_1000, 4096, 0, PRIVATE_ANONYMOUS | FIXED, -1, 0)).toBe(0x5000_1000);
    expect(guest.memory.read(0x5000_1000, 1)).toBeUndefined();
    expect(guest.errorOf("mmap", 0x5000_1000, 4096, 3, PRIVATE_ANONYMOUS | 0x10_0000, -1, 0)).toBe("EEXIST");
  });

  test("mmap refuses what Linux refuses", () => {
    expect(guest.errorOf("mmap", 0, 0, 3, PRIVATE_ANONYMOUS, -1, 0)).toBe("EINVAL");
    expect(guest.errorOf("mmap", 0, 4096, 3, 0x20, -1, 0)).toBe("EINVAL");
    expect(guest.errorOf("mmap", 0, 4096, 3, PRIVATE_ANONYMOUS, -1, 5)).toBe("EINVAL");
    expect(guest.errorOf("mmap", 0, 4096, 3, 2, 99, 0)).toBe("EBADF");
    expect(guest.errorOf("mmap", 0x5000_0001, 4096, 3, PRIVATE_ANONYMOUS | FIXED, -1, 0)).toBe("EINVAL");
    expect(guest.errorOf("mmap", 0, 4096, 3, PRIVATE_ANONYMOUS | FIXED, -1, 0)).toBe("EPERM");
    expect(guest.errorOf("mmap", 2 ** 33, 4096, 3, PRIVATE_ANONYMOUS | FIXED, -1, 0)).toBe("ENOMEM");
    expect(guest.errorOf("mmap", 0, 0xffff_ffff_ffff_f000n, 3, PRIVATE_ANONYMOUS, -1, 0)).toBe("ENOMEM");
    expect(guest.errorOf("mmap", 0, 0xa000_0000, 3, PRIVATE_ANONYMOUS, -1, 0)).toBe("ENOMEM");
    expect(guest.errorOf("munmap", 0x5000_0001, 4096)).toBe("EINVAL");
    expect(guest.errorOf("munmap", 0x5000_0000, 0)).toBe("EINVAL");
    expect(guest.errorOf("munmap", 0x5000_0000, 4096)).toBe("0");
  });

  test("mprotect changes what may be done, all or nothing", () => {
    const at = guest.call("mmap", 0, 8192, 1, PRIVATE_ANONYMOUS, -1, 0);
    expect(guest.call("mprotect", at, 1, 2)).toBe(0);
    expect([guest.memory.check(at, 4096, 3), guest.memory.check(at + 4096, 1, 2)]).toEqual([true, false]);
    expect(guest.errorOf("mprotect", at + 4096, 8192, 3)).toBe("ENOMEM");
    expect(guest.memory.check(at + 4096, 1, 2)).toBe(false);
    expect(guest.errorOf("mprotect", 0x5000_0000, 4096, 3)).toBe("ENOMEM");
    expect(guest.errorOf("mprotect", at + 1, 4096, 3)).toBe("EINVAL");
    expect(guest.errorOf("mprotect", at, 4096, 8)).toBe("EINVAL");
    expect(guest.errorOf("mprotect", at, 0, 3)).toBe("0");
  });

  test("mremap shrinks and grows in place, moves with its contents, and keeps to its target", () => {
    const at = 0x5000_0000;
    guest.call("mmap", at, 4096, 3, PRIVATE_ANONYMOUS | FIXED, -1, 0);
    guest.memory.write(at, Uint8Array.of(7));
    expect(guest.call("mremap", at, 4096, 8192, 0)).toBe(at);
    expect(guest.call("mremap", at, 8192, 4096, 0)).toBe(at);
    guest.call("mmap", at + 4096, 4096, 3, PRIVATE_ANONYMOUS | FIXED | 0x1, -1, 0);
    guest.memory.protect(at + 4096, 4096, 1);
    expect(guest.errorOf("mremap", at, 4096, 8192, 0)).toBe("ENOMEM");
    const moved = guest.call("mremap", at, 4096, 8192, 1);
    expect(moved).toBe(0xbeff_e000);
    expect(guest.memory.read(moved, 1)).toEqual(Uint8Array.of(7));
    expect(guest.memory.isMapped(at, 4096)).toBe(false);
    expect(guest.call("mremap", moved, 8192, 4096, 3, 0x5100_0000)).toBe(0x5100_0000);
    expect(guest.memory.read(0x5100_0000, 1)).toEqual(Uint8Array.of(7));
    expect(guest.memory.isMapped(moved, 4096)).toBe(false);
    expect(guest.errorOf("mremap", at, 4096, 8192, 1)).toBe("EFAULT");
    expect(guest.errorOf("mremap", 0x5100_0000, 4096, 4096, 2, at)).toBe("EINVAL");
    expect(guest.errorOf("mremap", 0x5100_0000, 4096, 4096, 3, 0x5100_0000)).toBe("EINVAL");
    expect(guest.errorOf("mremap", 0x5100_0000, 4096, 0, 1)).toBe("EINVAL");
  });

  test("madvise discards, the rest of the advice is checked only", () => {
    const at = guest.call("mmap", 0, 8192, 3, PRIVATE_ANONYMOUS, -1, 0);
    guest.memory.write(at, Uint8Array.of(7));
    expect(guest.call("madvise", at, 4096, 3)).toBe(0);
    expect(guest.memory.read(at, 1)).toEqual(Uint8Array.of(7));
    expect(guest.call("madvise", at, 4096, 4)).toBe(0);
    expect(guest.memory.read(at, 1)).toEqual(Uint8Array.of(0));
    expect(guest.errorOf("madvise", at, 4096, 77)).toBe("EINVAL");
    expect(guest.errorOf("madvise", 0x5000_0000, 4096, 4)).toBe("ENOMEM");
    expect([guest.call("mlock", at, 8192), guest.errorOf("mlock", 0x5000_0000, 1)]).toEqual([0, "ENOMEM"]);
    expect(guest.call("mincore", at, 8192, guest.scratch)).toBe(0);
    expect(guest.call("msync", at, 8192, 4)).toBe(0);
  });
});

describe("time", () => {
  test("is virtual: it starts at a fixed date and sleeps by jumping", () => {
    const at = guest.scratch;
    expect(guest.call("clock_gettime", 0, at)).toBe(0);
    expect([u64(at), u64(at + 8)]).toEqual([1_735_689_600, 1000]);
    expect(guest.call("clock_gettime", 1, at)).toBe(0);
    expect([u64(at), u64(at + 8)]).toEqual([0, 1000]);
    set64(at, 3);
    set64(at + 8, 999_999_999);
    expect(guest.call("nanosleep", at, 0)).toBe(0);
    expect(guest.call("clock_gettime", 1, at)).toBe(0);
    expect([u64(at), u64(at + 8)]).toEqual([4, 999]);
    // What was executed before the process was there is not its own; nor is sleep.
    expect(guest.call("clock_gettime", 2, at)).toBe(0);
    expect([u64(at), u64(at + 8)]).toEqual([0, 0]);
    expect(guest.call("gettimeofday", at, at + 16)).toBe(0);
    expect([u64(at), u64(at + 8)]).toEqual([1_735_689_604, 0]);
    expect(guest.call("times", at)).toBe(400);
    expect(u64(at)).toBe(0);
    expect(guest.errorOf("clock_gettime", 99, at)).toBe("EINVAL");
    expect(guest.errorOf("clock_gettime", 0, 0)).toBe("EFAULT");
    expect(guest.call("clock_getres", 1, at)).toBe(0);
    expect(u64(at + 8)).toBe(1);
  });

  test("sleeps for ages stay within what the kernel can count (found by random calls)", () => {
    set64(guest.scratch, 0x61_2f6e_6900_0000);
    set64(guest.scratch + 8, 0);
    for (let round = 0; round < 3; round += 1) expect(guest.call("nanosleep", guest.scratch, 0)).toBe(0);
    expect(guest.call("times", 0)).toBe(Math.floor((2 ** 63 + 1000) / 1e7));
    expect(guest.call("clock_gettime", 0, guest.scratch)).toBe(0);
    expect(u64(guest.scratch)).toBe(1_735_689_600 + Math.floor(2 ** 63 / 1e9));
  });

  test("absolute sleeps end at their time; bad durations are refused", () => {
    const at = guest.scratch;
    set64(at, 1_735_689_610);
    set64(at + 8, 0);
    expect(guest.call("clock_nanosleep", 0, 1, at, 0)).toBe(0);
    expect(guest.clock.nanoseconds()).toBe(10_000_000_000);
    expect(guest.call("clock_nanosleep", 0, 1, at, 0)).toBe(0);
    expect(guest.clock.nanoseconds()).toBe(10_000_000_000);
    set64(at + 8, 1_000_000_000);
    expect(guest.errorOf("nanosleep", at, 0)).toBe("EINVAL");
    set64(at, -1);
    set64(at + 8, 0);
    expect(guest.errorOf("nanosleep", at, 0)).toBe("EINVAL");
    expect(guest.errorOf("nanosleep", 0, 0)).toBe("EFAULT");
  });
});

describe("randomness", () => {
  test("comes from the seed alone", () => {
    const take = (): string => {
      guest = createTestGuest();
      expect(guest.call("getrandom", guest.scratch, 32, 0)).toBe(32);
      return guest.text(guest.scratch, 32);
    };
    expect(take()).toBe(take());
    expect(guest.call("getrandom", guest.scratch + 32, 32, 4)).toBe(32);
    expect(guest.text(guest.scratch, 32)).not.toBe(guest.text(guest.scratch + 32, 32));
    expect(guest.errorOf("getrandom", guest.scratch, 1, 8)).toBe("EINVAL");
    expect(guest.errorOf("getrandom", 0, 1, 0)).toBe("EFAULT");
  });
});

describe("signals", () => {
  test("a process that signals itself takes the default action", () => {
    guest.call("tgkill", 100, 100, 6);
    expect(guest.task.process.exitStatus).toEqual({ kind: "signal", signal: 6 });
    for (const [signal, ends] of [
      [17, false],
      [28, false],
      [18, false],
      [10, true],
      [9, true],
      [19, false],
      [40, true],
    ] as const) {
      guest = createTestGuest();
      guest.call("kill", 100, signal);
      expect([signal, guest.task.process.exitStatus !== undefined]).toEqual([signal, ends]);
      expect(guest.task.stopped).toBe(signal === 19);
    }
  });

  test("blocked signals wait until they are unblocked", () => {
    const at = guest.scratch;
    set64(at, 1n << 9n);
    expect(guest.call("rt_sigprocmask", 0, at, at + 8, 8)).toBe(0);
    expect(u64(at + 8)).toBe(0);
    expect(guest.call("kill", 100, 10)).toBe(0);
    expect(guest.call("rt_sigpending", at + 16, 8)).toBe(0);
    expect(u64(at + 16)).toBe(1 << 9);
    guest.call("rt_sigprocmask", 1, at, 0, 8);
    expect(guest.task.process.exitStatus).toEqual({ kind: "signal", signal: 10 });
  });

  test("SIGKILL cannot be blocked, faults cannot be ignored", () => {
    const at = guest.scratch;
    set64(at, -1n);
    guest.call("rt_sigprocmask", 2, at, 0, 8);
    guest.call("rt_sigprocmask", 2, 0, at, 8);
    expect(guest.memory.view.getBigUint64(at, true)).toBe(~((1n << 8n) | (1n << 18n)) & ((1n << 64n) - 1n));
    set64(at, 1);
    guest.call("rt_sigaction", 11, at, 0, 8);
    guest.call("kill", 100, 11);
    expect(guest.task.process.exitStatus).toBeUndefined();
    guest.kernel.fault(guest.task, faultInfo(11, 1, 0n));
    guest.call("getpid");
    expect(guest.task.process.exitStatus).toEqual({ kind: "signal", signal: 11 });
  });

  test("handlers are run, on a frame of the thread's stack, and return", () => {
    const at = guest.scratch;
    const { vcpu } = guest.task;
    const stack = at + 0x8000;
    vcpu.registers.u32[2 * 2] = stack;
    set64(at, 0x1_1000);
    set64(at + 8, 0x1000_0000);
    expect(guest.call("rt_sigaction", 10, at, 0, 8)).toBe(0);
    expect(guest.call("rt_sigaction", 10, 0, at + 64, 8)).toBe(0);
    expect([u64(at + 64), u64(at + 72)]).toEqual([0x1_1000, 0x1000_0000]);
    vcpu.pc = 0x1_2340;
    guest.call("kill", 100, 10);
    expect([vcpu.pc, vcpu.registers.u32[2 * 2], vcpu.registers.u32[2 * 10]]).toEqual([
      0x1_1000,
      stack - 1088,
      10,
    ]);
    guest.call("rt_sigprocmask", 0, 0, at + 96, 8);
    expect(u64(at + 96)).toBe(1 << 9);
    guest.call("rt_sigreturn");
    expect([vcpu.pc, vcpu.registers.u32[2 * 2]]).toEqual([0x1_2340, stack]);
    guest.call("rt_sigprocmask", 0, 0, at + 96, 8);
    expect(u64(at + 96)).toBe(0);
    vcpu.registers.u32[2 * 2] = 64;
    guest.call("rt_sigreturn");
    expect(guest.task.process.exitStatus).toEqual({ kind: "signal", signal: 11 });
  });

  test("bad arguments are refused", () => {
    const at = guest.scratch;
    expect(guest.errorOf("rt_sigaction", 65, 0, 0, 8)).toBe("EINVAL");
    expect(guest.errorOf("rt_sigaction", 9, at, 0, 8)).toBe("EINVAL");
    expect(guest.errorOf("rt_sigaction", 10, at, 0, 4)).toBe("EINVAL");
    expect(guest.errorOf("rt_sigaction", 10, 8, 0, 8)).toBe("EFAULT");
    expect(guest.errorOf("rt_sigprocmask", 7, at, 0, 8)).toBe("EINVAL");
    expect(guest.errorOf("kill", 100, 65)).toBe("EINVAL");
    expect(guest.errorOf("kill", 1, 9)).toBe("ESRCH");
    expect(guest.errorOf("tgkill", 100, 101, 9)).toBe("ESRCH");
    expect(guest.errorOf("kill", 100, 0)).toBe("0");
  });

  test("an alternate stack is remembered", () => {
    const at = guest.scratch;
    set64(at, 0x6000_0000);
    set64(at + 8, 0);
    set64(at + 16, 8192);
    expect(guest.call("sigaltstack", at, at + 64)).toBe(0);
    expect(u32(at + 72)).toBe(2);
    expect(guest.call("sigaltstack", 0, at + 64)).toBe(0);
    expect([u64(at + 64), u32(at + 72), u64(at + 80)]).toEqual([0x6000_0000, 0, 8192]);
    set64(at + 16, 100);
    expect(guest.errorOf("sigaltstack", at, 0)).toBe("ENOMEM");
  });

  test("waiting for a signal takes a pending one, or lets the time pass", () => {
    const at = guest.scratch;
    set64(at, 1n << 9n);
    set64(at + 8, 1);
    set64(at + 16, 0);
    expect(guest.errorOf("rt_sigtimedwait", at, 0, at + 8, 8)).toBe("EAGAIN");
    guest.call("rt_sigprocmask", 0, at, 0, 8);
    guest.call("kill", 100, 10);
    expect(guest.call("rt_sigtimedwait", at, at + 64, at + 8, 8)).toBe(10);
    expect([u32(at + 64), u32(at + 80), u32(at + 84)]).toEqual([10, 100, 1000]);
    guest.call("rt_sigsuspend", at, 8);
    expect(guest.task.process.exitStatus).toEqual({ kind: "signal", signal: 9 });
    expect(guest.reports[0]).toMatch(/waits for something that can never happen/);
  });
});

describe("the process", () => {
  test("knows who it is, and may not become another", () => {
    expect(
      ["getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid"].map((name) =>
        guest.call(name),
      ),
    ).toEqual([100, 100, 1, 1000, 1000, 1000, 1000]);
    expect(guest.errorOf("setuid", 0)).toBe("EPERM");
    expect(guest.errorOf("setuid", 1000)).toBe("0");
    expect(guest.errorOf("setresgid", -1, 1000, -1)).toBe("0");
    expect(guest.call("getresuid", guest.scratch, guest.scratch + 4, guest.scratch + 8)).toBe(0);
    expect([0, 4, 8].map((offset) => u32(guest.scratch + offset))).toEqual([1000, 1000, 1000]);
    expect([guest.call("getpgid", 0), guest.errorOf("getpgid", 5)]).toEqual([100, "ESRCH"]);
  });

  test("can rename itself", () => {
    expect(guest.task.name).toBe("program");
    expect(guest.call("prctl", 15, "a-name-longer-than-15")).toBe(0);
    expect(guest.task.name).toBe("a-name-longer-t");
    expect(guest.call("prctl", 16, guest.scratch)).toBe(0);
    expect(guest.text(guest.scratch, 16)).toBe("a-name-longer-t\0");
    expect(guest.errorOf("prctl", 9999)).toBe("EINVAL");
  });

  test("futex: nobody to wake, a wrong value is EAGAIN, a timeout passes, for ever is a deadlock", () => {
    const at = guest.scratch;
    guest.memory.view.setUint32(at, 5, true);
    expect(guest.call("futex", at, 129, 1)).toBe(0);
    expect(guest.errorOf("futex", at, 128, 4, 0)).toBe("EAGAIN");
    expect(guest.errorOf("futex", at + 1, 128, 4, 0)).toBe("EINVAL");
    expect(guest.errorOf("futex", 8, 128, 4, 0)).toBe("EFAULT");
    expect(guest.errorOf("futex", at, 6, 4, 0)).toBe("ENOSYS");
    set64(at + 8, 1);
    set64(at + 16, 0);
    expect(guest.errorOf("futex", at, 0, 5, at + 8)).toBe("ETIMEDOUT");
    expect(guest.clock.nanoseconds()).toBe(1_000_001_000);
    guest.call("futex", at, 0, 5, 0);
    expect(guest.task.process.exitStatus).toEqual({ kind: "signal", signal: 9 });
  });

  test("limits are told and can be lowered", () => {
    const at = guest.scratch;
    expect(guest.call("prlimit64", 0, 3, 0, at)).toBe(0);
    expect([u64(at), guest.memory.view.getBigUint64(at + 8, true)]).toEqual([8 << 20, (1n << 64n) - 1n]);
    set64(at, 4096);
    expect(guest.call("setrlimit", 3, at)).toBe(0);
    expect(guest.call("getrlimit", 3, at + 32)).toBe(0);
    expect(u64(at + 32)).toBe(4096);
    set64(at + 8, 1);
    expect(guest.errorOf("prlimit64", 0, 3, at, 0)).toBe("EINVAL");
    expect(guest.errorOf("prlimit64", 0, 99, 0, at)).toBe("EINVAL");
    expect(guest.errorOf("prlimit64", 7, 3, 0, at)).toBe("ESRCH");
    expect(guest.errorOf("getrlimit", 3, 0)).toBe("EFAULT");
  });

  test("the system answers for itself, and has no network", () => {
    const at = guest.scratch;
    expect(guest.call("uname", at)).toBe(0);
    expect(guest.text(at + 4 * 65, 8)).toBe("riscv64\0");
    expect(guest.call("sysinfo", at)).toBe(0);
    expect([u64(at + 32), u32(at + 104)]).toEqual([0x8000_0000, 1]);
    expect(guest.call("getrusage", 0, at)).toBe(0);
    expect(guest.call("sched_getaffinity", 0, 128, at)).toBe(8);
    expect(u64(at)).toBe(1);
    [4, 0, 5, 0, 777, 9].forEach((word, index) => {
      set64(at + 8 * index, word);
    });
    expect(guest.call("riscv_hwprobe", at, 3, 0, 0, 0)).toBe(0);
    expect([u64(at + 8), u64(at + 24), guest.memory.view.getBigInt64(at + 32, true), u64(at + 40)]).toEqual([
      3,
      3,
      -1n,
      0,
    ]);
    expect(guest.errorOf("socket", 2, 1, 0)).toBe("EACCES");
    expect(guest.errorOf("rseq", at, 32, 0, 0)).toBe("ENOSYS");
    expect(guest.reports).toEqual([
      "socket: the guest has no network (EACCES); local sockets (AF_UNIX) work, and --allow-net gives it a loopback interface",
    ]);
  });
});
