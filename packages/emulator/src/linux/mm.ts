import type { Program } from "./load.js";

/** What threads share that share an address space (Linux: `mm_struct`); its memory is that of their vCPUs. */
export interface Mm {
  readonly program: Program;
  /** The stack pointer that the program was started with: arguments and environment are there. */
  readonly stackPointer: number;
  /** The heap between its start and the program break (brk(2)). */
  readonly heap: { readonly start: number; end: number };
  /** Threads that use it. */
  users: number;
}

/** What a program has that was just loaded. */
export function createMm(program: Program, stackPointer: number): Mm {
  return { program, stackPointer, heap: { start: program.breakStart, end: program.breakStart }, users: 1 };
}

/** What the copy of an address space has (fork(2)). */
export function copyMm({ program, stackPointer, heap }: Mm): Mm {
  return { program, stackPointer, heap: { ...heap }, users: 1 };
}
