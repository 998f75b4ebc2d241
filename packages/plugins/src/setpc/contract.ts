import { callback, contract, fn } from "@qpp/core";
import type { Cpu } from "@qpp/emulator/contract";

/** From which event the pc was set. */
export type JumpSource = "syscalls" | "instructions" | "loads";

/** What `setpc` offers to others. */
export const setpc = contract("setpc", {
  callbacks: {
    /** The pc is about to be set: execution goes on at `pc`. */
    onJump: callback<[cpu: Cpu, pc: number, from: JumpSource]>(),
  },
  functions: {
    /** How often the pc was set, by the event that it was set from. */
    jumps: fn<() => Readonly<Record<JumpSource, number>>>(),
  },
});
