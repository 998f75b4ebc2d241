import { callback, contract } from "@qpp/core";

/** One argument of a system call. */
export interface DecodedArgument {
  /** As in the manual page. */
  readonly name: string;
  /** What is in the register; a descriptor, an `int` or an `offset` with its sign. Exact below 2^53. */
  readonly value: number;
  /** For a path or another string, what it points to; undefined if that is not a readable string. */
  readonly string: string | undefined;
  /** As `strace` would show it: `3`, `"/etc/passwd"`, `0x7ffe1000`, `AT_FDCWD`. */
  readonly text: string;
}

/** One system call, yours to keep. */
export interface DecodedSyscall {
  /** Index of the vCPU that makes it. */
  readonly vcpu: number;
  /** Address of the `ecall`. */
  readonly pc: number;
  readonly number: number;
  /** Name in the kernel's table, or `syscall_<number>`. */
  readonly name: string;
  /** Those that the call takes; all six registers for a call that is not in the table. Decoded at its entry. */
  readonly args: readonly DecodedArgument[];
}

/** What `syscalls` offers: system calls with names and arguments, decoded. */
export const syscalls = contract("syscalls", {
  callbacks: {
    /** A call is about to be made. */
    entered: callback<[call: DecodedSyscall]>(),
    /** The call came back: a value, or minus an errno, whose name is `error`. Calls that do not return have an entry only. */
    returned: callback<[call: DecodedSyscall, result: number, error: string | undefined]>(),
  },
});
