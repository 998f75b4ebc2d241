import type { Imports } from "@qpp/core";
import type { Instruction, machine as machineContract } from "@qpp/emulator/contract";
import type { Filter } from "./selection.js";

/** What is the same in all lines of an instruction, as QEMU's plugin writes it: address, opcode, disassembly. */
export const factsOf = ({ pc, data, text }: Instruction): string =>
  `0x${pc.toString(16)}, 0x${data.toString(16)}, "${text}"`;

/** Takes whole lines, with their ends; bytes may be changed once they have been taken. */
export type TakeLines = (lines: string | Uint8Array) => void;

/** A log in the making. */
export interface Log {
  /** Instructions and accesses logged so far. */
  readonly instructions: number;
  readonly accesses: number;
  /** Logs from now on what is chosen. */
  watch(machine: Imports<typeof machineContract>, filter: Filter): void;
  /** Hands over what is left. Nothing more comes. */
  end(): void;
}
