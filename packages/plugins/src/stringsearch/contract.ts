import { callback, contract, fn } from "@qpp/core";
import type { Cpu } from "@qpp/emulator/contract";

/** A string that went by. */
export interface StringMatch {
  /** The bytes that were looked for. */
  readonly bytes: Uint8Array;
  /** Address of the instruction that accessed the last of them. */
  readonly pc: number;
  /** Where the function was called from that it is in; 0 if nothing called it. */
  readonly caller: number;
  /** Guest address of the last byte. */
  readonly address: number;
  /** Whether they were stored, not loaded. */
  readonly isStore: boolean;
}

/** What `stringsearch` offers: strings in what the guest loads and stores. */
export const stringsearch = contract("stringsearch", {
  callbacks: {
    /** A string is complete: told after the access, with registers and the call stack as they are then. */
    onMatch: callback<[cpu: Cpu, match: StringMatch]>(),
  },
  functions: {
    /** Looks for another string from now on; a text is UTF-8. Throws a RangeError for an empty one. */
    search: fn<(string: string | Uint8Array) => void>(),
  },
});
