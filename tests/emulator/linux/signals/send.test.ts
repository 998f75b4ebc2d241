import { describe, expect, test } from "vitest";
import { Errno } from "../../../../packages/emulator/src/linux/errno.js";
import {
  type Action,
  ActionFlag,
  createActions,
  DEFAULT,
  IGNORE,
} from "../../../../packages/emulator/src/linux/signals/actions.js";
import { tellOfEnd, tellOfStop } from "../../../../packages/emulator/src/linux/signals/child.js";
import {
  faultInfo,
  infoCode,
  infoSignal,
  SignalCode,
  sentInfo,
} from "../../../../packages/emulator/src/linux/signals/info.js";
import { Signal } from "../../../../packages/emulator/src/linux/signals/numbers.js";
import {
  forceSignal,
  sendToProcess,
  sendToThread,
} from "../../../../packages/emulator/src/linux/signals/send.js";
import { hasSignal, signalSet } from "../../../../packages/emulator/src/linux/signals/set.js";
import {
  createProcessSignals,
  createThreadSignals,
  forgetProgram,
  leaveThread,
  type ProcessSignals,
  setBlocked,
} from "../../../../packages/emulator/src/linux/signals/state.js";
import { takeSignal } from "../../../../packages/emulator/src/linux/signals/take.js";

const HANDLER = 0x1_0000n;

function handled(process: ProcessSignals, ...signals: readonly number[]): void {
  const action: Action = { handler: HANDLER, flags: 0, mask: signalSet() };
  for (const signal of signals) process.actions.set(signal, action);
}

function createRig(orphaned = false) {
  const told: string[] = [];
  const process = createProcessSignals(
    {
      stopped: (signal) => told.push(`stopped ${signal}`),
      continued: () => told.push("continued"),
      orphaned: () => orphaned,
    },
    { used: 0, limit: 100 },
  );
  const thread = createThreadSignals(process);
  const send = (signal: number): number =>
    sendToProcess(process, { info: sentInfo(signal, SignalCode.USER, 1, 1) });
  return { process, thread, send, told };
}

describe("which thread takes a process's signal", () => {
  test("the first, unless it blocks it or has something to do", () => {
    const { process, thread, send } = createRig();
    handled(process, 10, 12, 15);
    const second = createThreadSignals(process);
    send(10);
    expect([thread.interrupted, second.interrupted]).toEqual([true, false]);
    send(12);
    expect(second.interrupted).toBe(true);
    expect(takeSignal(second)?.signal).toBe(10);
    expect(takeSignal(thread)?.signal).toBe(12);
    expect(takeSignal(thread)).toBeUndefined();
    setBlocked(thread, signalSet(15));
    second.interrupted = false;
    send(15);
    expect([thread.interrupted, second.interrupted]).toEqual([false, true]);
  });

  test("whoever unblocks it, if all block it; another, if the chosen one blocks it or ends", () => {
    const { process, thread, send } = createRig();
    handled(process, 10);
    const second = createThreadSignals(process);
    setBlocked(thread, signalSet(10));
    setBlocked(second, signalSet(10));
    send(10);
    expect([thread.interrupted, second.interrupted]).toEqual([false, false]);
    setBlocked(second, signalSet());
    expect(second.interrupted).toBe(true);
    setBlocked(thread, signalSet());
    setBlocked(second, signalSet(10));
    expect([thread.interrupted, second.interrupted]).toEqual([true, false]);
    setBlocked(second, signalSet());
    thread.interrupted = second.interrupted = false;
    leaveThread(thread);
    expect(second.interrupted).toBe(true);
  });

  test("a thread's own signals are its own, and end with it", () => {
    const { process, thread } = createRig();
    handled(process, 40);
    const second = createThreadSignals(process, { blocked: signalSet(40), stack: thread.stack });
    sendToThread(second, { info: sentInfo(40, SignalCode.TKILL, 1, 1) });
    expect(takeSignal(thread)).toBeUndefined();
    expect(process.quota.used).toBe(1);
    leaveThread(second);
    expect(process.quota.used).toBe(0);
  });

  test("what a thread waits for wakes it, though it blocks it, and is taken by no handler", () => {
    const { process, thread, send } = createRig();
    handled(process, 10);
    thread.awaited = signalSet(10);
    send(10);
    expect(thread.interrupted).toBe(true);
    expect(takeSignal(thread)).toBeUndefined();
    expect(hasSignal(process.pending.set, 10)).toBe(true);
  });
});

describe("signals that vanish", () => {
  test("ignored ones, unless they are blocked", () => {
    const { process, thread, send } = createRig();
    process.actions.set(10, { handler: IGNORE, flags: 0, mask: signalSet() });
    let dropped = 0;
    sendToProcess(process, { info: sentInfo(10, 0, 1, 1), dropped: () => dropped++ });
    send(Signal.SIGCHLD);
    send(Signal.SIGCONT);
    expect([thread.interrupted, dropped, process.quota.used]).toEqual([false, 1, 0]);
    setBlocked(thread, signalSet(10, Signal.SIGCHLD));
    send(10);
    send(Signal.SIGCHLD);
    expect(process.quota.used).toBe(2);
    setBlocked(thread, signalSet());
    expect(takeSignal(thread)).toBeUndefined();
    expect(process.quota.used).toBe(0);
  });

  test("beyond the limit there is EAGAIN", () => {
    const { process } = createRig();
    handled(process, 40);
    const queue = (): number => sendToProcess(process, { info: sentInfo(40, SignalCode.QUEUE, 1, 1) });
    for (let count = 0; count < 100; count += 1) expect(queue()).toBe(0);
    expect(queue()).toBe(-Errno.EAGAIN);
  });
});

describe("stopping and continuing", () => {
  test("a stopped process takes nothing until SIGCONT; SIGKILL ends it all the same", () => {
    const { process, thread, send, told } = createRig();
    handled(process, 10);
    send(Signal.SIGTSTP);
    expect(takeSignal(thread)).toBeUndefined();
    expect([process.stopped, told]).toEqual([Signal.SIGTSTP, ["stopped 20"]]);
    send(10);
    expect(takeSignal(thread)).toBeUndefined();
    send(Signal.SIGCONT);
    expect([process.stopped, told]).toEqual([0, ["stopped 20", "continued"]]);
    expect(takeSignal(thread)?.signal).toBe(10);
    send(Signal.SIGSTOP);
    takeSignal(thread);
    send(Signal.SIGKILL);
    expect(takeSignal(thread)).toMatchObject({ kind: "fatal", signal: Signal.SIGKILL });
    expect(told).toEqual(["stopped 20", "continued", "stopped 19"]);
  });

  test("SIGCONT takes waiting stop signals back, and they take it back", () => {
    const { process, thread, send } = createRig();
    handled(process, Signal.SIGCONT);
    setBlocked(thread, signalSet(Signal.SIGTSTP, Signal.SIGCONT));
    send(Signal.SIGTSTP);
    send(Signal.SIGCONT);
    expect(hasSignal(process.pending.set, Signal.SIGTSTP)).toBe(false);
    send(Signal.SIGTSTP);
    expect(hasSignal(process.pending.set, Signal.SIGCONT)).toBe(false);
  });

  test("the terminal does not stop an orphaned group; SIGSTOP does", () => {
    const { process, thread, send } = createRig(true);
    send(Signal.SIGTTIN);
    takeSignal(thread);
    expect(process.stopped).toBe(0);
    send(Signal.SIGSTOP);
    takeSignal(thread);
    expect(process.stopped).toBe(Signal.SIGSTOP);
  });
});

describe("faults", () => {
  test("go to the handler; blocked or ignored they are fatal", () => {
    const { process, thread } = createRig();
    handled(process, 11);
    forceSignal(thread, faultInfo(11, 1, 0n));
    expect(takeSignal(thread)).toMatchObject({ kind: "handler", signal: 11 });
    setBlocked(thread, signalSet(11));
    forceSignal(thread, faultInfo(11, 1, 0n));
    expect(takeSignal(thread)).toMatchObject({ kind: "fatal", signal: 11 });
    process.actions.set(4, { handler: IGNORE, flags: 0, mask: signalSet() });
    forceSignal(thread, faultInfo(4, 1, 0n));
    expect(takeSignal(thread)).toMatchObject({ kind: "fatal", signal: 4 });
  });

  test("SA_RESETHAND puts the default back before the handler runs", () => {
    const { process, thread, send } = createRig();
    process.actions.set(10, { handler: HANDLER, flags: ActionFlag.RESETHAND, mask: signalSet() });
    send(10);
    expect(takeSignal(thread)?.action.handler).toBe(HANDLER);
    expect(process.actions.get(10).handler).toBe(DEFAULT);
  });
});

describe("parents and programs", () => {
  const news = { code: 1, pid: 5, uid: 6, status: 7, userTicks: 8 };

  test("a parent hears of its child's end, unless it does not want to", () => {
    const { process } = createRig();
    handled(process, Signal.SIGCHLD);
    expect(tellOfEnd(process, Signal.SIGCHLD, news)).toBe(false);
    const info = process.pending.take(Signal.SIGCHLD);
    expect(info && [infoSignal(info), infoCode(info), ...new Int32Array(info.buffer, 16, 5)]).toEqual([
      17, 1, 5, 6, 7, 0, 8,
    ]);
    process.actions.set(Signal.SIGCHLD, {
      handler: HANDLER,
      flags: ActionFlag.NOCLDWAIT | ActionFlag.NOCLDSTOP,
      mask: signalSet(),
    });
    expect(tellOfEnd(process, Signal.SIGCHLD, news)).toBe(true);
    expect(process.pending.take(Signal.SIGCHLD)).toBeDefined();
    tellOfStop(process, news);
    expect(process.pending.take(Signal.SIGCHLD)).toBeUndefined();
    process.actions.set(Signal.SIGCHLD, { handler: IGNORE, flags: 0, mask: signalSet() });
    expect(tellOfEnd(process, Signal.SIGCHLD, news)).toBe(true);
    expect(process.pending.take(Signal.SIGCHLD)).toBeUndefined();
    expect(tellOfEnd(process, 0, news)).toBe(false);
  });

  test("another program keeps what is ignored, and no handler", () => {
    const { process, thread } = createRig();
    handled(process, 10);
    process.actions.set(12, { handler: IGNORE, flags: ActionFlag.RESTART, mask: signalSet(3) });
    thread.stack = { start: 1, size: 1, autodisarm: false };
    forgetProgram(thread);
    expect([process.actions.get(10).handler, process.actions.get(12).handler]).toEqual([DEFAULT, IGNORE]);
    expect(thread.stack.size).toBe(0);
    const copy = createActions();
    expect(() => copy.get(65)).toThrow("no such signal: 65");
  });
});
