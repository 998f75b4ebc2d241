import { createContainer, plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { createFakeMachine, type FakeMachine } from "@qpp/emulator/testing";
import callstackPlugin from "@qpp/plugins/callstack";
import { callstack, type Frame } from "@qpp/plugins/callstack/contract";
import { findInCatalog } from "@qpp/plugins/catalog";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FUNCTIONS, GuestThread, type Registers, type Step, steps } from "./callstack/guest.js";

interface Rig {
  readonly fake: FakeMachine;
  readonly registers: Registers;
  readonly stack: (vcpu: number) => readonly Frame[];
  /** The frames that callbacks have left, by vCPU: what a listener knows that keeps a stack of its own. */
  readonly told: (vcpu: number) => readonly number[];
}

async function rig(): Promise<Rig> {
  const symbols = FUNCTIONS.map((address, i) => ({ name: `f${i}`, address, size: 0x1000 }));
  const fake = createFakeMachine({ symbols });
  const registers: Registers = new Map();
  let stack: Rig["stack"] = () => [];
  const told = new Map<number, number[]>();
  const setter = plugin("setter", {
    requires: { machine },
    install({ machine }) {
      machine.blocks.executed.register(
        (cpu) => {
          for (const [name, value] of registers) cpu.registers.write(name, BigInt(value));
        },
        { registers: "write" },
      );
    },
  });
  const listener = plugin("listener", {
    requires: { callstack },
    install({ callstack }) {
      stack = callstack.stack;
      callstack.onCall.register(({ index }, frame) => {
        expect(frame).toEqual(expect.objectContaining({ ...callstack.stack(index)[0] }));
        told.get(index)?.push(frame.function);
      });
      callstack.onReturn.register(({ index }, frame) => {
        expect(frame.index).toBe(callstack.depth(index) - 1);
        expect(told.get(index)?.pop()).toBe(frame.function);
      });
      callstack.onTailCall.register(({ index }, frame, before) => {
        expect(told.get(index)?.pop()).toBe(before);
        told.get(index)?.push(frame.function);
      });
      callstack.onSwitch.register(({ index }) => {
        const frames = callstack.stack(index).map((frame) => frame.function);
        told.set(index, frames.reverse());
      });
    },
  });
  const container = createContainer({
    resolve: (name) => findInCatalog(name)?.load(),
    host: {
      log: () => {},
      fault: ({ cause }) => {
        throw cause;
      },
    },
  });
  const plugins = [fake.plugin, setter, callstackPlugin, listener];
  const { refused } = await container.load(plugins.map((each) => ({ plugin: each })));
  expect(refused).toEqual([]);
  return { fake, registers, stack: (vcpu) => stack(vcpu), told: (vcpu) => told.get(vcpu) ?? [] };
}

/** Addresses of the functions, but for that where the thread began. */
const addresses = (functions: readonly number[]): (number | undefined)[] =>
  functions.map((each) => FUNCTIONS[each]);

async function check(played: readonly { readonly vcpu: number; readonly step: Step }[]): Promise<void> {
  const { fake, registers, stack, told } = await rig();
  const threads = [0, 1].map((vcpu) => new GuestThread(fake, registers, vcpu));
  played.forEach(({ vcpu, step }, at) => {
    threads[vcpu]?.do(step, at);
    threads.forEach(({ functions }, each) => {
      const frames = stack(each).map((frame) => frame.function);
      const wanted = addresses(functions).map((address, i) => address ?? frames[i]);
      expect(frames, `vCPU ${each} after step ${at}`).toEqual(wanted);
      expect([...told(each)].reverse(), `what vCPU ${each}'s listeners were told`).toEqual(wanted);
    });
  });
}

describe("callstack", () => {
  it("has the functions that threads are in, whatever they do to their stacks", async () => {
    await fc.assert(fc.asyncProperty(steps, check));
  });
});
