import type { Cpu } from "../contract/cpu.js";
import type { Vcpu } from "../linux/execution.js";
import type { Registers } from "../linux/registers.js";
import { PC, RESERVATION_ADDRESS, VCPU_STATE, VCPU_STATE_END, X_REGISTERS } from "../memory/layout.js";
import type { Space } from "./space.js";

/** A vCPU with its place in the machine: its state is in the memory of its address space while it runs, else kept here. */
export interface Thread extends Vcpu {
  readonly cpu: Cpu;
  /** Whether plugins see what it does. */
  readonly seen: boolean;
  space: Space;
  /** Whether its state is in the memory. */
  readonly running: boolean;
  /** Instructions that it had executed when it last stopped running. */
  executed: number;
  /** Puts its state into the memory. */
  load(): void;
  /** Takes it out. */
  save(): void;
}

const TWO_32 = 0x1_0000_0000;

/** Makes a vCPU whose registers are 0; `cpu` is how plugins see it, if it is `seen`. */
export function createThread(
  index: number,
  first: Space,
  seen: boolean,
  cpuOf: (thread: Thread) => Cpu,
): Thread {
  const saved = new ArrayBuffer(VCPU_STATE_END);
  const savedView = new DataView(saved);
  const savedBytes = new Uint8Array(saved, VCPU_STATE);
  const savedRegisters: Registers = {
    u32: new Uint32Array(saved, X_REGISTERS, 64),
    i32: new Int32Array(saved, X_REGISTERS, 64),
  };
  let running = false;

  const thread: Thread = {
    index,
    seen,
    space: first,
    executed: 0,
    get cpu() {
      return cpu;
    },
    get memory() {
      return thread.space.memory;
    },
    get running() {
      return running;
    },
    get registers() {
      return running ? thread.space.registers : savedRegisters;
    },
    get state() {
      return running ? thread.space.memory.view : savedView;
    },
    get pc() {
      return thread.state.getUint32(PC, true) + thread.state.getUint32(PC + 4, true) * TWO_32;
    },
    set pc(pc) {
      thread.state.setUint32(PC, pc % TWO_32, true);
      thread.state.setUint32(PC + 4, Math.floor(pc / TWO_32), true);
    },
    load() {
      const { memory } = thread.space;
      memory.u8.set(savedBytes, VCPU_STATE);
      // Others may have stored meanwhile: a store-conditional fails.
      memory.view.setBigInt64(RESERVATION_ADDRESS, -1n, true);
      running = true;
    },
    save() {
      savedBytes.set(thread.space.memory.u8.subarray(VCPU_STATE, VCPU_STATE_END));
      running = false;
    },
  };
  const cpu = cpuOf(thread);
  return thread;
}
