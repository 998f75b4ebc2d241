import type { Cpu } from "../contract/cpu.js";
import type { Running } from "../instrument/listening.js";
import { createCpu } from "../machine/cpu.js";
import { RESERVATION_ADDRESS, X_REGISTERS } from "../memory/layout.js";
import type { FakeCells } from "./cells.js";

/** A vCPU of a fake machine. */
export interface FakeVcpu {
  readonly cpu: Cpu;
  /** Its registers, as a system call finds them: pairs of low and high words. */
  readonly words: Uint32Array;
  /** Where it is, and how many instructions it has executed before the present one. */
  readonly at: { pc: number; executed: number };
  /** Instructions that it has begun. */
  begun: number;
  alive: boolean;
}

/** The vCPUs of a fake machine, made when they are first heard of. */
export interface FakeVcpus {
  /** The one that events happen on. */
  current: number;
  get(index: number): FakeVcpu;
  readonly all: readonly FakeVcpu[];
}

/** @param started called when a vCPU is first heard of */
export function createFakeVcpus(
  cells: FakeCells,
  running: Running,
  started: (vcpu: FakeVcpu) => void,
): FakeVcpus {
  const all: FakeVcpu[] = [];
  const vcpus: FakeVcpus = {
    current: 0,
    all,
    get(index) {
      for (let next = all.length; next <= index; next++) {
        const view = new DataView(new ArrayBuffer(RESERVATION_ADDRESS));
        const at = { pc: 0, executed: 0 };
        const vcpu: FakeVcpu = {
          cpu: createCpu(
            {
              index: next,
              state: view,
              get pc() {
                return at.pc;
              },
            },
            () => at.executed,
            () => running,
          ),
          words: new Uint32Array(view.buffer, X_REGISTERS, 64),
          at,
          begun: 0,
          alive: true,
        };
        all.push(vcpu);
        cells.vcpus = all.length;
        vcpus.current = next;
        started(vcpu);
      }
      vcpus.current = index;
      const vcpu = all[index];
      if (vcpu === undefined) throw new RangeError(`vCPUs are counted from 0; got ${index}`);
      return vcpu;
    },
  };
  return vcpus;
}
