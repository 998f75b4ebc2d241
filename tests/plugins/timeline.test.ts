import { plugin } from "@qpp/core";
import { type Cpu, machine } from "@qpp/emulator/contract";
import { block } from "@qpp/emulator/testing";
import { callstack, type Frame } from "@qpp/plugins/callstack/contract";
import { timeline } from "@qpp/plugins/timeline/contract";
import { expect, test } from "vitest";
import { type Loaded, load } from "./load.js";

const READ = 63;

/** Lets the test set the guest's clock. */
function clockmaker() {
  let set = (_nanoseconds: number): void => {};
  const made = plugin("clockmaker", {
    requires: { machine },
    install({ machine }) {
      const clock = machine.clock.request();
      set = (nanoseconds) => clock.set(nanoseconds);
    },
  });
  return { made, set: (nanoseconds: number) => set(nanoseconds) };
}

/** A call stack of which the test tells. */
function fakeCalls() {
  let frames: Frame[] = [];
  let tell: { call(frame: Frame): void; back(): void } | undefined;
  const made = plugin(callstack, {
    requires: { machine },
    install({ machine, callbacks }) {
      const cpu = (): Cpu => {
        const [first] = machine.vcpus.list;
        if (first === undefined) throw new Error("the fake machine has no vCPU");
        return first;
      };
      tell = {
        call(frame) {
          frames = [frame, ...frames];
          callbacks.onCall.run(cpu(), frame);
        },
        back() {
          const [frame, ...rest] = frames;
          if (frame) callbacks.onReturn.run(cpu(), frame, "returned");
          frames = rest;
        },
      };
      return {
        stack: () => frames,
        depth: () => frames.length,
        top: () => frames[0],
        stackId: () => 1,
      };
    },
  });
  return {
    made,
    call: (function_: number, index: number) =>
      tell?.call({ kind: "call", function: function_, callSite: 0, returnAddress: 0, sp: 0, index }),
    back: () => tell?.back(),
  };
}

function traceOf(loaded: Loaded): unknown[] {
  return JSON.parse(String(loaded.files().get("trace.json")));
}

test("system calls and waits, with times, arguments and results", async () => {
  const clock = clockmaker();
  let spans = (): number => 0;
  const client = plugin("client", {
    requires: { timeline },
    install({ timeline }) {
      spans = () => timeline.spans("syscall");
    },
  });
  const loaded = await load({ timeline: {} }, [clock.made, client]);
  const { fake, result, summary } = loaded;
  clock.set(1500);
  fake.call({ number: READ, args: [0, 0, 10], result: 3 });
  clock.set(2000);
  fake.call({ number: READ, args: [-1, 0, 10], result: -9 });
  fake.call({ number: 94, args: [0] });
  fake.end(0);
  expect(spans()).toBe(2);
  expect(result("timeline")).toEqual({ syscall: 2, call: 0, idle: 0, written: 2, left: 0 });
  expect(summary("timeline")).toContain("syscall       2");
  const thread = { pid: 100, tid: 0 };
  expect(traceOf(loaded)).toEqual([
    { ph: "M", name: "process_name", ...thread, ts: 0, args: { name: "guest" } },
    { ph: "M", name: "thread_name", ...thread, ts: 0, args: { name: "guest 100, vCPU 0" } },
    {
      ph: "X",
      cat: "syscall",
      name: "read",
      ...thread,
      ts: 1.5,
      dur: 0,
      args: { arguments: "0, NULL, 10", result: "3" },
    },
    {
      ph: "X",
      cat: "syscall",
      name: "read",
      ...thread,
      ts: 2,
      dur: 0,
      args: { arguments: "-1, NULL, 10", result: "EBADF" },
    },
  ]);
});

test("calls, nested and up to a depth, if callstack is there", async () => {
  const clock = clockmaker();
  const calls = fakeCalls();
  const loaded = await load({ timeline: { depth: "2" } }, [clock.made, calls.made]);
  // The first thing that happens brings the vCPU.
  loaded.fake.execute(block(0x1000, ["addi a0,a0,1"]));
  calls.call(0x1000, 1);
  clock.set(10);
  calls.call(0x2000, 2);
  calls.call(0x3000, 3);
  clock.set(40);
  calls.back();
  calls.back();
  clock.set(100);
  calls.back();
  loaded.fake.end(0);
  const spans = traceOf(loaded).filter((event) => JSON.stringify(event).includes('"X"'));
  expect(spans).toEqual([
    { ph: "X", cat: "call", name: "0x2000", pid: 100, tid: 0, ts: 0.01, dur: 0.03 },
    { ph: "X", cat: "call", name: "0x1000", pid: 100, tid: 0, ts: 0, dur: 0.1 },
  ]);
});

test("the file is limited, counts are not; an empty trace is one", async () => {
  const loaded = await load({ timeline: { limit: "1" } });
  for (let i = 0; i < 3; i++) loaded.fake.call({ number: READ, args: [0, 0, 1], result: 1 });
  loaded.fake.end(0);
  expect(loaded.result("timeline")).toMatchObject({ syscall: 3, written: 1, left: 2 });
  expect(loaded.summary("timeline")).toContain("the file has the first 1 of 3: see limit=");
  expect(traceOf(loaded)).toHaveLength(3);
  const empty = await load({ timeline: {} });
  empty.fake.end(0);
  expect(traceOf(empty)).toEqual([]);
});
