import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Errno } from "../../../../packages/emulator/src/linux/errno.js";
import type { Vcpu } from "../../../../packages/emulator/src/linux/execution.js";
import { ActionFlag } from "../../../../packages/emulator/src/linux/signals/actions.js";
import {
  changeStack,
  encodeStack,
  isOnStack,
  NO_STACK,
} from "../../../../packages/emulator/src/linux/signals/alternate-stack.js";
import {
  Frame,
  type FrameParts,
  popFrame,
  pushFrame,
} from "../../../../packages/emulator/src/linux/signals/frame.js";
import { faultInfo } from "../../../../packages/emulator/src/linux/signals/info.js";
import { signalSet } from "../../../../packages/emulator/src/linux/signals/set.js";
import {
  F_REGISTERS,
  FCSR,
  PC,
  VCPU_STATE_END,
  X_REGISTERS,
} from "../../../../packages/emulator/src/memory/layout.js";
import { emptyMemory } from "../test-guest.js";

const STACK = 0x5000_0000;
const TOP = STACK + 0x4000;
const memory = emptyMemory();
memory.map(STACK, 0x4000, 3);

function createVcpu(): Vcpu {
  const buffer = new ArrayBuffer(VCPU_STATE_END);
  const state = new DataView(buffer);
  return {
    index: 0,
    memory,
    state,
    registers: {
      u32: new Uint32Array(buffer, X_REGISTERS, 64),
      i32: new Int32Array(buffer, X_REGISTERS, 64),
    },
    get pc() {
      return Number(state.getBigUint64(PC, true));
    },
    set pc(pc) {
      state.setBigUint64(PC, BigInt(pc), true);
    },
  };
}

const x = (vcpu: Vcpu, register: number): bigint => vcpu.state.getBigUint64(X_REGISTERS + 8 * register, true);
const setX = (vcpu: Vcpu, register: number, value: bigint): void =>
  vcpu.state.setBigUint64(X_REGISTERS + 8 * register, value, true);

const parts: FrameParts = {
  info: faultInfo(11, 2, 0x1234n),
  signal: 11,
  action: { handler: 0x1_2345n, flags: ActionFlag.SIGINFO, mask: signalSet() },
  mask: signalSet(3, 64),
  stack: NO_STACK,
  trampoline: 0x7000,
};

describe("the frame of a handler", () => {
  test("gives all registers back, whatever they are, and whatever the handler does to them", () => {
    const word = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
    const words = fc.array(word, { minLength: 31, maxLength: 31 });
    const floats = fc.array(word, { minLength: 32, maxLength: 32 });
    const sp = fc.integer({ min: STACK + 0x1000, max: TOP });
    fc.assert(
      fc.property(
        words,
        floats,
        sp,
        fc.integer({ min: 0, max: 255 }),
        fc.nat(),
        (integers, doubles, at, fcsr, pc) => {
          const vcpu = createVcpu();
          for (const [index, value] of integers.entries()) setX(vcpu, index + 1, value);
          setX(vcpu, 2, BigInt(at));
          for (const [index, value] of doubles.entries()) {
            vcpu.state.setBigUint64(F_REGISTERS + 8 * index, value, true);
          }
          vcpu.state.setUint32(FCSR, fcsr, true);
          vcpu.pc = pc * 2;
          const before = new Uint8Array(vcpu.state.buffer).slice();
          expect(pushFrame(vcpu, parts)).toBe(true);
          const frame = Number(x(vcpu, 2));
          expect([vcpu.pc, x(vcpu, 1), x(vcpu, 10), x(vcpu, 11), x(vcpu, 12)]).toEqual([
            0x1_2344,
            0x7000n,
            11n,
            BigInt(frame),
            BigInt(frame + 128),
          ]);
          expect(frame % 16).toBe(0);
          expect(frame + Frame.SIZE).toBeLessThanOrEqual(at);
          new Uint8Array(vcpu.state.buffer, F_REGISTERS, 256).fill(0x55);
          for (let register = 3; register < 32; register += 1) setX(vcpu, register, 7n);
          expect(popFrame(vcpu)).toMatchObject({ mask: signalSet(3, 64) });
          // The reservation is given up, on either way.
          const after = new Uint8Array(vcpu.state.buffer);
          const reservation = after.slice(0x410, 0x418);
          after.set(before.subarray(0x410, 0x418), 0x410);
          expect(reservation.every((byte) => byte === 0xff)).toBe(true);
          expect(after).toEqual(before);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("goes to the alternate stack's top, or on where that is in use", () => {
    const vcpu = createVcpu();
    const stack = { start: STACK, size: 0x3000, autodisarm: false };
    const on: FrameParts = { ...parts, stack, action: { ...parts.action, flags: ActionFlag.ONSTACK } };
    setX(vcpu, 2, BigInt(TOP));
    expect(pushFrame(vcpu, on)).toBe(true);
    const first = Number(x(vcpu, 2));
    expect(first).toBe(STACK + 0x3000 - Frame.SIZE);
    expect(new DataView(memory.u8.buffer).getUint32(first + Frame.STACK + 8, true)).toBe(0);
    expect(pushFrame(vcpu, on)).toBe(true);
    expect(Number(x(vcpu, 2))).toBe(first - Frame.SIZE);
    expect(memory.view.getUint32(first - Frame.SIZE + Frame.STACK + 8, true)).toBe(1);
    setX(vcpu, 2, BigInt(STACK + 0x100));
    expect(pushFrame(vcpu, on)).toBe(false);
  });

  test("is refused where nothing can be written, with all registers as they were", () => {
    const vcpu = createVcpu();
    for (const sp of [0n, 64n, BigInt(STACK), BigInt(STACK + 100), 0xffff_ffff_ffff_fff0n]) {
      setX(vcpu, 2, sp);
      const before = new Uint8Array(vcpu.state.buffer).slice();
      expect(pushFrame(vcpu, parts)).toBe(false);
      expect(new Uint8Array(vcpu.state.buffer)).toEqual(before);
    }
    setX(vcpu, 2, BigInt(TOP - Frame.SIZE + 1));
    expect(popFrame(vcpu)).toBeUndefined();
  });

  test("is no frame with something in its reserved part; cannot block SIGKILL", () => {
    const vcpu = createVcpu();
    setX(vcpu, 2, BigInt(TOP));
    pushFrame(vcpu, parts);
    const frame = Number(x(vcpu, 2));
    memory.view.setUint32(frame + Frame.RESERVED + 8, 1, true);
    expect(popFrame(vcpu)).toBeUndefined();
    memory.view.setUint32(frame + Frame.RESERVED + 8, 0, true);
    memory.view.setBigUint64(frame + Frame.MASK, 0xffff_ffff_ffff_ffffn, true);
    expect(popFrame(vcpu)?.mask).toEqual(Uint32Array.of(0xfffb_feff, 0xffff_ffff));
  });
});

describe("alternate stacks", () => {
  const bytes = (start: number, flags: number, size: number): Uint8Array => {
    const view = new DataView(new ArrayBuffer(24));
    view.setBigUint64(0, BigInt(start), true);
    view.setUint32(8, flags, true);
    view.setBigUint64(16, BigInt(size), true);
    return new Uint8Array(view.buffer);
  };
  const stack = { start: 0x1000, size: 0x1000, autodisarm: false };

  test("end where they end", () => {
    expect([0x1000, 0x1001, 0x2000, 0x2001].map((sp) => isOnStack(stack, sp))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isOnStack({ ...stack, autodisarm: true }, 0x1800)).toBe(false);
    expect(isOnStack(NO_STACK, 0)).toBe(false);
  });

  test("are refused on the stack, too small, or with unknown flags", () => {
    expect(changeStack(stack, bytes(0x5000, 0, 0x1000), 0x1800)).toBe(-Errno.EPERM);
    expect(changeStack(stack, bytes(0x5000, 4, 0x1000), 0)).toBe(-Errno.EINVAL);
    expect(changeStack(stack, bytes(0x5000, 0, 2047), 0)).toBe(-Errno.ENOMEM);
    expect(changeStack(stack, bytes(0x5000, 2, 0), 0)).toEqual(NO_STACK);
    expect(changeStack(stack, bytes(0x5000, 0x8000_0000, 2048), 0)).toEqual({
      start: 0x5000,
      size: 2048,
      autodisarm: true,
    });
  });

  test("tell of themselves", () => {
    const flags = (told: Uint8Array): number => new DataView(told.buffer).getUint32(8, true);
    expect(flags(encodeStack(NO_STACK, 0))).toBe(2);
    expect(flags(encodeStack(stack, 0))).toBe(0);
    expect(flags(encodeStack(stack, 0x1800))).toBe(1);
    expect(flags(encodeStack({ ...stack, autodisarm: true }, 0x1800))).toBe(0x8000_0000);
  });
});
