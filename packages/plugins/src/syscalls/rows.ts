import type { Callback, OutputTable } from "@qpp/core";
import { type ArgumentKind, syscallSignature } from "@qpp/emulator/syscalls";
import type { DecodedArgument, DecodedSyscall } from "./contract.js";

/** The columns of the table `syscalls`: a row for each call, in the order in which calls come back; those that do not, last. */
export const COLUMNS = {
  call: ["integer", "Number of the call, from 0 in the order of entry"],
  pid: ["integer", "The process that made it"],
  vcpu: ["integer", "Index of the vCPU, which is the thread, that made it"],
  pc: ["address", "Address of the ecall"],
  number: ["integer", "Number of the system call"],
  name: ["text", "Its name in the kernel's table for riscv64"],
  arguments: ["text", "Its arguments as strace shows them, with commas between"],
  fd: ["integer", "The first argument that is a file descriptor; null if none is"],
  path: ["text", "The first argument that is a path; null if none is"],
  result: ["integer", "What it returned, minus an errno for a failure; null if it did not return"],
  error: ["text", "Name of the errno, such as ENOENT; null if it did not fail"],
  entered_ns: ["integer", "Nanoseconds of the guest's clock when it was entered"],
  returned_ns: ["integer", "Those when it returned; null if it did not"],
  insns: ["integer", "Instructions executed by all processes when it was entered"],
} as const;

/** What is known of a call when it is entered. */
interface Entry {
  readonly call: number;
  readonly pid: number;
  readonly decoded: DecodedSyscall;
  readonly entered_ns: number;
  readonly insns: number;
}

/** Where and when it is. */
interface World {
  pid(): number;
  nanoseconds(): number;
  executed(): number;
}

/** Adds a row to the table for each call. @returns a function that adds those that have not come back */
export function recordCalls(
  table: OutputTable<typeof COLUMNS>,
  entered: Callback<[call: DecodedSyscall]>,
  returned: Callback<[call: DecodedSyscall, result: number, error: string | undefined]>,
  world: World,
): () => void {
  let calls = 0;
  /** By vCPU: the call it is in. */
  const pending = new Map<number, Entry>();
  const leave = (vcpu: number, result?: number, error?: string): void => {
    const entry = pending.get(vcpu);
    if (entry === undefined) return;
    pending.delete(vcpu);
    const { call, pid, decoded, entered_ns, insns } = entry;
    const { pc, number, name, args } = decoded;
    table.add({
      call,
      pid,
      vcpu,
      pc,
      number,
      name,
      arguments: args.map(({ text }) => text).join(", "),
      fd: firstOf("fd", decoded)?.value,
      path: firstOf("path", decoded)?.string,
      result,
      error,
      entered_ns,
      returned_ns: result === undefined ? undefined : world.nanoseconds(),
      insns,
    });
  };
  entered.register((decoded) => {
    // A vCPU of a thread that ended in its last call is given to another one.
    leave(decoded.vcpu);
    pending.set(decoded.vcpu, {
      call: calls++,
      pid: world.pid(),
      decoded,
      entered_ns: world.nanoseconds(),
      insns: world.executed(),
    });
  });
  returned.register(({ vcpu }, result, error) => leave(vcpu, result, error));
  return () => {
    for (const vcpu of [...pending.keys()]) leave(vcpu);
  };
}

function firstOf(kind: ArgumentKind, { number, args }: DecodedSyscall): DecodedArgument | undefined {
  const at = syscallSignature(number)?.arguments.findIndex((each) => each.kind === kind) ?? -1;
  return args[at];
}
