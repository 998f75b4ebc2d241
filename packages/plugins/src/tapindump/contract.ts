import { callback, contract } from "@qpp/core";

/** An instruction whose accesses are taken down, in a function that was called from one place. */
export interface TapPoint {
  /** Address of the instruction. */
  readonly pc: number;
  /** Address of the instruction that called the function it is in; undefined for any. */
  readonly caller: number | undefined;
  readonly isStore: boolean;
}

/** What `tapindump` offers: the bytes that go through tap points. */
export const tapindump = contract("tapindump", {
  callbacks: {
    /** Bytes went through; the array is used again: copy what you keep. */
    onBytes: callback<[point: TapPoint, bytes: Uint8Array]>(),
  },
});
