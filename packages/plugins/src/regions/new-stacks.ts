import type { Imports } from "@qpp/core";
import type { machine } from "@qpp/emulator/contract";

/** Offset of `stack` in `struct clone_args` (clone(2)); `stack_size` follows. */
const STACK = 40;

/**
 * Gives where the stack begins of the thread that the present system call makes; undefined for one that goes on with its parent's,
 * and for the first one of a program.
 */
export function watchNewStacks({ syscalls, memory }: Imports<typeof machine>): () => number | undefined {
  let stack: number | undefined;
  const plain = syscalls.where(({ name }) => name === "clone");
  plain.entered.register(({ args: [, top = 0] }) => {
    stack = top === 0 ? undefined : top;
  });
  const extended = syscalls.where(({ name }) => name === "clone3");
  extended.entered.register(({ args: [at = 0] }) => {
    const bytes = memory.read(at + STACK, 16);
    const words = bytes && new DataView(bytes.buffer, bytes.byteOffset);
    const top = words && Number(words.getBigUint64(0, true) + words.getBigUint64(8, true));
    stack = top === 0 ? undefined : top;
  });
  for (const call of [plain, extended]) {
    call.returned.register(() => {
      stack = undefined;
    });
  }
  return () => stack;
}
