import type { Imports } from "@qpp/core";
import type { Cpu, machine, SyscallEntry } from "@qpp/emulator/contract";

/** Offset of `stack` in `struct clone_args` (clone(2)). */
const STACK = 40;

/** A vCPU that makes another one. */
export interface Clone {
  readonly parent: Cpu;
  /** Whether the new one goes on on the same stack, or a copy of it: fork(2), vfork(2). */
  readonly sameStack: boolean;
}

/** Gives the system call that makes new vCPUs at present; those that begin without one are the first of their machine. */
export function watchClones({ syscalls, memory }: Imports<typeof machine>): () => Clone | undefined {
  let clone: Clone | undefined;
  const begins = (call: SyscallEntry, stack: number): void => {
    clone = { parent: call.cpu, sameStack: stack === 0 };
  };
  const end = (): void => {
    clone = undefined;
  };
  const plain = syscalls.where(({ name }) => name === "clone");
  plain.entered.register((call) => begins(call, call.args[1] ?? 0));
  plain.returned.register(end);
  const extended = syscalls.where(({ name }) => name === "clone3");
  extended.entered.register((call) => begins(call, readWord(memory, (call.args[0] ?? 0) + STACK) ?? 0));
  extended.returned.register(end);
  return () => clone;
}

/** Reads a word of 64 bits, the lower 53 of them exactly; undefined if it cannot be read. */
export function readWord(memory: Imports<typeof machine>["memory"], address: number): number | undefined {
  const bytes = memory.read(address, 8);
  return bytes && Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
}
