import {
  type CallbackSpec,
  type Contract,
  callback,
  contract,
  type FunctionSpec,
  fn,
  type ValueSpec,
  value,
} from "@qpp/core";
import type { BlockEvents, InstructionEvents } from "./contract/blocks.js";
import type {
  Clock,
  Discontinuity,
  GuestExit,
  GuestProcess,
  ProcessExit,
  Program,
  VcpuEvents,
} from "./contract/life.js";
import type { Mapping } from "./contract/mapping.js";
import type { MemoryEvents } from "./contract/memory.js";
import type { Scoreboards } from "./contract/scoreboard.js";
import type { SyscallEvents } from "./contract/syscalls.js";
import type { Traces } from "./contract/traces.js";

/** What the machine tells everybody. */
export type MachineCallbacks = {
  /** Once, when the guest has ended; all results can still be read (QEMU: `register_atexit_cb`). */
  readonly exited: CallbackSpec<[code: number, exit: GuestExit]>;
  /** Translated code was thrown away; nothing runs meanwhile (QEMU: `register_flush_cb`). */
  readonly flushed: CallbackSpec<[]>;
  /** Interrupts, exceptions and host calls, after the vCPU was prepared (QEMU: `register_vcpu_discon_cb`). */
  readonly discontinuities: CallbackSpec<[discontinuity: Discontinuity]>;
  /**
   * Another process runs than before; or the running one has another name, or executes another program. What is recorded of the
   * one before has been handed over.
   */
  readonly processChanged: CallbackSpec<[now: GuestProcess, before: GuestProcess]>;
  /** A process has ended, with its last thread (PANDA: `on_process_end`). */
  readonly processEnded: CallbackSpec<[process: GuestProcess, exit: ProcessExit]>;
  /**
   * The running process has mapped pages, or changed their protection: these pages, and nothing else. Told after the system
   * call, before the next instruction; what is recorded so far has been handed over. What a program begins with, or a forked
   * process, is not told: ask `mappings()` when `processChanged` is told (DynamoRIO: `dr_register_module_load_event`).
   */
  readonly mapped: CallbackSpec<[process: GuestProcess, mapping: Mapping]>;
  /** The running process has no pages any more from `start` to before `end`; told before `mapped` of the same call. */
  readonly unmapped: CallbackSpec<[process: GuestProcess, start: number, end: number]>;
};

/** What can be asked of the machine. */
export type MachineFunctions = {
  /** The process whose code the vCPU runs. */
  readonly process: FunctionSpec<() => GuestProcess>;
  /**
   * What is mapped in the running process, by address: the same array for as long as nothing changes. Pages of one kind are
   * one mapping, whatever calls they come from.
   */
  readonly mappings: FunctionSpec<() => readonly Mapping[]>;
  /** Instructions executed so far by all vCPUs: exact in callbacks. */
  readonly executed: FunctionSpec<() => number>;
  /** Ends the guest at the next block, as if by `exit_group(code)`; `reason` is told in {@link GuestExit.stopped}. */
  readonly stop: FunctionSpec<(code: number, reason: string) => void>;
  /** Throws all translated code away at the next block, so that every block is translated anew. */
  readonly flush: FunctionSpec<() => void>;
};

/** What the machine offers with an interface of its own; each consumer's belongs to it. */
export type MachineValues = {
  /** Translation blocks: what is translated, and what is executed. */
  readonly blocks: ValueSpec<BlockEvents>;
  /** Instructions, one by one. */
  readonly instructions: ValueSpec<InstructionEvents>;
  /** Loads and stores that have succeeded. */
  readonly memory: ValueSpec<MemoryEvents>;
  /** Blocks, instructions and accesses in one batch, in their order. */
  readonly traces: ValueSpec<Traces>;
  /** System calls, on entry and return. */
  readonly syscalls: ValueSpec<SyscallEvents>;
  /** vCPUs, and the stations of their lives. */
  readonly vcpus: ValueSpec<VcpuEvents>;
  /** The program that the guest was started with. */
  readonly program: ValueSpec<Program>;
  /** The guest's clock; one plugin may take control of it. */
  readonly clock: ValueSpec<Clock>;
  /** Storage for each vCPU, which translated code can count in. */
  readonly scoreboards: ValueSpec<Scoreboards>;
};

/**
 * The machine, as plugins see it. It can be imported without an emulator, so a fake can stand in for it.
 *
 * ```ts
 * export default plugin("calls", {
 *   requires: { machine },
 *   install({ machine, report }) {
 *     const calls = machine.instructions.where((i) => i.isCall).executed.count();
 *     report(() => ({ calls: calls.value }));
 *   },
 * });
 * ```
 */
export const machine: Contract<"machine", MachineCallbacks, MachineFunctions, MachineValues> = contract(
  "machine",
  {
    callbacks: {
      exited: callback(),
      flushed: callback(),
      discontinuities: callback(),
      processChanged: callback(),
      processEnded: callback(),
      mapped: callback(),
      unmapped: callback(),
    },
    functions: { process: fn(), mappings: fn(), executed: fn(), stop: fn(), flush: fn() },
    values: {
      blocks: value(),
      instructions: value(),
      memory: value(),
      traces: value(),
      syscalls: value(),
      vcpus: value(),
      program: value(),
      clock: value(),
      scoreboards: value(),
    },
  },
);

export type * from "./contract/blocks.js";
export type * from "./contract/cpu.js";
export * from "./contract/errors.js";
export type * from "./contract/instruction.js";
export type * from "./contract/lanes.js";
export type * from "./contract/life.js";
export type * from "./contract/mapping.js";
export * from "./contract/memory.js";
export type * from "./contract/scoreboard.js";
export type * from "./contract/syscalls.js";
export type * from "./contract/traces.js";
