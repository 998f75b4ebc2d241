import type { SyscallEntry, SyscallReturn } from "@qpp/emulator/contract";
import { filter, map } from "rxjs";
import { describe, expect, it } from "vitest";
import { A0, A1, A2, A3, A4, A5, A6, A7, exit, li, op, syscall, TEXT } from "../assemble.js";
import { createRig, guest, program } from "../rig.js";

/** Registers a0 to a6 hold 1 to 7, of which a1 is negative; a7 the number of getpid. */
const numbered = [
  ...[A0, A1, A2, A3, A4, A5, A6].flatMap((register, i) => li(register, register === A1 ? -2 : i + 1)),
  ...li(A7, 172),
  op("ecall"),
];
const ECALL = TEXT + 4 * (numbered.length - 1);

describe("register_vcpu_syscall_cb", () => {
  it("is called before the call, with its number, name and eight arguments", async () => {
    const rig = await createRig(program([...numbered, ...exit(0)]));
    const calls: SyscallEntry[] = [];
    const pcs: number[] = [];
    const counts: number[] = [];
    rig.api.syscalls.entered.register((call) => {
      calls.push(call);
      pcs.push(call.cpu.pc);
      counts.push(call.cpu.executed, rig.api.executed());
    });
    rig.run();
    const [getpid, exitGroup] = calls;
    expect([getpid?.name, getpid?.number, getpid?.pc]).toEqual(["getpid", 172, ECALL]);
    expect(getpid?.args).toEqual([1, 2 ** 64 - 2, 3, 4, 5, 6, 7, 172]);
    expect(getpid?.rawArgs).toEqual([1n, 2n ** 64n - 2n, 3n, 4n, 5n, 6n, 7n, 172n]);
    expect(exitGroup?.name).toBe("exit_group");
    expect(pcs).toEqual(calls.map((call) => call.pc));
    // The ecall itself is not executed yet.
    expect(counts).toEqual([
      numbered.length - 1,
      numbered.length - 1,
      numbered.length + 2,
      numbered.length + 2,
    ]);
  });

  it("can change the arguments that the kernel sees", async () => {
    const rig = await createRig(program(exit(1)));
    rig.api.syscalls.entered.register(({ cpu }) => cpu.registers.write("a0", 9n), { registers: "write" });
    expect(rig.run().code).toBe(9);
  });

  it("names what the kernel's table does not know by its number", async () => {
    const rig = await createRig(guest("unknown-syscall"));
    const names: string[] = [];
    rig.api.syscalls.where((s) => s.number > 1000).entered.register((call) => names.push(call.name));
    rig.run();
    expect(names).toEqual(["unknown_9999", "unknown_9999"]);
  });
});

describe("register_vcpu_syscall_ret_cb", () => {
  it("is called after the call, with its number and result", async () => {
    const rig = await createRig(
      program([...numbered, ...syscall("close", 77), ...syscall("brk", 0), ...exit(0)]),
    );
    const seen: SyscallReturn[] = [];
    const a0: number[] = [];
    rig.api.syscalls.returned.register((call) => {
      seen.push(call);
      a0.push(call.cpu.registers.readNumber("a0"));
    });
    rig.run();
    const pid = rig.api.process().pid;
    expect(seen.map(({ number, name, result, error }) => [number, name, result, error])).toEqual([
      [172, "getpid", pid, undefined],
      [57, "close", -9, "EBADF"],
      [214, "brk", expect.any(Number), undefined],
    ]);
    expect(a0[0]).toBe(pid);
    // The arguments are still those of the call, though a0 has its result.
    expect(seen[0]?.args[0]).toBe(1);
    expect(seen[0]?.pc).toBe(ECALL);
  });
});

describe("all lanes of system calls", () => {
  it("see the same calls in the same order", async () => {
    const rig = await createRig(guest("hello"));
    const { entered, returned } = rig.api.syscalls;
    const direct: string[] = [];
    const rx: string[] = [];
    const batched: number[] = [];
    const directResults: number[] = [];
    const rxResults: number[] = [];
    const batchedResults: number[] = [];
    const count = entered.count();
    const byName = entered.countBy((call) => call.name);
    entered.register((call) => direct.push(`${call.name} ${call.pc} ${call.args}`));
    entered.pipe(map((call) => `${call.name} ${call.pc} ${call.args}`)).subscribe((line) => rx.push(line));
    entered.batch((b) => batched.push(...b.number.subarray(0, b.length)), { capacity: 3 });
    returned.register((call) => directResults.push(call.result));
    returned.subscribe((call) => rxResults.push(call.result));
    returned.batch((b) => batchedResults.push(...b.result.subarray(0, b.length)), { capacity: 2 });
    rig.run();
    expect(direct.length).toBeGreaterThan(5);
    expect(rx).toEqual(direct);
    expect(batched).toHaveLength(direct.length);
    expect(count.value).toBe(direct.length);
    expect([...byName.entries()].reduce((sum, [, n]) => sum + n, 0)).toBe(direct.length);
    expect(byName.get("write")).toBe(direct.filter((line) => line.startsWith("write ")).length);
    expect(byName.get("mount")).toBe(0);
    // exit_group does not come back.
    expect(directResults).toHaveLength(direct.length - 1);
    expect(rxResults).toEqual(directResults);
    expect(batchedResults).toEqual(directResults);
  });

  it("select by name, and stop when they are unsubscribed", async () => {
    const rig = await createRig(
      program([...syscall("getpid"), ...syscall("getppid"), ...syscall("getpid"), ...exit(0)]),
    );
    const { syscalls } = rig.api;
    const names: string[] = [];
    syscalls
      .where((s) => s.name.startsWith("get"))
      .where((s) => s.name !== "getppid")
      .entered.register((call) => names.push(call.name));
    const counter = syscalls.returned.count();
    const once = syscalls.entered.pipe(filter((call) => call.name === "getppid")).subscribe(() => {
      counter.detach();
      once.unsubscribe();
    });
    rig.run();
    expect(names).toEqual(["getpid", "getpid"]);
    expect(counter.value).toBe(1);
    expect(counter.ofVcpu(0)).toBe(1);
  });

  it("hand a batch over once, even if its consumer detaches there", async () => {
    const rig = await createRig(guest("hello"));
    const batches: number[] = [];
    const batch = rig.api.syscalls.entered.batch(
      ({ length }) => {
        batches.push(length);
        batch.unsubscribe();
      },
      { capacity: 4 },
    );
    rig.run();
    expect(batches).toEqual([4]);
  });

  it.each([0, -1, 1.5, 2 ** 20 + 1, Number.NaN])("refuse a batch of %s events", async (capacity) => {
    const { api } = await createRig(guest("exit-code"));
    for (const lane of [
      api.syscalls.entered,
      api.syscalls.returned,
      api.blocks.executed,
      api.memory.accessed,
    ]) {
      expect(() => lane.batch(() => {}, { capacity })).toThrow(
        `a batch holds a whole number of events from 1 to 1048576; got ${capacity}`,
      );
    }
  });

  it("do inline operations", async () => {
    const rig = await createRig(guest("hello"));
    const { api } = rig;
    const board = api.scoreboards.create(2);
    api.syscalls.entered.inline("add", board.entry(0), 2);
    api.syscalls.where((s) => s.name === "exit_group").entered.inline("store", board.entry(1), 5);
    const count = api.syscalls.entered.count();
    rig.run();
    expect([...board.of(0)]).toEqual([2n * BigInt(count.value), 5n]);
  });
});

describe("register_vcpu_syscall_filter_cb", () => {
  it("answers the call itself: the guest gets the result, the host never sees the call", async () => {
    const rig = await createRig(guest("hello"));
    const { syscalls } = rig.api;
    const returned: unknown[] = [];
    syscalls.filter((call) => (call.name === "write" ? call.args[2] : undefined));
    syscalls
      .where((s) => s.name === "write")
      .returned.register(({ result, cpu }) => returned.push([result, cpu.registers.readNumber("a0")]));
    expect(rig.run().code).toBe(0);
    expect(rig.output()).toBe("");
    expect(returned.length).toBeGreaterThan(0);
    for (const [result, a0] of returned as [number, number][]) expect(a0).toBe(result);
  });

  it("sets negative results as errors, in all 64 bits", async () => {
    const rig = await createRig(program([...syscall("getpid"), ...exit(0)]));
    const seen: unknown[] = [];
    rig.api.syscalls.filter((call) => (call.name === "getpid" ? -13 : undefined));
    rig.api.syscalls.returned.register((call) =>
      seen.push(call.result, call.error, call.cpu.registers.read("a0")),
    );
    rig.run();
    expect(seen).toEqual([-13, "EACCES", 2n ** 64n - 13n]);
  });

  it("asks in order of registration, after `entered`; the first that answers decides", async () => {
    const rig = await createRig(program([...syscall("getpid"), ...exit(0)]));
    const order: string[] = [];
    const { syscalls } = rig.api;
    const passing = syscalls
      .where((s) => s.name === "getpid")
      .filter(() => {
        order.push("first");
        return undefined;
      });
    syscalls
      .where((s) => s.name === "getpid")
      .filter(() => {
        order.push("second");
        return 5;
      });
    syscalls.filter((call) => {
      order.push(`third ${call.name}`);
      return undefined;
    });
    syscalls.entered.register((call) => order.push(`entered ${call.name}`));
    syscalls.returned.register((call) => {
      order.push(`returned ${call.result}`);
      passing.unsubscribe();
    });
    rig.run();
    expect(order).toEqual([
      "entered getpid",
      "first",
      "second",
      "returned 5",
      "entered exit_group",
      "third exit_group",
    ]);
  });

  it("can keep the guest from exiting", async () => {
    const rig = await createRig(program([...exit(1), ...exit(2)]));
    let answered = false;
    rig.api.syscalls.filter(() => {
      if (answered) return undefined;
      answered = true;
      return 0;
    });
    expect(rig.run().code).toBe(2);
  });

  it.each([1.5, Number.NaN, 2 ** 53, "0"])(
    "takes %s for a fault of its plugin, not for an answer",
    async (answer) => {
      const rig = await createRig(program([...syscall("getpid"), ...exit(0)]), { onFault: "report" });
      rig.api.syscalls.filter((call) => (call.name === "getpid" ? (answer as number) : undefined));
      const results: number[] = [];
      rig.api.syscalls.returned.register((call) => results.push(call.result));
      rig.run();
      expect(results).toEqual([rig.api.process().pid]);
      expect(rig.faults.map((f) => f.message)).toEqual([
        expect.stringContaining(
          `failed in filter of machine.syscalls: TypeError: a filter answers with a whole number or undefined; got ${answer}`,
        ),
      ]);
    },
  );
});
