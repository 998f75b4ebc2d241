import { type Contract, callback, contract, fn, value } from "@qpp/core";
import type { BlockEvents, InstructionEvents } from "./contract/blocks.js";
import type { Clock, Discontinuity, GuestExit, GuestProcess, Program, VcpuEvents } from "./contract/life.js";
import type { MemoryEvents } from "./contract/memory.js";
import type { Scoreboard } from "./contract/scoreboard.js";
import type { SyscallEvents } from "./contract/syscalls.js";

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
export const machine = contract("machine", {
  callbacks: {
    /** Once, when the guest has ended; all results can still be read (QEMU: `register_atexit_cb`). */
    exited: callback<[code: number, exit: GuestExit]>(),
    /** Translated code was thrown away; nothing runs meanwhile (QEMU: `register_flush_cb`). */
    flushed: callback<[]>(),
    /** Interrupts, exceptions and host calls, after the vCPU was prepared (QEMU: `register_vcpu_discon_cb`). */
    discontinuities: callback<[discontinuity: Discontinuity]>(),
  },
  functions: {
    /** Makes per-vCPU storage of `size` u64 entries (QEMU: `scoreboard_new`). @throws MachineMemoryError */
    createScoreboard: fn<(size: number) => Scoreboard>(),
    /** The process whose code the vCPU runs. */
    process: fn<() => GuestProcess>(),
    /** Instructions executed so far by all vCPUs: exact in callbacks. */
    executed: fn<() => number>(),
    /** Ends the guest at the next block, as if by `exit_group(code)`. */
    stop: fn<(code: number, reason: string) => void>(),
    /** Throws all translated code away at the next block, so that every block is translated anew. */
    flush: fn<() => void>(),
  },
  values: {
    blocks: value<BlockEvents>(),
    instructions: value<InstructionEvents>(),
    memory: value<MemoryEvents>(),
    syscalls: value<SyscallEvents>(),
    vcpus: value<VcpuEvents>(),
    program: value<Program>(),
    clock: value<Clock>(),
  },
});

export type * from "./contract/blocks.js";
export type * from "./contract/cpu.js";
export * from "./contract/errors.js";
export type * from "./contract/instruction.js";
export type * from "./contract/lanes.js";
export type * from "./contract/life.js";
export * from "./contract/memory.js";
export type * from "./contract/scoreboard.js";
export type * from "./contract/syscalls.js";
