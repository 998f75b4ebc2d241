import { Buffer } from "node:buffer";
import { RV64GC } from "../../../packages/emulator/src/isa/riscv/extensions.js";
import { type Clock, createVirtualClock } from "../../../packages/emulator/src/linux/clock.js";
import type { Context } from "../../../packages/emulator/src/linux/context.js";
import { errnoName } from "../../../packages/emulator/src/linux/errno.js";
import type { Execution, Vcpu } from "../../../packages/emulator/src/linux/execution.js";
import {
  createKernel,
  type FirstProgram,
  type Kernel,
  type KernelOptions,
} from "../../../packages/emulator/src/linux/kernel.js";
import { createRandom } from "../../../packages/emulator/src/linux/random.js";
import type { Registers } from "../../../packages/emulator/src/linux/registers.js";
import { deliverSignals } from "../../../packages/emulator/src/linux/signals/deliver.js";
import type { Stdio } from "../../../packages/emulator/src/linux/stdio.js";
import { SYSCALLS } from "../../../packages/emulator/src/linux/table.js";
import { createGuestMemory, type GuestMemory } from "../../../packages/emulator/src/memory/guest-memory.js";
import { PC, X_REGISTERS } from "../../../packages/emulator/src/memory/layout.js";
import { buildElf } from "../elf/build-elf.js";

/** A process without a processor: tests put arguments into its registers and ask for system calls. */
export interface TestGuest {
  readonly memory: GuestMemory;
  readonly kernel: Kernel;
  /** Its first thread. */
  readonly task: Context;
  /** The first value of sp. */
  readonly stackPointer: number;
  readonly clock: Clock;
  /** What the process told its user. */
  readonly reports: readonly string[];
  /** What it wrote to standard output and error. */
  readonly output: () => string;
  /** Address of a page that the test may use as it likes. */
  readonly scratch: number;
  /** Carries out a system call; strings are put into the scratch page first, and their address is given. */
  call(name: string, ...args: readonly (number | bigint | string)[]): number;
  /** As `call`; gives the name of the error, or the result in decimal. */
  errorOf(name: string, ...args: readonly (number | bigint | string)[]): string;
  text(address: number, length: number): string;
}

export interface TestGuestOptions
  extends Partial<Omit<KernelOptions, "execution" | "stdio">>,
    Partial<FirstProgram> {
  readonly input?: string;
  readonly stdout?: Stdio;
  readonly limit?: number;
}

/** One memory serves all tests of a file: it is 4 GiB of address space. */
let shared: GuestMemory | undefined;

/** The shared memory, empty again. */
export function emptyMemory(): GuestMemory {
  shared ??= createGuestMemory();
  shared.onCodeWrite = () => {};
  shared.onMappingChange = () => {};
  for (const { start, end } of [...shared.mappings]) shared.unmap(start, end - start);
  return shared;
}

/** One vCPU, and no others. */
function createExecution(vcpu: Vcpu): Execution {
  return {
    first: () => vcpu,
    clone: () => undefined,
    renew: () => {},
    remove: () => {},
  };
}

export function createTestGuest(options: TestGuestOptions = {}): TestGuest {
  const memory = options.limit === undefined ? emptyMemory() : createGuestMemory({ limit: options.limit });
  const reports: string[] = [];
  const written: Uint8Array[] = [];
  let input = Buffer.from(options.input ?? "");
  const stream: Stdio = options.stdout ?? {
    read(into) {
      const count = input.copy(into);
      input = input.subarray(count);
      return count;
    },
    write: (bytes) => {
      written.push(bytes.slice());
    },
  };
  const { input: _, stdout: __, limit: ___, ...given } = options;
  const clock = createVirtualClock(() => 1000);
  const registers: Registers = {
    u32: new Uint32Array(memory.wasm.buffer, X_REGISTERS, 64),
    i32: new Int32Array(memory.wasm.buffer, X_REGISTERS, 64),
  };
  const kernel = createKernel({
    files: { cwd: "/", allowRead: [], allowWrite: [] },
    clock,
    random: createRandom(1),
    extensions: RV64GC,
    report: (message) => reports.push(message),
    ...given,
    execution: createExecution({
      index: 0,
      memory,
      registers,
      state: memory.view,
      get pc() {
        return Number(memory.view.getBigUint64(PC, true));
      },
      set pc(pc) {
        memory.view.setBigUint64(PC, BigInt(pc), true);
      },
    }),
    stdio: [stream, stream, stream],
  });
  const task = kernel.start({
    path: "/guest/program",
    image: buildElf(),
    args: ["program"],
    env: {},
    ...given,
  });
  const setRegister = (register: number, value: bigint): void => {
    registers.u32[2 * register] = Number(value & 0xffff_ffffn);
    registers.u32[2 * register + 1] = Number((value >> 32n) & 0xffff_ffffn);
  };
  const scratch = 0x6000_0000;
  memory.map(scratch, 0x1_0000, 3);

  function call(name: string, ...args: readonly (number | bigint | string)[]): number {
    const number = SYSCALLS.find((row) => row.name === name)?.number;
    if (number === undefined) throw new Error(`no such system call: ${name}`);
    let strings = scratch + 0x8000;
    setRegister(17, BigInt(number));
    for (let index = 0; index < 6; index += 1) {
      const value = args[index] ?? 0;
      if (typeof value === "string") {
        const bytes = Buffer.from(`${value}\0`);
        memory.poke(strings, bytes);
        setRegister(10 + index, BigInt(strings));
        strings += bytes.length;
      } else {
        setRegister(10 + index, BigInt(value));
      }
    }
    let { kind, value } = kernel.syscall(task);
    const host = {
      delivered: () => {},
      callEnded(result: number) {
        kind = "return";
        value = result;
      },
    };
    while (kind === "wait" && !task.ended) {
      if (!task.interrupted && kernel.scheduler.next() === undefined) kernel.deadlock();
      ({ kind, value } = kernel.retry(task));
      if (kind === "wait") deliverSignals(task, host);
    }
    deliverSignals(task, host);
    return value;
  }

  return {
    memory,
    kernel,
    task,
    stackPointer: registers.u32[2 * 2] ?? 0,
    clock,
    reports,
    scratch,
    call,
    errorOf(name, ...args) {
      const value = call(name, ...args);
      return value < 0 ? (errnoName(-value) ?? String(value)) : String(value);
    },
    output: () => Buffer.concat(written).toString(),
    text: (address, length) => Buffer.from(memory.peek(address, length) ?? []).toString(),
  };
}

export const AT_FDCWD = -100;
