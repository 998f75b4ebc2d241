import { readFileSync } from "node:fs";
import { plugin } from "@qpp/core";
import { osi } from "@qpp/plugins/osi/contract";
import { type DecodedSyscall, syscalls } from "@qpp/plugins/syscalls/contract";
import { describe, expect, it } from "vitest";
import { load } from "./load.js";

const READ = 63;
const PRCTL = 167;
const OPENAT = 56;

describe("osi", () => {
  it("tells the running process, and when it gets another name", async () => {
    const changes: string[] = [];
    const listener = plugin("listener", {
      requires: { osi },
      install({ osi }) {
        osi.processChanged.register((now, before) =>
          changes.push(`${before.name} -> ${now.name}, ${osi.process().name}`),
        );
      },
    });
    const { fake, result } = await load({ osi: {} }, [listener]);
    fake.process = { ...fake.process, name: "worker" };
    expect(changes).toEqual(["guest -> worker, worker"]);
    fake.process = { pid: 101, ppid: 100, name: "child" };
    fake.process = { pid: 100, ppid: 1, name: "worker" };
    expect(changes.slice(1)).toEqual(["worker -> child, child", "child -> worker, worker"]);
    expect(result("osi")).toEqual({
      processes: [
        { pid: 100, ppid: 1, name: "guest" },
        { pid: 100, ppid: 1, name: "worker" },
        { pid: 101, ppid: 100, name: "child" },
      ],
    });
  });
});

describe("syscalls", () => {
  async function record(): Promise<{ fake: Awaited<ReturnType<typeof load>>["fake"]; seen: unknown[] }> {
    const seen: unknown[] = [];
    const listener = plugin("listener", {
      requires: { syscalls },
      install({ syscalls }) {
        const show = (call: DecodedSyscall) =>
          `${call.name}(${call.args.map(({ text }) => text).join(", ")})`;
        syscalls.entered.register((call) => seen.push(show(call)));
        syscalls.returned.register((call, result, error) => seen.push([show(call), result, error]));
      },
    });
    const { fake } = await load({}, [listener]);
    return { fake, seen };
  }

  it("decodes names, numbers with their sign, flags, modes and strings", async () => {
    const { fake, seen } = await record();
    fake.memory.set(0x5000, new TextEncoder().encode('a "b"'));
    fake.call({ number: OPENAT, args: [-100, 0x5000, 0x241, 0o644], result: 3 });
    fake.call({ number: OPENAT, args: [7, 0x9999, 0, 0], result: -14 });
    fake.call({ number: READ, args: [-1, 0, 10], result: -9 });
    fake.call({ number: 9999, args: [1, 0, 0, 0, 0, 6, 7, 8] });
    const open = 'openat(AT_FDCWD, "a \\"b\\"", 0x241, 0644)';
    expect(seen).toEqual([
      open,
      [open, 3, undefined],
      "openat(7, 0x9999, 0, 0)",
      ["openat(7, 0x9999, 0, 0)", -14, "EFAULT"],
      "read(-1, NULL, 10)",
      ["read(-1, NULL, 10)", -9, "EBADF"],
      "unknown_9999(0x1, NULL, NULL, NULL, NULL, 0x6)",
    ]);
  });

  it("shows at the return what the strings were at the entry", async () => {
    const names: (string | undefined)[] = [];
    const overwriter = plugin("overwriter", {
      requires: { syscalls },
      install({ syscalls }) {
        syscalls.returned.register((call) => names.push(call.args[1]?.string));
        syscalls.entered.register(() => void fake.memory.clear());
      },
    });
    const { fake } = await load({}, [overwriter]);
    fake.memory.set(0x5000, new TextEncoder().encode("before"));
    fake.call({ number: OPENAT, args: [0, 0x5000], result: 3 });
    expect(names).toEqual(["before"]);
  });
});

describe("syscalls_logger", () => {
  it("prints one line a call, in the RFC's form, and loads what it requires", async () => {
    const { fake, lines, result } = await load({ syscalls_logger: {} });
    fake.call({ number: PRCTL, pc: 0x1_0abc, result: 0 });
    fake.process = { pid: 211, ppid: 1, name: "hello" };
    fake.call({ number: READ, pc: 0x7f0b_8154_78cd, result: 0 });
    expect(lines).toEqual([
      "Syscall at pc 10abc: number 167 (prctl): Process 'guest', pid 100, ppid 1",
      "Syscall at pc 7f0b815478cd: number 63 (read): Process 'hello', pid 211, ppid 1",
    ]);
    expect(result("syscalls_logger")).toEqual({ calls: 2 });
    expect(result("syscalls")).toEqual({ calls: 2 });
  });

  it("imports contracts only", () => {
    const source = readFileSync(
      new URL("../../packages/plugins/src/syscalls-logger/index.ts", import.meta.url),
      "utf8",
    );
    const imported = [...source.matchAll(/from "([^"]+)"/g)].map(([, path]) => path);
    expect(imported).toEqual(["@qpp/core", "../osi/contract.js", "../syscalls/contract.js", "./contract.js"]);
  });
});
